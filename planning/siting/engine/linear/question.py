"""A question in whole numbers and linear rows, as the search reads it.

min c·x   subject to   A x ≥ b,   lowest ≤ x ≤ highest,   x whole

The rows of a question that is proven stand in the same order as where the checker states it a second time, in
:mod:`planning.siting.proof.linear_question`: multipliers belong to rows by their place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.rules import Rules


@dataclass(frozen=True, eq=False)
class LinearQuestion:
    """Minimise c·x with A x ≥ b over whole x in a box.

    Parameters
    ----------
    cost : (k,) int64
    rows : (r, k) sparse int64
    least : (r,) int64
    lowest, highest : (k,) int64
    """

    cost: NDArray[np.int64]
    rows: csr_array
    least: NDArray[np.int64]
    lowest: NDArray[np.int64]
    highest: NDArray[np.int64]

    def value(self, x: NDArray[np.int64]) -> int:
        """Return c·x exactly."""
        return sum(c * v for c, v in zip(self.cost.tolist(), x.tolist(), strict=True) if v)

    def allows(self, x: NDArray[np.int64]) -> bool:
        """Whether x lies in the box and keeps every row."""
        inside = (self.lowest <= x).all() and (x <= self.highest).all()
        return bool(inside and (self.rows @ x >= self.least).all())


class RowList:
    """Rows ``least ≤ A x`` in the order in which they are added.

    Parameters
    ----------
    columns
        Number of variables; a shorter block of rows is padded with zeros on the right.
    """

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self._blocks: list[csr_array] = [csr_array((0, columns), dtype=np.int64)]
        self._least: list[NDArray[np.int64]] = [np.empty(0, np.int64)]

    def at_least(self, block: Any, least: ArrayLike) -> None:
        """Add rows ``block x ≥ least``; `least` is one figure or one a row."""
        short = csr_array(block).astype(np.int64)
        count = short.shape[0]
        rows = csr_array((short.data, short.indices, short.indptr), shape=(count, self.columns))
        self._blocks.append(rows)
        self._least.append(np.broadcast_to(np.asarray(least, np.int64), (count,)))

    def at_most(self, block: Any, most: ArrayLike) -> None:
        """Add rows ``block x ≤ most``, turned round."""
        self.at_least(-csr_array(block).astype(np.int64), -np.asarray(most, np.int64))

    def gather(self) -> tuple[csr_array, NDArray[np.int64]]:
        """Return the matrix and its left sides."""
        return csr_array(vstack(self._blocks, format="csr")), np.concatenate(self._least)


def add_site_rows(rows: RowList, rules: Rules, *, p: int | None = None, fewest: bool = True, most: bool = True) -> None:
    """Add what number and rules ask of the sites, which are the first variables.

    Parameters
    ----------
    rows
    rules
        Kept and barred sites are not rows but bounds: see :func:`site_bounds`.
    p
        Number of sites, ``None`` for any.
    fewest, most
        Whether p is a least, and whether it is a most.
    """
    count = len(rules.status)
    everywhere = np.ones((1, count), np.int64)
    if p is not None and fewest:
        rows.at_least(everywhere, p)
    if p is not None and most:
        rows.at_most(everywhere, p)
    inside = rules.township[None, :] == np.arange(len(rules.townships))[:, None]
    sizes = inside.sum(axis=1)
    asks, caps = rules.least > 0, rules.most < sizes
    rows.at_least(inside[asks].astype(np.int64), rules.least[asks])
    rows.at_most(inside[caps].astype(np.int64), rules.most[caps])
    crowds = list(crowded_groups(rules.apart, count))
    if crowds:
        member = np.concatenate(crowds)
        of = np.repeat(np.arange(len(crowds)), [len(demand) for demand in crowds])
        rows.at_most(csr_array((np.ones(len(of), np.int64), (of, member)), shape=(len(crowds), count)), 1)


def site_bounds(rules: Rules) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the lowest and highest value of every site: 1 where it is kept, 0 where it is barred."""
    return rules.kept.astype(np.int64), (~rules.barred).astype(np.int64)


def crowded_groups(apart: NDArray[np.int64], count: int) -> Iterable[NDArray[np.int64]]:
    """Yield groups of sites of which only one may open; together they say the same as all the pairs.

    Parameters
    ----------
    apart : (k, 2) int64
        Pairs too near to each other.
    count
        Number of sites.
    """
    if len(apart) == 0:
        return
    near = np.zeros((count, count), bool)
    near[apart[:, 0], apart[:, 1]] = near[apart[:, 1], apart[:, 0]] = True
    left = near.copy()
    for one, other in apart.tolist():
        if not left[one, other]:
            continue
        group, common = [one, other], near[one] & near[other]
        while common.any():
            group.append(int(np.argmax(common)))
            common = common & near[group[-1]]
        left[np.ix_(group, group)] = False
        yield np.array(sorted(group), np.int64)
