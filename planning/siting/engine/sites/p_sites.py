"""Open exactly p sites at least total cost: the engine behind p-median, MCLP and their kin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.sites.branching import Search
from planning.siting.engine.sites.lagrangian import QUICK, SubgradientSettings
from planning.siting.engine.sites.terms import Terms
from planning.siting.engine.tree import Incumbent
from planning.siting.limits import Limits
from planning.siting.proof.capped_tree import CappedCertificate
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.linear_certificate import LinearCertificate
from planning.siting.rules import Rules
from planning.siting.solution import Proof, Solution

Found: TypeAlias = NDArray[np.int64] | Solution
"""A first plan, or the answer that there is none."""
AnyCertificate = Certificate | CoverCertificate | CappedCertificate | LinearCertificate | None


@dataclass(frozen=True, eq=False)
class Choice:
    """The sites found, their cost, the cost that nothing beats, and the solver on whose word that may be."""

    opened: NDArray[np.int64]
    cost: int
    bound: int
    proof: Proof | None
    certificate: AnyCertificate
    solver: str = ""


def choose_sites(
    distances: NDArray[Any],
    weights: NDArray[np.int64],
    sites: int,
    *,
    rules: Rules,
    limits: Limits,
    seeds: tuple[NDArray[np.int64], ...] = (),
    prices: NDArray[np.float64] | None = None,
    first: Callable[[], Found] | None = None,
    step_sizes: NDArray[np.float64] | None = None,
    settings: SubgradientSettings = QUICK,
) -> Choice | Solution:
    """Choose `sites` sites so that everyone together pays least.

    Parameters
    ----------
    distances : (n, m) int
        What each person at demand point i pays at site j; negative where not allowed.
    weights : (n,) int64
        People, at least 1 everywhere.
    rules
        Which sets of sites are allowed.
    seeds
        Plans to begin with, as far as they are allowed.
    prices : (n,) float64, optional
        Multipliers per person to begin with.
    first
        Asked for a plan that serves everyone within the rules if none is found quickly; where it
        answers that there is none, that is the answer.
    step_sizes : (n,) float64, optional
        Natural step of each multiplier per person; 1 if left out.
    settings
        Of the ascent at the root.
    """
    even = np.ones(len(weights)) if step_sizes is None else step_sizes
    search = Search(Terms(distances, weights, sites, rules, even), limits, settings)
    for seed in seeds:
        search.offer(seed)
    search.offer(search.terms.add_greedily())
    if search.incumbent.plan is None and first is not None:
        found = first()
        if isinstance(found, Solution):
            return found
        search.offer(found)
    return chosen(search.incumbent, search.run(prices), sites)


def chosen(incumbent: Incumbent[NDArray[np.int64]], certificate: AnyCertificate, sites: int = 0) -> Choice:
    """Return what a search came to; any sites where it found no plan."""
    proof: Proof | None = "certificate" if incumbent.proven else None
    opened = np.arange(sites) if incumbent.plan is None else incumbent.plan
    return Choice(opened, incumbent.value, incumbent.bound, proof, certificate)
