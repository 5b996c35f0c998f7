"""The composition root: settings, urls, and the lists of what the house is made of."""
