"""The Lagrangian dual of "open p sites", climbed by a deflected subgradient.

Held, Wolfe & Crowder 1974 for the step, Camerini, Fratta & Maffioli 1975 for the deflection. The
average of the sites opened on the way is close to the linear relaxation (as in the volume algorithm,
Barahona & Anbil 2000): it seeds the search for plans and says where to branch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PATIENCE, SLOWER, DEFLECTION, MEMORY = 10, 0.7, 0.7, 0.9
_SLOWEST = 1e-4


@dataclass(frozen=True, eq=False)
class Ascent:
    """Where the climb ended.

    Parameters
    ----------
    multipliers : (n,) float64
        Best multipliers u ≥ 0.
    bound
        Their bound, in floats: to be re-proved in integers.
    openness : (m,) float64
        How often each site was opened of late, 0 to 1.
    pace
        Step factor reached, to go on with.
    """

    multipliers: Floats
    bound: float
    openness: Floats
    pace: float


def ascend(
    costs: Floats,
    start: Floats,
    *,
    sites: int,
    opened: NDArray[np.bool_],
    grain: Floats,
    upper: float,
    steps: int,
    pace: float,
) -> Ascent:
    """Climb from the multipliers `start`.

    Parameters
    ----------
    costs : (m, n) float64
        Cost of serving each demand point from each site, site by site; ``inf`` where not allowed.
    start : (n,) float64
    sites
        How many to open, those in `opened` included.
    opened : (m,) bool
        Sites opened in any case.
    grain : (n,) float64
        Natural step of each multiplier (the people at the demand point).
    upper
        Cost of a known plan; the climb ends early above ``upper − 1``.
    steps, pace
        At most so many steps, beginning with this factor (about 1).
    """
    forced = np.where(opened, -np.inf, 0.0)
    best, best_at, at, failures = -np.inf, start, start, 0
    direction, openness = np.zeros(len(start)), np.zeros(len(costs))
    for step in range(steps):
        value, violation, chosen = _relax(costs, at, sites, forced)
        memory = MEMORY if step else 0.0
        openness *= memory
        openness[chosen] += 1 - memory
        failures += 1
        if value > best:
            best, best_at, failures = value, at, 0
        elif failures == PATIENCE:
            pace, failures = pace * SLOWER, 0
        direction = violation + DEFLECTION * direction
        norm = float((grain * direction) @ direction)
        if best > upper - 1 or norm == 0.0 or pace < _SLOWEST:
            break
        at = np.maximum(at + (pace * max(upper - value, 1.0) / norm) * grain * direction, 0.0)
    return Ascent(best_at, best, openness, pace)


def _relax(costs: Floats, multipliers: Floats, sites: int, forced: Floats) -> tuple[float, Floats, NDArray[np.int64]]:
    """Return the bound of `multipliers`, 1 − (times each demand point is served), and the sites opened."""
    total = float(multipliers.sum())
    rho = np.minimum(costs, multipliers).sum(axis=1) - total
    chosen = np.argpartition(rho + forced, sites - 1)[:sites] if sites < len(rho) else np.arange(len(rho))
    served = (costs[chosen] < multipliers).sum(axis=0)
    return total + float(rho[chosen].sum()), 1.0 - served, chosen
