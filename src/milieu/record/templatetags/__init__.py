"""Tags for templates that show entries."""
