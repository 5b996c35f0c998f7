"""The words that all rooms share. Plain Python, no Django."""
