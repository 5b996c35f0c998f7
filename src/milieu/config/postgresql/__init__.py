"""Django's PostgreSQL, which looks whether the server hung up instead of asking it each time."""
