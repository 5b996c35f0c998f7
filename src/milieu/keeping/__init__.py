"""What the hospital's engineer does: serve, look after, back up, restore."""
