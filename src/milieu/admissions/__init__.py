"""Admit, transfer, leave, return, discharge: movements of people in care, as entries."""
