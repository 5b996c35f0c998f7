"""The unit now: one card for each stay, a page for each person, live."""
