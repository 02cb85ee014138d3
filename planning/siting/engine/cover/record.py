"""The tree of a covering proof, written down while it grows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.cover.local_cuts import Cut
from planning.siting.engine.cover.reduce import Turn
from planning.siting.proof.cover_certificate import CoverCertificate

Ints = NDArray[np.int64]


class Record:
    """Nodes in preorder.

    Parameters
    ----------
    shape
        Numbers of demand points and of columns that cuts are about, (n, m).
    cuts
        May grow at its end while nodes are added.
    """

    def __init__(self, shape: tuple[int, ...], cuts: list[Cut]) -> None:
        (self._count, self._width), self._cuts = shape, cuts
        self._multipliers: list[Ints] = []
        self._branch: list[int] = []
        self._replaced: list[Ints] = []

    def __len__(self) -> int:
        return len(self._branch)

    def add(self, multipliers: NDArray[np.int64], branch: int, turns: list[Turn]) -> None:
        """Add a node; multipliers that are missing at the end are 0."""
        for k, turn in enumerate(turns):
            number = np.full(len(turn.gone), 2 * k + (not turn.sites))
            node = np.full(len(turn.gone), len(self._branch))
            self._replaced.append(np.column_stack([node, number, turn.gone, turn.instead]))
        self._multipliers.append(np.asarray(multipliers, np.int64))
        self._branch.append(branch)

    def certificate(self, sites: int, *, exactly: bool, bound: int = 1, scale: int = 1) -> CoverCertificate:
        """Return the finished proof, with the cuts that it uses."""
        rows = np.zeros((len(self._branch), self._count + len(self._cuts)), np.int64)
        for row, multipliers in zip(rows, self._multipliers, strict=True):
            row[: len(multipliers)] = multipliers
        used = np.flatnonzero(rows[:, self._count :].any(axis=0))
        cuts = [self._cuts[k] for k in used]
        places = np.full((len(cuts), max((len(cut.places) for cut in cuts), default=0)), -1, np.int64)
        for row, cut in zip(places, cuts, strict=True):
            row[: len(cut.places)] = cut.places
        return CoverCertificate(
            sites,
            exactly,
            np.concatenate([rows[:, : self._count], rows[:, self._count + used]], axis=1),
            np.array(self._branch, np.int64),
            np.concatenate([np.empty((0, 4), np.int64), *self._replaced]),
            places,
            np.array([cut.weights for cut in cuts], np.int64).reshape(len(cuts), self._width),
            np.array([cut.least for cut in cuts], np.int64),
            bound,
            scale,
        )
