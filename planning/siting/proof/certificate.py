"""Proofs of a lower bound that anyone can check in exact integers.

Every model here comes down to one question: p sites are opened, each demand point i pays the least
cost c_ij of an opened site j (or may not use j at all); how little can they pay together? For any
multipliers u ≥ 0, Lagrangian relaxation of "everyone is allocated" (Cornuéjols, Fisher & Nemhauser
1977) answers

    cost ≥ Σ_i u_i + (sum of the p smallest ρ_j),    ρ_j = Σ_i min(0, c_ij − u_i).

With whole multipliers in units of 1/scale this is integer arithmetic and leaves no doubt. Where one
set of multipliers is not enough, the proof branches on a site: opened on one side, closed on the other;
or on a group of sites: at least one of them opened on one side, none on the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FREE, OPENED, CLOSED = 0, 1, -1
LEAF, ONWARD = -1, -2


@dataclass(frozen=True, eq=False)
class Certificate:
    """Whoever opens `sites` candidates pays at least `bound`.

    Parameters
    ----------
    sites
        Number of opened candidates p that the claim is about.
    bound
        The claim: total cost ≥ bound.
    scale
        Multipliers are counted in units of 1/scale; a power of two.
    multipliers : (k, n) int64
        One row u ≥ 0 for each node of the tree, in preorder.
    branch : (k,) int64
        Candidate on which the node branches (its child "opened" follows, then its child "closed"); with m
        candidates, m + g for group g (its child "at least one" follows, then its child "none"); LEAF
        where the bound reaches the claim; ONWARD where one child follows with other multipliers.
    exactly
        Whether the claim is about exactly `sites` sites, or about at most so many.
    groups : (g, m) int8
        1 for the sites of each group; none where the rules limit townships.

    Notes
    -----
    At every node, sites whose opening (closing) already forces the cost to `bound` under the node's
    multipliers count as closed (opened) below it. Of the groups of which at least one site is opened,
    a node remembers the last ones that have no site in common.
    """

    sites: int
    bound: int
    scale: int
    multipliers: NDArray[np.int64]
    branch: NDArray[np.int64]
    exactly: bool = True
    groups: NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, 0), np.int8))
