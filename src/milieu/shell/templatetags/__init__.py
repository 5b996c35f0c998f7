"""Tags for the templates of all rooms."""
