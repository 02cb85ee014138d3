"""The Lagrangian dual of siting under capacities, climbed by a deflected subgradient.

"Everyone is served once" is relaxed (Klincewicz & Luss 1986); what is left at each site is a fractional
knapsack, so that the bound is that of the strong
linear relaxation. Step and deflection as in :mod:`planning.siting.engine.sites.lagrangian`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.capacity.knapsack import Instance, fill
from planning.siting.engine.sites.selection import choose_cheapest
from planning.siting.engine.subgradient import BEST, STEP_SCALE, average_choice, begin_ascent, keep_bound, turn

Floats = NDArray[np.float64]

PATIENCE, SLOWER, DEFLECTION, MEMORY = 5, 0.8, 0.8, 0.95
"""Of the ascent: less patient than elsewhere, for each step fills a knapsack at every site."""
_SLOWEST = 1e-4  # of the step that the gap asks for: what goes on more slowly does not arrive


class DualState(NamedTuple):
    """Where the climb stands; every array is changed in place.

    Parameters
    ----------
    at, best_at : (n,) float64
        Multipliers u now, and the best so far.
    direction : (n,) float64
    primal : (m,) float64
        How often each site was opened of late, 0 to 1.
    chosen : (m,) bool
        Sites opened in the last step.
    figures : (3,) float64
        Best bound, step scale, steps without progress.
    """

    at: Floats
    best_at: Floats
    direction: Floats
    primal: Floats
    chosen: NDArray[np.bool_]
    figures: Floats

    @classmethod
    def begin(cls, prices: Floats, sites: int, step_scale: float) -> DualState:
        """Return a dual state that starts from the multipliers `prices` (n,)."""
        blank = np.zeros(len(prices))
        return cls(
            prices.copy(), prices.copy(), blank, np.zeros(sites), np.zeros(sites, np.bool_), begin_ascent(step_scale)
        )


@compiled
def climb(instance: Instance, state: NDArray[np.int8], upper: float, aim: float, steps: int, dual: DualState) -> bool:
    """Climb some steps further.

    Parameters
    ----------
    instance
    state : (m,) int8
        −1 closed, 0 free, 1 opened.
    upper
        Cost of a known plan: no need to climb above ``upper − 1``.
    aim
        Cost that the climb may hope for, which sets the length of its steps.
    steps
    dual

    Returns
    -------
    bool
        Whether it is worth going on: not above ``upper − 1``, nor flat, nor too slow.
    """
    m, n = instance.by_site.shape
    rho, served, nobody = np.zeros(m), np.zeros(n), np.zeros(0)
    ratio, item = np.empty(n), np.empty(n, np.int64)
    figures = dual.figures
    for _ in range(steps):
        value = dual.at.sum()
        for j in range(m):
            if state[j] >= 0:
                rho[j] = fill(instance, j, dual.at, ratio, item, nobody)[0]
        if not choose_cheapest(rho, state, instance.sites, instance.quota, dual.chosen):
            return False
        served[:] = 0.0
        average_choice(dual.primal, dual.chosen, MEMORY)
        for j in range(m):
            if dual.chosen[j]:
                value += fill(instance, j, dual.at, ratio, item, served)[0]
        if keep_bound(figures, value, PATIENCE, SLOWER):
            dual.best_at[:] = dual.at
        norm = turn(dual.direction, 1.0 - served, DEFLECTION, instance.step_sizes)
        if figures[BEST] > upper - 1 or norm == 0.0 or figures[STEP_SCALE] < _SLOWEST:
            return False
        length = figures[STEP_SCALE] * max(aim - value, 1.0) / norm
        for i in range(n):
            dual.at[i] += length * instance.step_sizes[i] * dual.direction[i]
    return True


@compiled
def find_lambdas(instance: Instance, state: NDArray[np.int8], prices: Floats) -> Floats:
    """Return the best capacity multipliers λ (m,) for multipliers u (n,); 0 at closed sites."""
    m, n = instance.by_site.shape
    lambdas, nobody = np.zeros(m), np.zeros(0)
    ratio, item = np.empty(n), np.empty(n, np.int64)
    for j in range(m):
        if state[j] >= 0:
            lambdas[j] = fill(instance, j, prices, ratio, item, nobody)[1]
    return lambdas


@compiled
def price_whole(
    costs: NDArray[np.int64],
    pairs: NDArray[np.bool_],
    loads: NDArray[np.int64],
    held: NDArray[np.int64],
    scale: int,
    prices: NDArray[np.int64],
    lambdas: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return ρ_j (m,) in whole numbers.

    Parameters
    ----------
    costs : (n, m) int64
    pairs : (n, m) bool
    loads : (n,) int64
    held : (m,) int64
        Q_j where λ_j is positive, else L_j.
    scale
    prices : (n,) int64
    lambdas : (m,) int64
    """
    n, m = costs.shape
    rho = -lambdas * held
    for i in range(n):
        for j in range(m):
            if pairs[i, j]:
                excess = costs[i, j] * scale - prices[i] + lambdas[j] * loads[i]
                if excess < 0:
                    rho[j] += excess
    return rho
