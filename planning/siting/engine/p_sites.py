"""Open exactly p sites at least total cost: the engine behind p-median and MCLP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.branching import Search
from planning.siting.engine.radius import finish
from planning.siting.engine.solver import describe
from planning.siting.limits import Limits
from planning.siting.proof.certificate import Certificate
from planning.siting.solution import Proof


@dataclass(frozen=True, eq=False)
class Choice:
    """The sites found, their cost, and the cost that nothing beats."""

    opened: NDArray[np.int64]
    cost: int
    bound: int
    proof: Proof | None
    certificate: Certificate
    solver: str


def choose_sites(
    costs: NDArray[np.int64],
    sites: int,
    *,
    grain: NDArray[np.float64],
    limits: Limits,
    nodes: int,
    seed: NDArray[np.int64] | None = None,
) -> Choice:
    """Choose `sites` sites so that everyone together pays least.

    Parameters
    ----------
    costs : (n, m) int64
        Cost of serving each demand point from each site; negative where not allowed.
    grain : (n,) float64
        People at each demand point.
    nodes
        Size of the tree after which HiGHS takes the rest.
    seed : (p,) int64, optional
        A plan that serves everyone; needed where some pairs are not allowed.
    """
    search = Search(costs, sites, grain, limits)
    if seed is not None:
        search.offer(seed)
    search.begin()
    certificate = search.run(nodes=nodes)
    proof: Proof | None = "certificate" if search.bound == search.upper else None
    bound, solver = search.bound, ""
    if proof is None and not limits.reached():
        solver = describe()
        done, bound = finish(search, limits)
        if done:
            proof, bound = "solver", search.upper
    opened = np.arange(sites) if search.opened is None else search.opened
    return Choice(opened, search.upper, bound, proof, certificate, solver)
