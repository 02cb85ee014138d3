"""What figures come to over many futures: from where to where, and how often one scheme is better than another."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planning.futures.evaluate import Outcomes
from planning.futures.scheme import FIGURES, WITHIN_SHARE
from planning.measures.catalogue import CATALOGUE
from planning.measures.travel_times import weighted_percentile


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure of one scheme over all futures.

    Parameters
    ----------
    today
        As the scheme tells it itself; ``None`` where nobody is served.
    p5, median, p95
        The least value that at least so many of 100 futures do not exceed: one that occurs.
    least, most
    none
        Futures in which there is no such figure, since no site serves anybody; the others count.
    """

    today: float | None
    p5: float | None
    median: float | None
    p95: float | None
    least: float | None
    most: float | None
    none: int

    def as_dict(self) -> dict[str, float | int | None]:
        """Return the figures by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Versus:
    """Two schemes in the same futures: in how many the first is better, both are alike, the second is better."""

    first: int
    alike: int
    second: int

    def as_dict(self) -> dict[str, int]:
        """Return the figures by name."""
        return asdict(self)


def better_of(name: str) -> Literal["more", "less"] | None:
    """Return whether more or less of a figure is better, ``None`` where neither is."""
    return "more" if name == WITHIN_SHARE else CATALOGUE[name].better


def spread_of(outcomes: Outcomes, scheme: int, name: str) -> Spread | None:
    """Return the spread of a figure of a scheme, ``None`` where the scheme does not tell it.

    Parameters
    ----------
    outcomes
    scheme
        Its position.
    name
        One of ``FIGURES``.
    """
    place = FIGURES.index(name)
    values, today = outcomes.figures[scheme, place], float(outcomes.today[scheme, place])
    there = values[~np.isnan(values)]
    told = None if np.isnan(today) else today
    if not len(there):
        return None if told is None else Spread(told, None, None, None, None, None, len(values))
    one_each = np.ones(len(there), np.int64)
    p5, median, p95 = (weighted_percentile(there, one_each, percent) for percent in (5, 50, 95))
    return Spread(told, p5, median, p95, float(there.min()), float(there.max()), len(values) - len(there))


def versus(outcomes: Outcomes, first: int, second: int, name: str) -> Versus | None:
    """Return how often each of two schemes is better by a figure; ``None`` where neither more nor less is better.

    Parameters
    ----------
    outcomes
    first, second
        Positions of the schemes.
    name
        One of ``FIGURES``; a time of nobody is worse than any.
    """
    better = better_of(name)
    if better is None:
        return None
    one, other = (_cost(outcomes.figures[scheme, FIGURES.index(name)], better) for scheme in (first, second))
    if np.isinf(one).all() or np.isinf(other).all():  # one of the two does not tell it
        return None
    return Versus(int((one < other).sum()), int((one == other).sum()), int((one > other).sum()))


def _cost(values: NDArray[np.float64], better: Literal["more", "less"]) -> NDArray[np.float64]:
    return np.where(np.isnan(values), np.inf, -values if better == "more" else values)
