"""What is raised when kept answers would no longer be given; light, so that setup need not load the solvers."""

PLANS = "6"
"""Raised when the same question would get another answer, or another name."""
