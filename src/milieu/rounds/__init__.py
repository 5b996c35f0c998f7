"""Safety checks, observation levels, who holds whom, and gaps."""
