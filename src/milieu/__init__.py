"""Milieu: the working system of mental health technicians."""
