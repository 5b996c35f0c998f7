"""Noticing: each person beside their own past, within the notices that a unit will read."""
