"""Futures drawn from a seed: each by its number alone, whoever computes it and however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.travel_modes import ROAD_CLASSES
from planning.futures.assumptions import AGEING_YEARS, CAPACITY, MORTALITY, ON_FOOT, POPULATION_BASE, SPEEDS
from planning.scenario.ageing import FROM_YEAR

MOST_FUTURES = 1000
"""More would narrow the 5 % and 95 % by less than the assumptions are sure of."""
LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True, eq=False)
class Future:
    """What is otherwise than a plan assumes.

    Parameters
    ----------
    base_share
        0 residents of the census, 1 registered people, in between so much of the way.
    year
        Whose elders are counted where a scheme names no year.
    mortality
        Times the deaths of the cohort method.
    speeds
        Mode -> (``len(ROAD_CLASSES)``,) times the speed on each class of road.
    capacity
        Times what a site takes.
    road_at
        Where along the roads that are used one is closed, 0 to 1 of their length; ``None`` where none is.
    """

    base_share: float
    year: int
    mortality: float
    speeds: Mapping[str, NDArray[np.float64]]
    capacity: float
    road_at: float | None


def draw_future(seed: int, number: int) -> Future:
    """Return one future; the same seed and number give the same one.

    Parameters
    ----------
    seed
        0 to ``LARGEST_SEED``.
    number
        From 0.
    """
    rng = np.random.default_rng([seed, number])
    base_share = rng.uniform(POPULATION_BASE.low, POPULATION_BASE.high)
    year = FROM_YEAR + AGEING_YEARS[rng.integers(len(AGEING_YEARS))]
    mortality = rng.uniform(MORTALITY.low, MORTALITY.high)
    capacity = rng.uniform(CAPACITY.low, CAPACITY.high)
    road_at = rng.uniform()
    speeds: dict[str, NDArray[np.float64]] = {}
    for mode, bounds in SPEEDS.items():
        drawn = rng.uniform(bounds.low, bounds.high, len(ROAD_CLASSES))
        speeds[mode] = np.full(len(ROAD_CLASSES), drawn[0]) if mode in ON_FOOT else drawn
    return Future(base_share, year, mortality, speeds, capacity, road_at)


def draw_futures(seed: int, count: int) -> tuple[Future, ...]:
    """Return the first `count` futures of a seed; see :func:`draw_future`."""
    return tuple(draw_future(seed, number) for number in range(count))


def as_assumed(*, base_share: float, year: int) -> Future:
    """Return the future in which everything is as plans assume it: what ranges are compared with."""
    even: dict[str, NDArray[np.float64]] = {mode: np.ones(len(ROAD_CLASSES)) for mode in SPEEDS}
    return Future(base_share, year, 1.0, even, 1.0, None)
