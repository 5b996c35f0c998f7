"""The phone: an application that works without a network, and its one door to the server."""
