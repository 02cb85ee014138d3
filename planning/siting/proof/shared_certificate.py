"""Proofs of a lower bound whose many nodes share a few rows of multipliers.

The same claim as in :mod:`planning.siting.proof.certificate`: whoever opens exactly p sites, so that
everyone is served by one that may serve him, pays at least so much. Where p is small and not every
site may serve everyone, who serves a remote demand point leaves few cases, and each is closed by
multipliers that were climbed to once, far above: below an opened site j the multiplier u_i counts as
min(u_i, c_ij), for a plan with j in it lets nobody pay more. This never weakens a bound: with j open,
u_i − Σ_k max(0, u_i − c_ik) does not rise with u_i beyond c_ij.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PLAIN, UNSERVED = -1, -3


@dataclass(frozen=True, eq=False)
class SharedCertificate:
    """Whoever opens exactly `sites` candidates and serves everyone pays at least `bound`.

    Parameters
    ----------
    sites
        Number of opened candidates p that the claim is about.
    bound
        The claim: total cost ≥ bound.
    scale
        Multipliers are counted in units of 1/scale.
    multipliers : (r, n) int64
        Rows u ≥ 0.
    row : (k,) int64
        Which of them each node of the tree applies, in preorder; PLAIN for none.
    branch : (k,) int64
        Candidate on which the node branches (its child "opened" follows, then its child "closed");
        LEAF where the bound reaches the claim; ONWARD where one child follows with other multipliers;
        UNSERVED − i where no site is left that may serve demand point i.

    Notes
    -----
    At every node with multipliers, sites whose opening (closing) already forces the cost to `bound`
    count as closed (opened) below it.
    """

    sites: int
    bound: int
    scale: int
    multipliers: NDArray[np.int64]
    row: NDArray[np.int64]
    branch: NDArray[np.int64]
