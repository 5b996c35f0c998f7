"""Evidence that a stranger can verify: a report, the entries with their proofs, a verifier."""
