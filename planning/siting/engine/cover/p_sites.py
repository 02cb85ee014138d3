"""Open exactly p sites so that the fewest people are left out: the engine behind MCLP."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.cover.left_out import LossTree
from planning.siting.engine.sites.p_sites import Choice, Found, choose_sites
from planning.siting.limits import Limits, Progress
from planning.siting.rules import Rules
from planning.siting.solution import Proof, Solution

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
LOOKS = 60
"""How often the search for p sites may look at its limits, about once a node, before covering takes over."""

MOST_CELLS = 2**24
"""Demand points times columns of the relaxation; beyond, its steps are too slow."""


def choose_covering_sites(
    covers: Bools,
    losses: Ints,
    sites: int,
    *,
    rules: Rules,
    limits: Limits,
    seeds: Sequence[Ints] = (),
    first: Callable[[], Found] | None = None,
) -> Choice | Solution:
    """Choose `sites` sites so that those whom none of them covers lose least.

    Parameters
    ----------
    covers : (n, m) bool
    losses : (n,) int64
        What is lost where a demand point is left out, at least 1.
    rules
        Which sets of sites are allowed.
    seeds
        Plans to begin with, of about as many sites.
    first
        As :func:`~planning.siting.engine.sites.p_sites.choose_sites` asks it.

    Notes
    -----
    Climbing multipliers closes most questions at once. What it leaves open goes on as a cover at a loss,
    whose relaxation cuts sharpen; with limits by township or a separation it goes on climbing.
    """
    bound_to_climb = len(rules.townships) > 0 or len(rules.apart) > 0 or covers.size + len(covers) ** 2 > MOST_CELLS
    choice = choose_sites(
        np.where(covers, 0, 1).astype(np.int8),
        losses,
        sites,
        rules=rules,
        limits=limits if bound_to_climb else limits.spell(LOOKS),
        seeds=tuple(fit_plan(covers, losses, seed, sites, rules) for seed in seeds),
        first=first,
    )
    if isinstance(choice, Solution):
        return choice
    limits.report(Progress(choice.cost, choice.bound))
    if bound_to_climb or choice.proof is not None or limits.reached():
        return choice
    tree = LossTree(covers, losses, sites, rules, choice.opened, limits, known=choice.bound)
    grown, best = tree.run(), tree.incumbent
    certificate = grown if grown.bound > choice.bound else choice.certificate
    proof: Proof | None = "certificate" if best.proven else None
    return Choice(choice.opened if best.plan is None else best.plan, best.value, best.bound, proof, certificate)


def fit_plan(covers: Bools, losses: Ints, opened: Ints, sites: int, rules: Rules) -> Ints:
    """Return a neighbour's plan with `sites` sites: those that are missed least leave, those that help most join.

    Parameters
    ----------
    covers : (n, m) bool
    losses : (n,) int64
    opened : (s,) int64
    sites
    rules
        Kept sites stay, barred ones stay out; other rules are not looked at.
    """
    plan = rules.kept.copy()
    plan[opened] = ~rules.barred[opened]
    while plan.sum() > max(sites, rules.kept.sum()):
        alone = covers[:, plan].sum(axis=1) == 1
        missed = np.where(plan & ~rules.kept, losses[alone] @ covers[alone], np.inf)
        plan[np.argmin(missed)] = False
    while plan.sum() < min(sites, (~rules.barred).sum()):
        left = ~covers[:, plan].any(axis=1)
        gains = np.where(plan | rules.barred, -1, losses[left] @ covers[left])
        plan[np.argmax(gains)] = True
    return np.flatnonzero(plan)
