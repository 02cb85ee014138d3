"""Boxes of 0-1 variables and what whole multipliers leave of them, as the search counts.

With prices ρ = scale · c − uA and constant u·b everything in the box costs at least constant + Σ min(ρ low, ρ high);
a free variable whose price exceeds what is left up to the wanted bound stays where it is cheap. The checker counts
the same for itself, in :mod:`planning.siting.proof.linear_certificate`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.linear.question import LinearQuestion

Box = tuple[NDArray[np.int64], NDArray[np.int64]]

LARGEST = 2.0**61
"""Sums below this are safe in int64."""


def halves(box: Box, branch: int) -> tuple[Box, Box]:
    """Return the parts of a box with a variable at 1 and at 0."""
    lowest, highest = box
    off, on = highest.copy(), lowest.copy()
    off[branch], on[branch] = 0, 1
    return (on, highest), (lowest, off)


def tighten(question: LinearQuestion, box: Box, multipliers: NDArray[np.int64], scale: int, bound: int) -> Box | None:
    """Return what is left of a box for anything cheaper than `bound`, ``None`` if nothing is.

    Parameters
    ----------
    multipliers : (r,) int64
        At least 0, in units of 1/scale.
    """
    lowest, highest = box
    if (lowest > highest).any():
        return None
    prices, constant = _price(question, multipliers, scale)
    free = lowest < highest
    least = constant + sum(prices[lowest == 1].tolist()) + sum(np.minimum(prices[free], 0).tolist())
    slack = scale * (bound - 1) - least
    if slack < 0:
        return None
    fixed = free & (np.abs(prices) > slack)
    return np.where(fixed & (prices < 0), 1, lowest), np.where(fixed & (prices > 0), 0, highest)


def _price(question: LinearQuestion, multipliers: NDArray[np.int64], scale: int) -> tuple[NDArray[Any], int]:
    """Return ρ (k,) and u·b, in Python's own integers where 64 bits might not hold them."""
    weights = multipliers.astype(float)
    size = float(weights @ (abs(question.rows).astype(float).sum(axis=1) + np.abs(question.least.astype(float))))
    if size + scale * float(np.abs(question.cost.astype(float)).sum()) < LARGEST:
        return scale * question.cost - question.rows.T @ multipliers, int(multipliers @ question.least)
    whole = multipliers.astype(object)
    used = np.flatnonzero(multipliers)
    prices = question.cost.astype(object) * scale
    rows = question.rows[used].tocoo()
    np.subtract.at(prices, rows.col, whole[used][rows.row] * rows.data.astype(object))
    return prices, sum((whole[used] * question.least[used].astype(object)).tolist())
