"""Looking after each other: what staff are asked after a hard moment, privately."""
