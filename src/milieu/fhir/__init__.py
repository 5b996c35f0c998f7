"""FHIR R4 Bundles in: people, and the time in care that a Bundle says they are in."""
