"""Records at rest: one database for everything that changes while people work."""
