"""What is raised when kept answers would no longer be given; light, so that setup need not load the solvers."""

PLANS = "8"
"""Raised when the same question would get another answer, or another name."""

MATRICES = "2"
"""Raised when the same question would get another file of travel times."""

GROUNDS = "1"
"""Raised when the same county would be drawn as another ground."""
