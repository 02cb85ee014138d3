"""The tree of a search for sites of limited capacity, written down."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.parts import Prices
from planning.siting.proof.capacity_certificate import CapacityCertificate


class Row(NamedTuple):
    """A node: its branch, and its multipliers u with their λ, the λ of decided sites (p,), or u of knapsacks (n,)."""

    branch: int
    prices: Prices | None = None
    lambdas: NDArray[np.int64] | None = None
    knapsacks: NDArray[np.int64] | None = None


def write_tree(case: CapacityCase, rows: list[Row], bound: int) -> CapacityCertificate:
    """Return the proof of `bound` by nodes in preorder; multipliers that several share are written once."""
    prices = list({id(row.prices): row.prices for row in rows if row.prices is not None}.values())
    at = {id(one): k for k, one in enumerate(prices)}
    lambdas, knapsacks = [np.zeros(case.sites, np.int64)], []
    number = []
    for row in rows:
        if row.lambdas is not None:
            lambdas.append(row.lambdas)
        if row.knapsacks is not None:
            knapsacks.append(row.knapsacks)
            number.append(len(prices) + len(knapsacks) - 1)
            continue
        number.append(at[id(row.prices)] if row.prices is not None else -1 if row.lambdas is None else -len(lambdas))
    return CapacityCertificate(
        case.sites,
        bound,
        case.scale,
        case.whole,
        np.array([one.multipliers for one in prices], np.int64).reshape(len(prices), len(case.loads)),
        np.array([one.lambdas for one in prices], np.int64).reshape(len(prices), len(case.room)),
        np.array(lambdas, np.int64),
        np.array(number, np.int64),
        np.array([row.branch for row in rows], np.int64),
        np.array(knapsacks, np.int64).reshape(len(knapsacks), len(case.loads)),
    )
