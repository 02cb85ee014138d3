"""Travel times as Kolm–Pollak costs in whole numbers; the checker states them for itself.

    EDE = (1/κ) · ln( Σ_i w_i e^{κ t_i} / Σ_i w_i )

is the travel time that, were it everyone's, would be as good as the times people really have (Kolm
1976; Pollak 1971; for travel times Sheriff & Maguire 2020). To minimise it is to minimise the sum
Σ w e^{κ t}, which is linear in who goes where (Horton & Logan 2024). Here a person pays

    c_ij = min( ⌊2ˢ e^{κ t_ij}⌋, ⌈CEILING / w_i⌉ ),    κ a whole number of 10⁻¹² per second, s whole.

Whoever pays the ceiling makes the sum reach CEILING by that alone, so that in every plan below it,
the best one among them, no cost is cut.
"""

from __future__ import annotations

import math
from decimal import Context, Decimal

import numpy as np
from numpy.typing import NDArray

KAPPA_UNIT = 10**12
"""κ is a whole number of 1/KAPPA_UNIT per second."""

CEILING = 2**43
"""Large enough that rounding moves the result by fractions of a millisecond, small enough for float64."""

EXACT = Context(prec=40, Emax=10**12, Emin=-(10**12))
"""Decimal arithmetic rounds the same on every machine; binary exponentials need not."""


def kolm_pollak_costs(
    values: NDArray[np.int32], allowed: NDArray[np.bool_], weights: NDArray[np.int64], *, kappa: int, scale_log2: int
) -> NDArray[np.int64]:
    """(n, m) what one person pays; −1 where a site may not serve the demand point.

    Parameters
    ----------
    values : (n, m) int32
    allowed : (n, m) bool
    weights : (n,) int64
        People, at least 1.
    kappa
        In units of 1/``KAPPA_UNIT`` per second.
    scale_log2
        s.
    """
    times, places = np.unique(values[allowed], return_inverse=True)
    factor = EXACT.power(Decimal(2), scale_log2)
    beyond = (math.log2(CEILING) - scale_log2 + 1) * math.log(2)
    whole = [
        CEILING if kappa * int(t) > beyond * KAPPA_UNIT else int(EXACT.multiply(factor, growth(kappa, int(t))))
        for t in times
    ]
    costs = np.full(values.shape, -1, np.int64)
    costs[allowed] = np.array(whole, np.int64)[places]
    return np.minimum(costs, -(-CEILING // weights)[:, None])


def fitting_scale(seconds: NDArray[np.int64], weights: NDArray[np.int64], kappa: int) -> int:
    """Return the largest s with which these times cost at most half the ceiling.

    Parameters
    ----------
    seconds, weights : (n,) int64
        Of some plan: the best one costs no more.
    """
    total = Decimal(1)
    for people, t in zip(weights.tolist(), seconds.tolist(), strict=True):
        total = EXACT.add(total, EXACT.multiply(Decimal(people), growth(kappa, t)))
    return math.floor(EXACT.divide(EXACT.ln(EXACT.divide(Decimal(CEILING // 2), total)), EXACT.ln(Decimal(2))))


def equivalent_seconds(total: int, people: int, *, kappa: int, scale_log2: int) -> tuple[float, float]:
    """Return the equally distributed equivalent of a sum of costs, and the most that rounding moves it.

    Parameters
    ----------
    total
        Σ w c, below ``CEILING``.
    people
        Σ w, at least 1.

    Returns
    -------
    (seconds, seconds)
        Every cost was rounded down by less than 1, so the true sum lies in [total, total + people).
    """
    low, high = (
        max(0.0, math.log(max(total + extra, 1) / people) - scale_log2 * math.log(2)) * KAPPA_UNIT / kappa
        for extra in (0, people)
    )
    return (low + high) / 2, (high - low) / 2


def kappa_of(seconds: NDArray[np.int64], weights: NDArray[np.int64], aversion: float) -> int:
    """Return κ = aversion · Σ w t / Σ w t² in units of 1/``KAPPA_UNIT``; one unit if nobody travels.

    Parameters
    ----------
    seconds, weights : (n,) int64
        The baseline distribution.
    """
    times: list[int] = seconds.tolist()
    people: list[int] = weights.tolist()
    first = sum(w * t for w, t in zip(people, times, strict=True))
    second = sum(w * t * t for w, t in zip(people, times, strict=True))
    if second == 0:
        return 1
    return max(1, round(aversion * KAPPA_UNIT * first / second))


def growth(kappa: int, seconds: int) -> Decimal:
    """Return e^{κ t}, κ in units of 1/``KAPPA_UNIT`` per second."""
    return EXACT.exp(EXACT.divide(Decimal(kappa * seconds), Decimal(KAPPA_UNIT)))
