"""Proofs of a lower bound that anyone can check in exact integers.

Every model here comes down to one question: p sites are opened, each demand point i pays the least
cost c_ij of an opened site j (or may not use j at all); how little can they pay together? For any
multipliers u ≥ 0, Lagrangian relaxation of "everyone is allocated" (Cornuéjols, Fisher & Nemhauser
1977) answers

    cost ≥ Σ_i u_i + (sum of the p smallest ρ_j),    ρ_j = Σ_i min(0, c_ij − u_i).

With whole multipliers in units of 1/scale this is integer arithmetic and leaves no doubt. Where one
set of multipliers is not enough, the proof branches on a site: opened on one side, closed on the other;
or on a group of sites: at least one of them opened on one side, none on the other. Below an opened site j
the multiplier u_i counts as min(u_i, c_ij), for a plan with j in it lets nobody pay more. This never weakens
a bound: with j open, u_i − Σ_k max(0, u_i − c_ik) does not rise with u_i beyond c_ij.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

FREE, OPENED, CLOSED = 0, 1, -1
LEAF, ONWARD, UNSERVED = -1, -2, -3
"""Branches that are none: nothing is left, one child follows, no site is left for demand point i (less i)."""
PLAIN = -1
"""The row of a node that applies no multipliers."""


def shape(sides: str, *, least: int | None = None) -> dict[str, Any]:
    """Return what is said of an array of a certificate: the names of its sides, and the least of its figures."""
    return {"sides": sides.split(), "least": least}


class Record:
    """What every certificate is: whole numbers, and arrays of them whose sides have names."""

    branch: NDArray[np.int64]

    def fits(self, branches: int, **sizes: int) -> bool:
        """Whether all arrays have whole numbers, none too small, and sides of one name have one length.

        Parameters
        ----------
        branches
            No node branches on so great a number.
        **sizes
            Lengths that are known of sides.
        """
        for one in fields(self):  # type: ignore[arg-type]  # each kind is a dataclass
            if not one.metadata:
                continue
            array, (first, *others) = getattr(self, one.name), one.metadata["sides"]
            if array.dtype.kind != "i" or array.ndim != 1 + len(others):
                return False
            names = [first, *others] if len(array) else [first]  # nothing is as wide as anything
            if any(sizes.setdefault(name, size) != size for name, size in zip(names, array.shape, strict=False)):
                return False
            if one.metadata["least"] is not None and (array < one.metadata["least"]).any():
                return False
        return bool(getattr(self, "scale", 1) >= 1 and (self.branch < branches).all())


@dataclass(frozen=True, eq=False)
class Certificate(Record):
    """Whoever opens `sites` candidates pays at least `bound`.

    Parameters
    ----------
    sites
        Number of opened candidates p that the claim is about.
    bound
        The claim: total cost ≥ bound.
    scale
        Multipliers are counted in units of 1/scale; a power of two.
    multipliers : (r, n) int64
        Rows u ≥ 0.
    branch : (k,) int64
        For each node of the tree, in preorder:
        Candidate on which the node branches (its child "opened" follows, then its child "closed"); with m
        candidates, m + g for group g (its child "at least one" follows, then its child "none"); LEAF
        where the bound reaches the claim; ONWARD where one child follows with other multipliers;
        UNSERVED − i where no site is left that may serve demand point i.
    exactly
        Whether the claim is about exactly `sites` sites, or about at most so many.
    groups : (g, m) int8
        1 for the sites of each group; none where the rules limit townships.
    row : (k,) int64
        Which multipliers each node applies, PLAIN for none; each its own where this is left out.

    Notes
    -----
    At every node, sites whose opening (closing) already forces the cost to `bound` under the node's
    multipliers count as closed (opened) below it. Of the groups of which at least one site is opened,
    a node remembers the last ones that have no site in common.
    """

    sites: int
    bound: int
    scale: int
    multipliers: NDArray[np.int64] = field(metadata=shape("rows demand", least=0))
    branch: NDArray[np.int64] = field(metadata=shape("nodes"))
    exactly: bool = True
    groups: NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, 0), np.int8), metadata=shape("groups sites"))
    row: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64), metadata=shape("listed", least=PLAIN))

    @property
    def rows(self) -> NDArray[np.int64]:
        """(k,) which multipliers each node applies."""
        return self.row if len(self.row) else np.arange(len(self.multipliers))
