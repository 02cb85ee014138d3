"""What every subgradient ascent of ours does in a step, compiled once: keep the best bound, slow down, turn, average.

Held, Wolfe & Crowder 1974 for the step, Camerini, Fratta & Maffioli 1975 for the deflection, Barahona & Anbil 2000
for the average. What a multiplier means, and so the relaxation and the move, stays with each dual: p sites
(:mod:`planning.siting.engine.sites.lagrangian`), groups and a budget (``capped.dual``), loads (``capacity.dual``), two
tiers (``tiers.kernels``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Floats = NDArray[np.float64]

BEST, STEP_SCALE, FAILURES = range(3)
"""Positions in the progress of an ascent: its best bound, the step factor reached, steps without a better bound."""


@compiled
def begin_ascent(step_scale: float) -> Floats:
    """Return the progress (3,) of an ascent that has not begun."""
    return np.array([-np.inf, step_scale, 0.0])


@compiled
def keep_bound(progress: Floats, value: float, patience: int, slower: float) -> bool:
    """Note the bound of a step; whether it is the best so far. After `patience` others the steps become shorter."""
    progress[FAILURES] += 1
    if value > progress[BEST]:
        progress[BEST], progress[FAILURES] = value, 0
        return True
    if progress[FAILURES] >= patience:
        progress[STEP_SCALE], progress[FAILURES] = progress[STEP_SCALE] * slower, 0
    return False


@compiled
def turn(direction: Floats, violation: Floats, deflection: float, sizes: Floats) -> float:
    """Turn the direction to a violation, keeping a part of the old one; return its squared length.

    Parameters
    ----------
    direction, violation : (k,) float64
    deflection
    sizes : (k,) float64
        Step size of each multiplier, its weight in the length.
    """
    norm = 0.0
    for i in range(len(direction)):
        direction[i] = violation[i] + deflection * direction[i]
        norm += sizes[i] * direction[i] * direction[i]
    return norm


@compiled
def average_choice(primal: Floats, chosen: NDArray[np.bool_], memory: float) -> None:
    """Move the primal estimate (m,), how often each site was opened of late, to the sites chosen now."""
    for j in range(len(primal)):
        primal[j] *= memory
        if chosen[j]:
            primal[j] += 1.0 - memory
