"""The one subgradient ascent, compiled anew for each dual: relax, keep the best bound, turn, step.

Held, Wolfe & Crowder 1974 for the step, Camerini, Fratta & Maffioli 1975 for the deflection, Barahona & Anbil 2000
for the average. What a multiplier means, and so the relaxation, its subgradient and the move, is each dual's own:
p sites (:mod:`planning.siting.engine.sites.lagrangian`), groups and a budget (``capped.dual``), loads
(``capacity.dual``; whole ones, ``capacity.exact_knapsack`` and ``capacity.small_sites``), two tiers
(``tiers.kernels``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Floats = NDArray[np.float64]

BEST, STEP_SCALE, FAILURES, LATEST = range(4)
"""Positions in the progress of an ascent: its best bound, the step factor reached, steps without a better bound, and
the bound where it stands."""


class StepRule(NamedTuple):
    """How an ascent steps.

    Parameters
    ----------
    patience
        Steps without a better bound until the steps become shorter.
    slower
        By what factor.
    deflection
        How much of each direction the next one keeps.
    memory
        Of the primal estimate from step to step.
    slowest
        Of the step that the gap asks for: what goes on more slowly does not arrive.
    """

    patience: int
    slower: float
    deflection: float
    memory: float
    slowest: float


class Ascent(NamedTuple):
    """Where an ascent stands; every array is changed in place.

    Parameters
    ----------
    at, best_at : (k,) float64
        Multipliers now, and the best so far.
    direction, violation, metric : (k,) float64
        Where it goes; the subgradient; the weight of each multiplier in the length of a direction.
    primal : (s,) float64
        How often each choice was made of late, 0 to 1.
    chosen : (s,) bool
        What the latest relaxation chose.
    progress : (4,) float64
    """

    at: Floats
    best_at: Floats
    direction: Floats
    violation: Floats
    metric: Floats
    primal: Floats
    chosen: NDArray[np.bool_]
    progress: Floats


@compiled
def begin_ascent(at: Floats, choices: int, step_scale: float) -> Ascent:
    """Return an ascent that begins from the multipliers `at` (k,), of a relaxation that makes so many choices."""
    k = len(at)
    chosen, progress = np.zeros(choices, np.bool_), np.array([-np.inf, step_scale, 0.0, -np.inf])
    return Ascent(at.copy(), at.copy(), np.zeros(k), np.zeros(k), np.zeros(k), np.zeros(choices), chosen, progress)


def ascent_of(
    relax: Callable[..., float], subgradient: Callable[..., None], move: Callable[..., None]
) -> Callable[..., bool]:
    """Return the compiled ascent of a dual.

    Parameters
    ----------
    relax
        ``relax(dual, ascent)`` solves the relaxation at ``ascent.at``: marks what it chooses and returns the bound,
        infinite where nothing may be chosen.
    subgradient
        ``subgradient(dual, ascent)`` fills ``violation`` and ``metric`` for what was chosen.
    move
        ``move(dual, ascent, length)`` moves the multipliers along ``direction``.

    Returns
    -------
    ascend
        ``ascend(dual, ascent, cutoff, aim, least_gap, steps, rule)`` goes on for at most so many relaxations, until a
        bound lies above `cutoff`. The gap to `aim`, at least `least_gap`, sets the length of its steps. Whether it is
        worth going on: neither high enough, nor flat, nor too slow.
    """

    @compiled
    def ascend(
        dual: Any, ascent: Ascent, cutoff: float, aim: float, least_gap: float, steps: int, rule: StepRule
    ) -> bool:
        progress = ascent.progress
        for _ in range(steps):
            begun = progress[BEST] > -np.inf
            if begun:
                subgradient(dual, ascent)
                norm = _turn(ascent, rule.deflection)
                if norm == 0.0 or progress[STEP_SCALE] < rule.slowest:
                    return False
                move(dual, ascent, progress[STEP_SCALE] * max(aim - progress[LATEST], least_gap) / norm)
            progress[LATEST] = relax(dual, ascent)
            if progress[LATEST] == np.inf:
                progress[BEST] = np.inf
                return False
            _average_choice(ascent, rule.memory if begun else 0.0)
            _keep_bound(ascent, rule)
            if progress[BEST] > cutoff:
                return False
        return True

    return ascend


@compiled
def _keep_bound(ascent: Ascent, rule: StepRule) -> None:
    """Note the bound of a step; after some that are no better the steps become shorter."""
    progress = ascent.progress
    progress[FAILURES] += 1
    if progress[LATEST] > progress[BEST]:
        progress[BEST], progress[FAILURES] = progress[LATEST], 0
        ascent.best_at[:] = ascent.at
    elif progress[FAILURES] >= rule.patience:
        progress[STEP_SCALE], progress[FAILURES] = progress[STEP_SCALE] * rule.slower, 0


@compiled
def _turn(ascent: Ascent, deflection: float) -> float:
    """Turn the direction to the violation, keeping a part of the old one; return its squared length."""
    norm, direction = 0.0, ascent.direction
    for i in range(len(direction)):
        direction[i] = ascent.violation[i] + deflection * direction[i]
        norm += ascent.metric[i] * direction[i] * direction[i]
    return norm


@compiled
def _average_choice(ascent: Ascent, memory: float) -> None:
    """Move the primal estimate to what is chosen now."""
    primal = ascent.primal
    for j in range(len(primal)):
        primal[j] *= memory
        if ascent.chosen[j]:
            primal[j] += 1.0 - memory
