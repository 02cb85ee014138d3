"""What is fixed of each site, and what follows from the rules alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import CLOSED, FREE, OPENED
from planning.siting.rules import Rules

State = NDArray[np.int8]
"""(m,) OPENED, FREE or CLOSED."""


def begin(rules: Rules) -> State:
    """Return what the rules say of single sites; a site that is both kept and barred counts as kept."""
    return np.where(rules.kept, OPENED, np.where(rules.barred, CLOSED, FREE)).astype(np.int8)


def separate(state: State, apart: NDArray[np.int64]) -> State:
    """Close the free sites that lie too near to an opened one; `apart` (k, 2) are the pairs that do."""
    if not len(apart):
        return state
    after = state.copy()
    for one, other in (apart.T, apart.T[::-1]):
        after[other[(state[one] == OPENED) & (state[other] == FREE)]] = CLOSED
    return after


def crowded(state: State, apart: NDArray[np.int64]) -> bool:
    """Whether two opened sites lie too near to each other."""
    return bool((state[apart] == OPENED).all(axis=1).any())
