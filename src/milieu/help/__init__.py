"""Help is called: who, where, who is coming, and when it was over."""
