"""Minutes of people to the site that serves them: the one function behind every coverage figure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.cost_matrix import UNREACHABLE

T = TypeVar("T", np.int64, np.float64)


@dataclass(frozen=True, slots=True)
class Measures:
    """Times of people (or elders, whoever the weights count) to the site that serves them.

    Parameters
    ----------
    people_total
        Everyone counted.
    people_within_limit
        Those within the limit; ``None`` when no limit was asked.
    unreachable_people
        Those whom no opened site serves: part of the total, not of the mean, percentile and worst.
    mean_s
        Mean seconds of the people served, ``None`` if there are none.
    p95_s
        The least t such that at least 95 % of the people served are within t seconds.
    worst_s
        Seconds of the person served who is farthest away.
    median_s
        The least t such that at least half of the people served are within t seconds.
    """

    people_total: int
    people_within_limit: int | None
    unreachable_people: int
    mean_s: float | None
    p95_s: int | None
    worst_s: int | None
    median_s: int | None

    def as_dict(self) -> dict[str, int | float | None]:
        """Return the figures by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SamePeople:
    """Two situations compared over the people whom both serve, so that cutting people off makes no mean better.

    Parameters
    ----------
    people
        Served before and after.
    left_out
        Served in one of the two only, or in neither.
    before_mean_s, after_mean_s
        Mean seconds of those people; ``None`` if there are none.
    """

    people: int
    left_out: int
    before_mean_s: float | None
    after_mean_s: float | None

    def as_dict(self) -> dict[str, int | float | None]:
        """Return the figures by name."""
        return asdict(self)


def compare_means(weights: ArrayLike, before: ArrayLike, after: ArrayLike) -> SamePeople:
    """Compare mean times over the same people.

    Parameters
    ----------
    weights : (n,) int
        People at each demand point.
    before, after : (n,) int
        Their travel times; negative or ``UNREACHABLE`` where nothing serves them.
    """
    people = np.asarray(weights, np.int64)
    times = [np.asarray(seconds, np.int64) for seconds in (before, after)]
    both = np.all([(seconds >= 0) & (seconds < UNREACHABLE) for seconds in times], axis=0)
    same = int(people[both].sum())
    means = [int(people[both] @ seconds[both]) / same if same else None for seconds in times]
    return SamePeople(same, int(people.sum()) - same, *means)


def measures(weights: ArrayLike, seconds: ArrayLike, *, limit_s: int | None) -> Measures:
    """Count people by their travel time.

    Parameters
    ----------
    weights : (n,) int
        People at each demand point.
    seconds : (n,) int
        Their travel time; negative or ``UNREACHABLE`` where nothing serves them.
    limit_s
        Seconds that count as covered, or ``None``.

    Returns
    -------
    Measures
        Figures of people, never of places: a demand point without people changes nothing.
    """
    people = np.asarray(weights, np.int64)
    times = np.asarray(seconds, np.int64)
    served = (times >= 0) & (times < UNREACHABLE) & (people > 0)
    within = None if limit_s is None else int(people[served & (times <= limit_s)].sum())
    total, reached = int(people.sum()), int(people[served].sum())
    if reached == 0:
        return Measures(total, within, total, None, None, None, None)
    times, people = times[served], people[served]
    middle, p95, worst = (weighted_percentile(times, people, percent) for percent in (50, 95, 100))
    return Measures(total, within, total - reached, int(people @ times) / reached, p95, worst, middle)


def weighted_percentile(values: NDArray[T], people: NDArray[np.int64], percent: int) -> Any:
    """Return the least value that at least `percent` of 100 people do not exceed.

    Parameters
    ----------
    values : (n,)
    people : (n,) int64
        At least one person in all; whoever counts nobody changes nothing.
    percent
        1 to 100.

    Returns
    -------
    int or float
        As the values are.
    """
    order = np.argsort(values, kind="stable")
    running = np.cumsum(people[order])
    # Whole numbers: 100 × people within t ≥ percent × people, so that no rounding moves the percentile.
    return values[order[np.argmax(100 * running >= percent * running[-1])]].item()
