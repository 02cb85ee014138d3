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
from planning.siting.engine.subgradient import Ascent, StepRule, ascent_of

Floats = NDArray[np.float64]

STEP_RULE = StepRule(patience=5, slower=0.8, deflection=0.8, memory=0.95, slowest=1e-4)
"""Of the ascent: less patient than elsewhere, for each step fills a knapsack at every site."""


class Dual(NamedTuple):
    """What the ascent is asked, and where its kernels work.

    Parameters
    ----------
    instance
    state : (m,) int8
        −1 closed, 0 free, 1 opened.
    rho : (m,) float64
    ratio, item : (n,) float64, int64
    served : (n,) float64
    """

    instance: Instance
    state: NDArray[np.int8]
    rho: Floats
    ratio: Floats
    item: NDArray[np.int64]
    served: Floats

    @classmethod
    def of(cls, instance: Instance, state: NDArray[np.int8]) -> Dual:
        """Return the dual of the plans that agree with `state` (m,)."""
        m, n = instance.by_site.shape
        return cls(instance, state, np.zeros(m), np.empty(n), np.empty(n, np.int64), np.empty(n))


@compiled
def _relax(dual: Dual, ascent: Ascent) -> float:
    """Fill a knapsack at every site and choose the cheapest."""
    nobody, instance = dual.served[:0], dual.instance
    for j in range(len(dual.state)):
        if dual.state[j] >= 0:
            dual.rho[j] = fill(instance, j, ascent.at, dual.ratio, dual.item, nobody)[0]
    if not choose_cheapest(dual.rho, dual.state, instance.sites, instance.quota, ascent.chosen):
        return np.inf
    return float(ascent.at.sum() + dual.rho[ascent.chosen].sum())


@compiled
def _subgradient(dual: Dual, ascent: Ascent) -> None:
    dual.served[:] = 0.0
    for j in range(len(ascent.chosen)):
        if ascent.chosen[j]:
            fill(dual.instance, j, ascent.at, dual.ratio, dual.item, dual.served)
    ascent.violation[:] = 1.0 - dual.served
    ascent.metric[:] = dual.instance.step_sizes


@compiled
def _move(dual: Dual, ascent: Ascent, length: float) -> None:
    ascent.at[:] += length * dual.instance.step_sizes * ascent.direction


climb = ascent_of(_relax, _subgradient, _move)


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
