"""Open exactly p sites at least total cost where not every site may serve everyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.first_plan import Found
from planning.siting.engine.sites.p_sites import Choice, choose_sites, chosen
from planning.siting.engine.sites.terms import Terms
from planning.siting.engine.within.search import Search
from planning.siting.limits import Limits
from planning.siting.rules import Rules
from planning.siting.solution import Solution


def choose_sites_within(
    distances: NDArray[Any],
    weights: NDArray[np.int64],
    sites: int,
    *,
    rules: Rules,
    limits: Limits,
    seeds: tuple[NDArray[np.int64], ...] = (),
    prices: NDArray[np.float64] | None = None,
    first: Callable[[], Found],
) -> Choice | Solution:
    """Answer as :func:`planning.siting.engine.sites.p_sites.choose_sites`, which goes on where this search ends."""
    search = Search(Terms(distances, weights, sites, rules, np.ones(len(weights))), limits)
    for seed in seeds:
        search.improve(seed)
    search.improve(search.terms.add_greedily())
    if search.incumbent.plan is None:
        found = first()
        if isinstance(found, Solution):
            return found
        search.improve(found)
    choice = chosen(search.incumbent, search.run(prices), sites)
    if choice.proof is not None or limits.reached():
        return choice
    rest = choose_sites(
        distances,
        weights,
        sites,
        rules=rules,
        limits=limits,
        seeds=(choice.opened,),
        prices=search.prices,
        first=first,
    )
    if isinstance(rest, Solution) or rest.bound >= choice.bound:
        return rest
    return replace(rest, bound=choice.bound, certificate=choice.certificate)
