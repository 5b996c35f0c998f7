"""Scored questionnaires, as FHIR Questionnaires, each with its licence, source and bands."""
