"""Scenarios that somebody keeps: written down, run, shared, taken elsewhere, brought onto another build."""
