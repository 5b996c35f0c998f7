"""Where whoever is sent here goes."""

from tests.one_unit import north, south

__all__ = ["north", "south"]
