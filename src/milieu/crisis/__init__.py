"""A hard moment: help called, someone calmed, the law kept, everyone looked after."""
