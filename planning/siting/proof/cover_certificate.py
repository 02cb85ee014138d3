"""Proofs that so many sites cannot cover everyone, which anyone can check in exact integers.

Whoever covers everyone keeps Σ_j h_rj y_j ≥ b_r for every row r: of each demand point (1 where j covers
it, b = 1) and of each cut that the proof brings along. For any multipliers u ≥ 0 the sites O together
must therefore reach Σ_{j∈O} (uH)_j ≥ u·b; where the best sites still to be had fall short of that,
there is no cover. Where one set of multipliers is not enough, the proof branches on a site.

Where people may be left out at a loss, each demand point has a column of its own, after those of the
sites, that covers it alone: whoever opens O and leaves out Z keeps the rows too, and loses at least

    u·b + Σ_{j∈O} ρ_j + Σ_i min(0, loss_i − (uH)_i),    ρ_j = −(uH)_j.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import Record, shape


@dataclass(frozen=True, eq=False)
class CoverCertificate(Record):
    """Nobody covers everyone with `sites` sites; or, at a loss, whoever opens so many loses at least `bound`.

    Parameters
    ----------
    sites
        Number of sites that the claim is about.
    exactly
        Whether the claim is about exactly so many, or about at most so many.
    multipliers : (k, n + c) int64
        One row u ≥ 0 for each node of the tree, in preorder: first of the demand points, then of the cuts.
    branch : (k,) int64
        As in :class:`~planning.siting.proof.certificate.Certificate`.
    replaced : (q, 4) int64
        Node; turn within the node; what is left out, and what stands in for it: of one turn all are
        candidates (even turns) or all demand points (odd turns). A candidate is left out where another
        covers all that it still covers, a demand point where another is covered by no further
        candidates. This happens before the node's multipliers are looked at.
    places : (c, r) int64
        Demand points of each cut, −1 where there are fewer.
    weights : (c, m) or (c, m + n) int64
        The cut: any sites that cover its demand points weigh at least `least` together; at a loss with
        the columns of those left out.
    least : (c,) int64
    bound, scale
        At a loss: what is lost at least, and that multipliers are counted in units of 1/scale.

    Notes
    -----
    At every node, sites whose opening (closing) already leaves no cover under the node's multipliers
    count as closed (opened) below it.
    """

    sites: int
    exactly: bool
    multipliers: NDArray[np.int64] = field(metadata=shape("nodes rows", least=0))
    branch: NDArray[np.int64] = field(metadata=shape("nodes"))
    replaced: NDArray[np.int64] = field(metadata=shape("turns four", least=0))
    places: NDArray[np.int64] = field(metadata=shape("cuts most"))
    weights: NDArray[np.int64] = field(metadata=shape("cuts columns", least=0))
    least: NDArray[np.int64] = field(metadata=shape("cuts"))
    bound: int = 1
    scale: int = 1
