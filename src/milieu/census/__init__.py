"""Facilities, units, rooms, beds, people in care and their stays; and the packs of settings."""
