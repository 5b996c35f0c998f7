"""Nights: protected sleep, looks from the doorway, and how often a look woke somebody."""
