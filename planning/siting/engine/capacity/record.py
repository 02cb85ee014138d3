"""What the search for sites of limited capacity writes down, so that its tree becomes a certificate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.proof.capacity_certificate import LEAF, ONWARD, CapacityCertificate

BLANK = -1
"""Row that says nothing, for nodes that need no multipliers."""


class TreeRecord:
    """The nodes of the tree in preorder, with their multipliers.

    Parameters
    ----------
    case
    """

    def __init__(self, case: CapacityCase) -> None:
        self._case = case
        self._multipliers: list[NDArray[np.int64]] = []
        self._tolls: list[NDArray[np.int64]] = []
        self._site_tolls: list[NDArray[np.int64]] = [np.zeros(case.sites, np.int64)]
        self._row: list[int] = []
        self._branch: list[int] = []
        self._root: list[int] = []
        self.at_root = True
        """Whether nothing was branched on yet."""

    def note(self, row: int, branch: int) -> None:
        """Write down a node."""
        self._row.append(row)
        self._branch.append(branch)
        self.at_root &= branch == ONWARD

    def keep(self, multipliers: NDArray[np.int64], tolls: NDArray[np.int64]) -> int:
        """Keep multipliers (n,) with their tolls (m,); return their row."""
        self._multipliers.append(multipliers)
        self._tolls.append(tolls)
        return len(self._multipliers) - 1

    def keep_decided(self, tolls: NDArray[np.int64]) -> int:
        """Keep the tolls of decided sites (p,); return their row."""
        self._site_tolls.append(tolls)
        return -len(self._site_tolls)

    def mark_root(self, row: int) -> None:
        """Remember that the nodes so far, and then this row, prove the best bound before any branching."""
        self._root = [*self._row, row]

    def certificate(self, bound: int, *, finished: bool) -> CapacityCertificate:
        """Return the proof of `bound` by the whole tree, or by its root if the tree is not finished."""
        rows, branches = self._row, self._branch
        if not finished:
            rows = self._root
            branches = [ONWARD] * (len(rows) - 1) + [LEAF] * min(1, len(rows))
        multipliers = np.array(self._multipliers, np.int64).reshape(len(self._multipliers), len(self._case.loads))
        tolls = np.array(self._tolls, np.int64).reshape(len(self._tolls), len(self._case.room))
        used = 1 + max((row for row in rows if row >= -1), default=-1)
        return CapacityCertificate(
            self._case.sites,
            bound,
            self._case.scale,
            self._case.whole,
            multipliers[:used],
            tolls[:used],
            np.array(self._site_tolls, np.int64) if finished else np.zeros((1, self._case.sites), np.int64),
            np.array(rows, np.int64),
            np.array(branches, np.int64),
        )
