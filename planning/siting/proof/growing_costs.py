"""Costs that grow with travel time as e^{κ t}, said for the checker.

A person of demand point i pays at site j

    c_ij = min( ⌊2ˢ e^{κ t_ij}⌋, ⌈2⁴³ / w_i⌉ ),    κ a whole number of 10⁻¹² per second, s whole:

a plan that makes anybody pay the second figure costs 2⁴³ by that alone.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal, localcontext

import numpy as np
from numpy.typing import NDArray

_MOST = 2**43  # what nobody exceeds, as the formulation of the model says
_DIGITS = 60  # 20 more than the solver computes with: of numbers below 2⁴³ the whole part comes out alike


def growing_costs(
    seconds: NDArray[np.int32], people: NDArray[np.int64], *, longest: int, kappa: int, scale_log2: int
) -> NDArray[np.int64]:
    """(n, m) what one person pays; −1 beyond `longest` seconds.

    Parameters
    ----------
    seconds : (n, m) int32
    people : (n,) int64
        At least 1.
    longest
    kappa
        10¹² κ.
    scale_log2
        s.
    """
    within = seconds <= longest
    times = sorted(set(seconds[within].tolist()))
    price = np.array([*_prices(times, kappa, scale_log2), -1], np.int64)
    place = np.where(within, np.searchsorted(np.array(times, np.int64), seconds), len(times))
    most = np.array([-(-_MOST // w) for w in people.tolist()], np.int64)
    return np.minimum(price[place], most[:, None])


def _prices(times: list[int], kappa: int, scale_log2: int) -> list[int]:
    """Return ⌊2ˢ e^{κ t}⌋ for ascending times; from the first that reaches 2⁴³ on, that."""
    found: list[int] = []
    with localcontext() as exact:
        exact.prec, exact.Emax, exact.Emin = _DIGITS, 10**12, -(10**12)
        for t in times:
            if found and found[-1] == _MOST:
                found.append(_MOST)
                continue
            power = (Decimal(kappa) * t / Decimal(10**12)).exp() * Decimal(2) ** scale_log2
            found.append(min(_MOST, int(power.to_integral_value(ROUND_FLOOR))))
    return found
