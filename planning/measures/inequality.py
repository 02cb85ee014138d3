"""How unequal minutes are: Gini, and the time that, were it everyone's, would be as bad.

Both are weighted by people, count whom a site serves and leave everyone else out; whole numbers and decimals that
round alike on every machine make them the same wherever they are computed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.kolm_pollak_costs import EXACT, KAPPA_UNIT, growth, kappa_of

AVERSION = 1.0
"""ε of the Kolm–Pollak measure: how much a long way weighs; 1 is usual."""
_LARGEST = 2**62
"""Sums below it fit into 64 bits, whatever their sign."""


@dataclass(frozen=True, slots=True)
class Equivalent:
    """The equally distributed equivalent of travel times (Kolm 1976; Pollak 1971; Sheriff & Maguire 2020).

    Parameters
    ----------
    seconds
        (1/κ) · ln( Σ w e^{κ t} / Σ w ): never below the mean, and as much above it as times are unequal.
    kappa_e12
        κ in 10⁻¹² per second.
    aversion
        ε, where κ = ε · Σ w t / Σ w t² of these very times; ``None`` where κ was given.
    """

    seconds: float
    kappa_e12: int
    aversion: float | None

    def as_dict(self) -> dict[str, int | float | None]:
        """Return the figures by name."""
        return asdict(self)


def gini(weights: ArrayLike, seconds: ArrayLike) -> float | None:
    """Return the Gini coefficient of travel times: 0 all alike, towards 1 all time borne by few.

    G = Σ_i Σ_j w_i w_j |t_i − t_j| / (2 Σ w Σ w t)

    Parameters
    ----------
    weights : (n,) int
        People at each demand point.
    seconds : (n,) int
        Their travel times; negative or ``UNREACHABLE`` where nothing serves them.

    Returns
    -------
    float or None
        0 where nobody travels at all, ``None`` where nobody is served.
    """
    people, times = _of_served(weights, seconds)
    everyone, travelled = int(people.sum()), int(people @ times)
    if everyone == 0:
        return None
    if travelled == 0:
        return 0.0
    return float(_apart(people, times, everyone) / (everyone * travelled))


def _apart(people: NDArray[np.int64], times: NDArray[np.int64], everyone: int) -> int:
    """Return Σ_{i<j} w_i w_j |t_j − t_i|, in any order of equals."""
    order = np.argsort(times, kind="stable")
    people, times = people[order], times[order]
    if everyone**2 * int(times[-1]) >= _LARGEST:  # whole numbers as long as they must be
        people, times = people.astype(object), times.astype(object)
    upto = np.cumsum(people)
    return int((people * times * (2 * upto - people - everyone)).sum())


def equally_distributed(
    weights: ArrayLike, seconds: ArrayLike, *, aversion: float = AVERSION, kappa_e12: int | None = None
) -> Equivalent | None:
    """Return the Kolm–Pollak equally distributed equivalent of travel times.

    Parameters
    ----------
    weights, seconds : (n,) int
        As for :func:`gini`.
    aversion
        ε, above 0.
    kappa_e12
        κ in 10⁻¹² per second instead, so that plans can be compared by the same one.

    Returns
    -------
    Equivalent or None
        ``None`` where nobody is served.
    """
    people, times = _of_served(weights, seconds)
    if people.sum() == 0:
        return None
    kappa = kappa_of(times, people, aversion) if kappa_e12 is None else kappa_e12
    each, place = np.unique(times, return_inverse=True)
    counts = np.zeros(len(each), np.int64)
    np.add.at(counts, place, people)
    total = Decimal(0)
    for count, time in zip(counts.tolist(), each.tolist(), strict=True):
        total = EXACT.add(total, EXACT.multiply(Decimal(count), growth(kappa, time)))
    mean = EXACT.divide(total, Decimal(int(people.sum())))
    as_bad = EXACT.divide(EXACT.multiply(EXACT.ln(mean), Decimal(KAPPA_UNIT)), Decimal(kappa))
    return Equivalent(max(0.0, float(as_bad)), kappa, aversion if kappa_e12 is None else None)


def _of_served(weights: ArrayLike, seconds: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    people, times = np.asarray(weights, np.int64), np.asarray(seconds, np.int64)
    served = (times >= 0) & (times < UNREACHABLE) & (people > 0)
    return people[served], times[served]
