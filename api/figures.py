"""Figures as people read them: the same rounding as the page's, whoever writes them.

Halves go up, and in whole numbers, so that 471 s are 7.9 min in both; shares go down, so that 100 % is everybody.
"""

from __future__ import annotations

import math

_HOUR_S = 3600


def minutes_figure(seconds: float) -> float:
    """Return seconds as minutes to a tenth, halves up."""
    return math.floor((seconds + 3) / 6) / 10


def minutes_of(seconds: float) -> str:
    """Return seconds as minutes to a tenth, halves up, in words."""
    return f"{minutes_figure(seconds):,.1f}"


def hours_of(seconds: float) -> str:
    """Return seconds (of persons, of beds) as hours, halves up; small ones to a tenth."""
    if seconds < 100 * _HOUR_S:
        return f"{math.floor((seconds + _HOUR_S / 20) / (_HOUR_S / 10)) / 10:,.1f}"
    return f"{math.floor((seconds + _HOUR_S / 2) / _HOUR_S):,}"


def rounded(value: float, decimals: int = 0) -> str:
    """Return a figure to so many decimals, halves up."""
    scale = 10**decimals
    return f"{math.floor(value * scale + 0.5) / scale:,.{decimals}f}"


def share_of(part: int, whole: int) -> str:
    """Return a share in per cent to a tenth, rounded down: 99.97 % is not everybody, and only everybody is 100%."""
    tenths = 1000 * part // max(1, whole)
    return "100%" if tenths == 1000 else f"{tenths / 10:.1f}%"


def gap_of(gap: float) -> str:
    """Return a gap in per cent, rounded up: it is never made to look smaller than it is."""
    return f"{math.ceil(gap * 10_000 - 1e-9) / 100:.2f}%"


def percent_of(percent: float) -> str:
    """Return so many of 100 to a tenth, rounded down as every share is."""
    return f"{math.floor(10 * percent + 1e-9) / 10:,.1f}"
