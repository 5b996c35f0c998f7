"""An alert has an owner, a clock and a next person. Only a human acknowledgement closes it."""
