"""Entries and their facts: appended, amended, never changed. The only writer."""
