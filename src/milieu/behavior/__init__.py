"""How somebody was in a shift, in the unit's words; and episodes: before, what, after."""
