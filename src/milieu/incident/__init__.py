"""What happened, as it happened: an incident by taps, its report, and who has to be told."""
