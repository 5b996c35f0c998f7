"""The person's own plan for hard moments, made with them; what was tried, and what it did."""
