"""Re-prove the bound of a linear question in whole numbers from multipliers, in exact integers.

For whole multipliers u ≥ 0 of the rows, in units of 1/scale, weak duality says of every x in the box

    scale · c·x  ≥  u·b + Σ_j min over x_j of (scale · c_j − (uA)_j) x_j.

Where that exceeds scale · (bound − 1), nothing whole is better than `bound`. Where one set of
multipliers is not enough, the proof branches on a variable. The same inequality also narrows the box:
a variable cannot move further than what it may cost (reduced-cost fixing).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.siting.options import LARGEST_FIGURE
from planning.siting.proof.certificate import LEAF, ONWARD, Record, shape
from planning.siting.proof.linear_question import LinearQuestion
from planning.siting.proof.walk import closes

__all__ = ["LEAF", "ONWARD", "LinearCertificate", "narrow", "proven"]
SAFE = 2.0**61
"""Floats below this, with what they may be off by, are sums that 64 bits hold; beyond, Python's own are taken."""


@dataclass(frozen=True, eq=False)
class LinearCertificate(Record):
    """Nothing that the question allows costs less than `bound`; above the dearest corner: it allows nothing.

    Parameters
    ----------
    bound
        The claim: c·x ≥ bound.
    scale
        Multipliers are counted in units of 1/scale.
    multipliers : (k, r) int64
        One row u ≥ 0 for each node of the tree, in preorder.
    branch : (k,) int64
        Variable on which the node branches (its child "at least `split` + 1" follows, then its child
        "at most `split`"); LEAF where the bound reaches the claim; ONWARD where one child follows
        with other multipliers and a narrower box.
    split : (k,) int64
        Where the node branches; 0 for 0-1 variables.
    asked : (a, w) int64
        Names of rows that the statement adds because the proof asks for them (cuts). Each model says
        what they mean; each such row is true of every plan.
    """

    bound: int
    scale: int
    multipliers: NDArray[np.int64] = field(metadata=shape("nodes rows", least=0))
    branch: NDArray[np.int64] = field(metadata=shape("nodes"))
    split: NDArray[np.int64] = field(metadata=shape("nodes"))
    asked: NDArray[np.int64] = field(metadata=shape("cuts figures"))


Box = tuple[NDArray[np.int64], NDArray[np.int64]]


def proven(question: LinearQuestion, certificate: LinearCertificate) -> int | None:
    """Return the bound that the certificate proves for the question, ``None`` if it does not hold."""
    if not certificate.fits(len(question.cost), rows=len(question.least)):
        return None
    if (np.abs(certificate.split) > LARGEST_FIGURE).any():
        return None
    branches, splits = certificate.branch.tolist(), certificate.split.tolist()
    closed = closes(
        (question.lowest, question.highest),
        branches,
        lambda k, box: narrow(question, box, certificate.multipliers[k], certificate.scale, certificate.bound),
        lambda k, box: _divide(box, branches[k], splits[k]),
    )
    return certificate.bound if closed else None


def _divide(box: Box, branch: int, split: int) -> tuple[Box, Box]:
    """Return the halves of a box where a variable is above `split`, and where it is not."""
    lowest, highest = box
    below, above = highest.copy(), lowest.copy()
    below[branch] = min(int(below[branch]), split)
    above[branch] = max(int(above[branch]), split + 1)
    return (above, highest), (lowest, below)


def narrow(question: LinearQuestion, box: Box, multipliers: NDArray[np.int64], scale: int, bound: int) -> Box | None:
    """Return what the multipliers leave of a box for anything cheaper than `bound`, ``None`` for nothing."""
    lowest, highest = box
    if (lowest > highest).any():
        return None
    if not np.any(multipliers):
        prices, constant = _exact(question.cost, scale), 0
    else:
        prices, constant = _price(question, box, multipliers, scale)
    low, high = lowest.astype(prices.dtype), highest.astype(prices.dtype)
    dearer, cheaper = prices > 0, prices < 0
    least = constant + sum((prices * np.where(dearer, low, high)).tolist())
    slack = scale * (bound - 1) - least
    if slack < 0:
        return None
    steps = np.abs(np.where(prices == 0, 1, prices))
    room = np.minimum(_exact(np.full(len(steps), 1), slack) // steps, (highest - lowest).astype(steps.dtype))
    return (
        np.where(cheaper, high - room, low).astype(np.int64),
        np.where(dearer, low + room, high).astype(np.int64),
    )


def _price(question: LinearQuestion, box: Box, u: NDArray[np.int64], scale: int) -> tuple[NDArray[Any], int]:
    """Return scale · c − uA and u·b exactly: in int64 where nothing can overflow, else in Python integers."""
    reach = np.maximum(np.maximum(np.abs(box[0]), np.abs(box[1])), 1).astype(float)
    rows, least = question.rows, question.least
    size = float(u.astype(float) @ (abs(rows).astype(float) @ reach + np.abs(least.astype(float))))
    size += scale * float(np.abs(question.cost.astype(float)) @ reach)
    if size < SAFE:
        return scale * question.cost - rows.T @ u, int(u @ least)
    prices = [scale * c for c in question.cost.tolist()]
    for r in np.flatnonzero(u).tolist():
        for k in range(int(rows.indptr[r]), int(rows.indptr[r + 1])):
            prices[int(rows.indices[k])] -= int(u[r]) * int(rows.data[k])
    constant = sum(a * b for a, b in zip(u.tolist(), least.tolist(), strict=True))
    return np.array(prices, dtype=object), constant


def _exact(figures: NDArray[np.int64], factor: int) -> NDArray[Any]:
    largest = int(np.abs(figures).max(initial=0)) * abs(factor)
    return figures * factor if largest < SAFE else figures.astype(object) * factor
