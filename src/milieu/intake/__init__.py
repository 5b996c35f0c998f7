"""Meals and fluids: how much of a meal was eaten, how much was drunk, and what was declined."""
