"""Vital signs: what was measured, what was declined, and the early warning score NEWS2."""
