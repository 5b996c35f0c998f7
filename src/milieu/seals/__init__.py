"""The record sealed: one Merkle log for each facility, whose signed heads anyone can verify."""
