"""What we claim about speed, measured against the floor in the same run."""
