"""What a page says of the seal."""
