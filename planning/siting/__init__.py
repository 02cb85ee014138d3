"""Siting: problems, exact models, solutions and the proof that comes with them."""
