"""Proof that no rooms with centres among them cost less, checkable in exact integers.

Take any multipliers u ≥ 0 for the demand of the rooms and v ≥ 0 for that of the centres, and any
prices: μ of a room, ν of a centre, α_g of a room in township g, β_h of a centre in township h. With

    ρ_j = Σ_i min(0, c_ij − u_i) − μ − α_g(j),    σ_j = Σ_k min(0, d_kj − v_k) − ν − β_h(j)

a site costs 0 (closed), ρ_j (room) or ρ_j + σ_j (room and centre), and every plan of p rooms with q
centres costs at least

    Σ u + Σ v + p μ + q ν + Σ_g α_g n_g + Σ_h β_h n_h + Σ_j (the cheapest that j may be),

where n_g is the fewest rooms that township g must have if α_g > 0, else the most that it may have.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import LEAF, ONWARD, Record, shape

CLOSED, ROOM, CENTRE = 1, 2, 4
ANYTHING = CLOSED | ROOM | CENTRE
__all__ = ["LEAF", "ONWARD", "TierCertificate"]


@dataclass(frozen=True, eq=False)
class TierCertificate(Record):
    """Whoever opens `sites` rooms with `centres` centres among them pays at least `bound`.

    Parameters
    ----------
    sites, centres
        p and q.
    bound
        The claim: total cost of both tiers ≥ bound.
    scale
        Multipliers and prices are counted in units of 1/scale.
    room_multipliers : (k, n) int64
        u, one row for each node of the tree, in preorder; only inhabited demand has one.
    centre_multipliers : (k, n') int64
        v, likewise.
    prices : (k, 2 + G + H) int64
        μ, ν, then α of the G townships with a limit on rooms and β of the H with one on centres.
    branch : (k,) int64
        ``2 j``: site j is opened in the child that follows, closed in the other; ``2 j + 1``: it
        is a centre in the child that follows, none in the other. LEAF where nothing below `bound`
        is left; ONWARD where one child follows with other multipliers.

    Notes
    -----
    Below a node a site may no longer be what would already cost `bound` under its multipliers.
    """

    sites: int
    centres: int
    bound: int
    scale: int
    room_multipliers: NDArray[np.int64] = field(metadata=shape("nodes demand", least=0))
    centre_multipliers: NDArray[np.int64] = field(metadata=shape("nodes upper", least=0))
    prices: NDArray[np.int64] = field(metadata=shape("nodes prices"))
    branch: NDArray[np.int64] = field(metadata=shape("nodes"))
