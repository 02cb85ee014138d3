"""Proofs of a lower bound that anyone can check in exact integers.

Every model here comes down to one question: p sites are opened, each demand point i pays the least
cost c_ij of an opened site j (or may not use j at all); how little can they pay together? For any
multipliers u ≥ 0, Lagrangian relaxation of "everyone is allocated" (Cornuéjols, Fisher & Nemhauser
1977) answers

    cost ≥ Σ_i u_i + (sum of the p smallest ρ_j),    ρ_j = Σ_i min(0, c_ij − u_i).

With whole multipliers in units of 1/scale this is integer arithmetic and leaves no doubt. Where one
set of multipliers is not enough, the proof branches on a site: opened on one side, closed on the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
        Candidate on which the node branches (its child "opened" follows, then its child "closed");
        LEAF where the bound reaches the claim; ONWARD where one child follows with other multipliers.
    exactly
        Whether the claim is about exactly `sites` sites, or about at most so many.

    Notes
    -----
    At every node, sites whose opening (closing) already forces the cost to `bound` under the node's
    multipliers count as closed (opened) below it.
    """

    sites: int
    bound: int
    scale: int
    multipliers: NDArray[np.int64]
    branch: NDArray[np.int64]
    exactly: bool = True


def choose_scale(costs: NDArray[np.int64], *, finest: int = 1024) -> int:
    """Return the finest power of two up to `finest` with which the sums stay within int64."""
    total = int(costs.max(axis=1, initial=0).clip(min=0).sum())
    scale = finest
    while scale > 1 and (total + 1) * scale >= 2**60:
        scale //= 2
    return scale


def price(costs: NDArray[np.int64], multipliers: NDArray[np.int64], scale: int) -> NDArray[Any]:
    """Return ρ_j = Σ_i min(0, scale·c_ij − u_i) exactly; a negative cost marks a pair not allowed.

    Parameters
    ----------
    costs : (n, m) int64
    multipliers : (n,) int64

    Returns
    -------
    (m,) array, int64, or Python integers where int64 could overflow.
    """
    largest = int(costs.max(initial=0)) * scale + sum(map(int, multipliers))
    exact: Any = np.int64 if largest < 2**62 else object
    u = multipliers.astype(exact)
    paid = np.minimum(costs.astype(exact) * scale, u[:, None])
    np.copyto(paid, u[:, None], where=costs < 0)
    return np.asarray(paid.sum(axis=0) - u.sum())


def settle(
    rho: NDArray[Any], total: int, state: NDArray[np.int8], *, sites: int, threshold: int
) -> tuple[int | None, NDArray[np.int8]]:
    """Return the bound of a node and which sites it settles.

    Parameters
    ----------
    rho : (m,)
        Prices of :func:`price`.
    total
        Σ u_i.
    state : (m,) int8
        FREE, OPENED or CLOSED on the way to this node.
    threshold
        Sites are settled where the other choice costs more than this (all in units of 1/scale).

    Returns
    -------
    (bound, state)
        `bound` is ``None`` when no choice of sites is left.
    """
    free = np.flatnonzero(state == FREE)
    wanted = sites - int(np.count_nonzero(state == OPENED))
    if not 0 <= wanted <= len(free):
        return None, state
    ranked = free[np.argsort(rho[free], kind="stable")]
    bound = total + int(rho[state == OPENED].sum()) + int(rho[ranked[:wanted]].sum())
    settled = state.copy()
    if wanted == 0 or wanted == len(free):
        settled[free] = OPENED if wanted else CLOSED
        return bound, settled
    last_in, first_out = rho[ranked[wanted - 1]], rho[ranked[wanted]]
    inside, outside = ranked[:wanted], ranked[wanted:]
    settled[outside[bound + rho[outside] - last_in > threshold]] = CLOSED
    settled[inside[bound - rho[inside] + first_out > threshold]] = OPENED
    return bound, settled
