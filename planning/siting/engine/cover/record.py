"""The tree of a covering proof, written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.cover.local_cuts import Cut
from planning.siting.engine.cover.reduce import Turn
from planning.siting.proof.cover_certificate import CoverCertificate

Ints = NDArray[np.int64]


class Row(NamedTuple):
    """A node: multipliers (those that are missing at the end are 0), the branch, who stands in for whom, its bound."""

    multipliers: Ints
    branch: int
    turns: Sequence[Turn] = ()
    bound: int = 0


def write_tree(
    nodes: Sequence[Row], width: int, demand: int, cuts: list[Cut], sites: int, *, exactly: bool, **told: int
) -> CoverCertificate:
    """Return the proof of a tree, with the cuts that it uses.

    Parameters
    ----------
    nodes
        In preorder.
    width, demand
        Numbers of columns that cuts are about and of demand points.
    cuts
    sites, exactly
        Of the question.
    told
        `bound` and `scale`, 1 if left out.
    """
    rows, replaced = np.zeros((len(nodes), demand + len(cuts)), np.int64), [np.empty((0, 4), np.int64)]
    for at, node in enumerate(nodes):
        rows[at, : len(node.multipliers)] = node.multipliers
        for k, turn in enumerate(node.turns):
            number = np.full(len(turn.gone), 2 * k + (not turn.sites))
            replaced.append(np.column_stack([np.full(len(turn.gone), at), number, turn.gone, turn.instead]))
    used = np.flatnonzero(rows[:, demand:].any(axis=0))
    cuts = [cuts[k] for k in used]
    places = np.full((len(cuts), max((len(cut.places) for cut in cuts), default=0)), -1, np.int64)
    for row, cut in zip(places, cuts, strict=True):
        row[: len(cut.places)] = cut.places
    return CoverCertificate(
        sites,
        exactly,
        np.concatenate([rows[:, :demand], rows[:, demand + used]], axis=1),
        np.array([node.branch for node in nodes], np.int64),
        np.concatenate(replaced),
        places,
        np.array([cut.weights for cut in cuts], np.int64).reshape(len(cuts), width),
        np.array([cut.least for cut in cuts], np.int64),
        told.get("bound", 1),
        told.get("scale", 1),
    )
