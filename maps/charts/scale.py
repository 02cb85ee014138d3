"""From figures to places on a chart, with ticks that are round."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """An axis between two ends.

    Parameters
    ----------
    least, most
        Figures at its ends.
    start, end
        Where these lie on the chart.
    ticks
        Round figures between them.
    decimals
        That the ticks need.
    """

    least: float
    most: float
    start: float
    end: float
    ticks: tuple[float, ...]
    decimals: int

    def at(self, value: float) -> float:
        """Return where a figure lies."""
        return self.start + (value - self.least) / (self.most - self.least) * (self.end - self.start)


def round_step(span: float, count: int) -> float:
    """Return a step of 1, 2, 2.5 or 5 times a power of ten that divides a span into about `count` parts."""
    rough = span / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))


def scale_of(
    values: Iterable[float], start: float, end: float, *, from_zero: bool, least: float | None, most: float | None
) -> Scale:
    """Return the scale of some figures; its ends are ticks unless they are given.

    Parameters
    ----------
    values
    start, end
        Where its ends lie.
    from_zero
        Whether it begins at nought, as lengths of bars must.
    least, most
        Ends that somebody wants.
    """
    known = [value for value in values if math.isfinite(value)] or [0.0]
    low = least if least is not None else min([0.0, *known] if from_zero else known)
    high = most if most is not None else max([0.0, *known] if from_zero else known)
    if high <= low:
        high = low + max(1.0, abs(low))
    step = round_step(high - low, max(2, round(abs(end - start) / 55)))
    first = math.ceil(low / step - 1e-9) if least is not None else math.floor(low / step + 1e-9)
    last = math.floor(high / step + 1e-9) if most is not None else math.ceil(high / step - 1e-9)
    ticks = tuple(round(k * step, 10) for k in range(first, last + 1))
    ends = (low if least is not None else ticks[0], high if most is not None else ticks[-1])
    return Scale(*ends, start, end, ticks, _decimals(step))


def told(value: float, decimals: int = 0) -> str:
    """Return a figure as both languages write it, halves up."""
    scale = 10**decimals
    return f"{math.floor(value * scale + 0.5) / scale:,.{decimals}f}"


def _decimals(step: float) -> int:
    return next(count for count in range(12) if abs(step * 10**count - round(step * 10**count)) < 1e-9 * 10**count)
