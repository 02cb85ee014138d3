"""Schemes beside each other: who gains, who loses, what is built, and what it takes that nobody loses."""
