"""How it is shown that somebody was there: tags and codes at doors, and what each shows."""
