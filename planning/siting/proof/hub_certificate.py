"""Proof that no hubs need less floor area (or money), checkable in exact integers.

The area of a hub with P people and C children is f = max(F, Σ_r max(m_r, b_r + p_r P + c_r C)).
For any mix 0 ≤ θ_r ≤ τ ≤ 1 it is at least

    (1 − τ) F + Σ_r ((τ − θ_r) m_r + θ_r b_r)  +  Σ_r θ_r (p_r P + c_r C),

a fixed part plus a part per village served. So for any multipliers u ≥ 0 of the villages, any price
μ of a hub and α_g of a hub in township g, all hubs together need at least

    Σ u + μ n + Σ_g α_g n_g + Σ_j min(0, ρ_j),
    ρ_j = fixed part of j − μ − α_g(j) + Σ_i min(0, part of village i at j − u_i),

where i runs through the villages within reach of j, n is the fewest hubs allowed if μ > 0, else the
most, n_g likewise; sites that are certainly open count with ρ_j, closed ones with 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import LEAF, ONWARD, Record, shape
from planning.siting.proof.cover_certificate import CoverCertificate

__all__ = ["LEAF", "ONWARD", "HubCertificate"]


@dataclass(frozen=True, eq=False)
class HubCertificate(Record):
    """Whatever hubs serve everyone, they need at least `bound`.

    Parameters
    ----------
    of_cost
        False: the claim is about floor area, mm². True: about money, millionths of a yuan.
    bound
        The claim.
    scale
        Mixes are counted in units of 1/scale, multipliers and prices in 1/scale of the claim's unit.
    multipliers : (k, n) int64
        u, one row for each node of the tree, in preorder; only inhabited demand has one.
    mixes : (k, m, 1 + r) int64
        τ, then θ of each room, for each candidate.
    prices : (k, 1 + g) int64
        μ, then α of the townships with a limit.
    branch : (k,) int64
        Candidate j < m: opened in the child that follows, closed in the other. m + h: at most h hubs
        in the child that follows, more in the other. LEAF where nothing below `bound` is left;
        ONWARD where one child follows with other multipliers.
    fewest
        Proof that so many hubs never reach everyone, whatever the rules: there are more.

    Notes
    -----
    Below a node a candidate is fixed if its other choice would already cost `bound`.
    """

    of_cost: bool
    bound: int
    scale: int
    multipliers: NDArray[np.int64] = field(metadata=shape("nodes demand", least=0))
    mixes: NDArray[np.int64] = field(metadata=shape("nodes sites shares", least=0))
    prices: NDArray[np.int64] = field(metadata=shape("nodes prices"))
    branch: NDArray[np.int64] = field(metadata=shape("nodes"))
    fewest: CoverCertificate | None = None
