"""Proof that p sites of limited capacity cannot serve everyone for less, checkable in exact integers.

Demand point i with load q_i pays c_ij at site j, which takes between L_j and Q_j if it is opened. For
any whole multipliers u_i of "i is served once" and any capacity multiplier λ_j of either sign for the load of site j,

    cost ≥ Σ_i u_i + (sum of the p cheapest ρ_j that the rules allow),
    ρ_j = −λ_j·(Q_j if λ_j > 0 else L_j) + Σ_i min(0, c_ij − u_i + λ_j q_i),

the Lagrangian relaxation of serving everyone (Klincewicz & Luss 1986), with the fractional knapsack at
each site replaced by its dual. It holds whether or not a demand point may be divided. Once the sites are
decided and nobody may be divided, ρ_j may be the knapsack itself, the least Σ_i (c_ij − u_i) of any set
of demand points whose load lies between L_j and Q_j (Fisher, Jaikumar & Van Wassenhove 1986). Where one set of
multipliers is not enough, the proof branches: on a site, and once the sites are decided on "i goes to j".
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import LEAF, ONWARD, Record, shape

__all__ = ["LEAF", "ONWARD", "CapacityCertificate"]


@dataclass(frozen=True, eq=False)
class CapacityCertificate(Record):
    """Whoever opens `sites` candidates and serves everyone within their capacities pays at least `bound`.

    Parameters
    ----------
    sites
        Number of opened candidates, p.
    bound
        The claim: total cost ≥ bound. A bound above the dearest cost of all says that there is no plan.
    scale
        Multipliers of both kinds are counted in units of 1/scale.
    whole
        Whether every demand point is served by one site; it may be divided otherwise.
    multipliers : (r, n) int64
        Rows of u, one entry for each demand point that has to be served.
    tolls : (r, m) int64
        Rows of λ that go with them.
    site_tolls : (s, p) int64
        λ of the opened sites, in ascending order, for nodes whose sites are decided; their u_i is the
        least of c_ij + λ_j q_i over the sites that i may still go to.
    row : (k,) int64
        Multipliers of each node of the tree, in preorder: from 0 a row of `multipliers` and `tolls`,
        from r a row of `knapsacks`, −1 − s a row of `site_tolls`.
    branch : (k,) int64
        Candidate on which the node branches (its child "opened" follows, then its child "closed");
        m + i·m + j where it branches on whether demand point i goes to j (its child "it does" follows,
        then its child "it does not"); LEAF where the bound reaches the claim; ONWARD where one child follows.
    knapsacks : (t, n) int64
        Rows of u for nodes whose sites are decided, where ρ_j is the knapsack itself.

    Notes
    -----
    At every node, sites whose opening (closing) leaves too little capacity, asks for more load than there
    is, or forces the cost to `bound` under the node's multipliers count as closed (opened) below it. Once
    the sites are decided and nobody may be divided, the same goes for every pair of demand point and site.
    """

    sites: int
    bound: int
    scale: int
    whole: bool
    multipliers: NDArray[np.int64] = field(metadata=shape("rows demand"))
    tolls: NDArray[np.int64] = field(metadata=shape("rows sites"))
    site_tolls: NDArray[np.int64] = field(metadata=shape("decided opened"))
    row: NDArray[np.int64] = field(metadata=shape("nodes"))
    branch: NDArray[np.int64] = field(metadata=shape("nodes"))
    knapsacks: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros((0, 0), np.int64), metadata=shape("knapsacks demand")
    )
