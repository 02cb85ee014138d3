"""The scale of a printed map: a round one at which the county fits its frame, and the bar that shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from maps.charts.scale import round_step

_ROUND = (1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 3.75, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8, 9, 10)
_MARGIN_MM = 2.4
"""Between the county and the frame."""


@dataclass(frozen=True)
class Fit:
    """How metres of a projection lie on paper.

    Parameters
    ----------
    denominator
        N of 1:N: so many metres of the ground are a metre of paper.
    width_mm, height_mm
        Of the frame.
    west, north
        Metres of the projection in the upper left corner of the frame.
    mm_per_m
        Millimetres of paper for a metre of the projection.
    """

    denominator: int
    width_mm: float
    height_mm: float
    west: float
    north: float
    mm_per_m: float

    @property
    def mm_per_ground_m(self) -> float:
        """Millimetres of paper for a metre of the ground."""
        return 1000.0 / self.denominator


def round_denominator(least: float) -> int:
    """Return the smallest round N that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return round(next(step * power for step in _ROUND if step * power >= least * (1 - 1e-12)))


def fit(extent: tuple[float, float, float, float], *, width_mm: float, height_mm: float, stretch: float = 1.0) -> Fit:
    """Return the largest round scale at which an extent fits a frame, its middle in the middle.

    Parameters
    ----------
    extent
        West, south, east, north in metres of the projection.
    width_mm, height_mm
        Of the frame.
    stretch
        Metres of the projection for a metre of the ground.
    """
    west, south, east, north = extent
    across, up = max(east - west, 1.0) / stretch, max(north - south, 1.0) / stretch
    least = 1000.0 * max(across / (width_mm - 2 * _MARGIN_MM), up / (height_mm - 2 * _MARGIN_MM))
    denominator = round_denominator(max(least, 100.0))
    mm_per_m = 1000.0 / denominator / stretch
    left = (west + east) / 2 - width_mm / 2 / mm_per_m
    top = (south + north) / 2 + height_mm / 2 / mm_per_m
    return Fit(denominator, width_mm, height_mm, left, top, mm_per_m)


def bar_of(fit_: Fit, most_mm: float) -> tuple[float, float]:
    """Return the ground metres of a scale bar, round and no longer than `most_mm` on paper, and its millimetres."""
    most_m = most_mm / fit_.mm_per_ground_m
    length = round_step(most_m, 1)
    while length > most_m * (1 + 1e-9):
        length = round_step(length * 0.45, 1)
    return length, length * fit_.mm_per_ground_m
