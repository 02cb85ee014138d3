"""A question in whole numbers and linear rows, said for the checker.

min c·x   subject to   A x ≥ b,   lowest ≤ x ≤ highest,   x whole

Multipliers belong to rows by their place, so the order of the rows is part of what a proof means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.rules import STATUSES, Rules


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


Row = tuple[Mapping[int, int], int]
"""The factor of each variable in a row, and what the row comes to at least."""


def as_matrix(rows: Iterable[Row], columns: int) -> tuple[csr_array, NDArray[np.int64]]:
    """Return rows as a sparse matrix (r, columns) and their left sides (r,)."""
    data: list[int] = []
    column: list[int] = []
    ends, least = [0], []
    for factors, side in rows:
        column += factors.keys()
        data += factors.values()
        ends.append(len(column))
        least.append(side)
    shape = (len(least), columns)
    matrix = csr_array((np.array(data, np.int64), np.array(column, np.int64), np.array(ends)), shape=shape)
    return matrix, np.array(least, np.int64)


def site_rows(rules: Rules, p: int) -> Iterator[Row]:
    """Yield what p sites and the rules ask of the sites, the first variables.

    In this order: p at least, p at most; of each township its least, if it asks for any; of each its most, if it has
    more sites than that; of each group of sites too near to each other that only one is opened.
    """
    of = rules.township.tolist()
    yield dict.fromkeys(range(len(of)), 1), p
    yield dict.fromkeys(range(len(of)), -1), -p
    members = [[site for site, town in enumerate(of) if town == t] for t in range(len(rules.townships))]
    for sites, low in zip(members, rules.least.tolist(), strict=True):
        if low > 0:
            yield dict.fromkeys(sites, 1), low
    for sites, high in zip(members, rules.most.tolist(), strict=True):
        if high < len(sites):
            yield dict.fromkeys(sites, -1), -high
    for group in near_groups(rules.apart.tolist()):
        yield dict.fromkeys(group, -1), -1


def near_groups(pairs: list[list[int]]) -> Iterator[list[int]]:
    """Yield groups of sites of which any two are a pair, and all pairs between them.

    From pair to pair in their order, unless a group has it already: the pair and, one by one, the first site that is
    too near to all of the group.
    """
    near: dict[int, set[int]] = {}
    for one, other in pairs:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    done: set[tuple[int, int]] = set()
    for one, other in pairs:
        if (one, other) in done:
            continue
        group, common = [one, other], near[one] & near[other]
        while common:
            nearest = min(common)
            group.append(nearest)
            common &= near[nearest]
        done |= {(a, b) for a in group for b in group}
        yield sorted(group)


def site_box(rules: Rules) -> tuple[list[int], list[int]]:
    """Return the least and the greatest value of every site: 1 where it has to be opened, 0 where it may not be."""
    words = [STATUSES[status] for status in rules.status.tolist()]
    barred = {"excluded", "closed"}
    return [int(word in {"existing", "required"}) for word in words], [int(word not in barred) for word in words]
