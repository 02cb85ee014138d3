"""Whole questions as linear programs: compact formulations, backup, and proofs by their duals."""
