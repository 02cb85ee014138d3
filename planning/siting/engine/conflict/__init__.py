"""Minimal conflicts: what contradicts what."""
