"""The curve of a trade-off as a chart: the same figures as its table, drawn for whoever asks, in their language."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from maps.catalogue import Lang, text
from maps.charts import Axis, Chart, Series, chart

Told = Mapping[str, Any]
_SURE = ("certificate", "enumerated")
_YUAN = 10_000
_WIDE, _HIGH = 520.0, 320.0
"""With schemes upon it, whose names stand above it."""


class _Good(NamedTuple):
    """What an axis shows: its name, its figure of a point of the curve and of a scheme, in the unit of the axis."""

    axis: str
    of_point: Callable[[Told, int], float]
    of_scheme: Callable[[Told], float | None]


def _measured(code: str, unit: int = 1) -> Callable[[Told], float | None]:
    def read(scheme: Told) -> float | None:
        value = scheme["measures"].get(code)
        return None if value is None else value / unit

    return read


_MEAN = _Good("axis-mean", lambda point, people: float(point["first"]) / max(1, people) / 60, _measured("mean_s", 60))
_WORST = _Good("axis-worst", lambda point, _people: float(point["second"]) / 60, _measured("worst_s", 60))
_SITES = _Good("axis-sites", lambda point, _people: float(point["first"]), lambda scheme: len(scheme["sites"]))
_COVERED = _Good("axis-people", lambda point, _people: float(point["second"]), _measured("people_within_limit"))
_PAID_FOR = _Good("axis-people", lambda point, _people: float(point["first"]), _measured("people_within_limit"))
_MONEY = _Good("axis-money", lambda point, _people: float(point["second"]) / _YUAN, _measured("spent_yuan", _YUAN))
_AXES: Mapping[str, tuple[_Good, _Good]] = {
    "mean-worst": (_MEAN, _WORST),
    "coverage-number": (_SITES, _COVERED),
    "coverage-budget": (_MONEY, _PAID_FOR),
}
"""Across and upwards."""


class Figures(NamedTuple):
    """What a curve shows of its points: codes of its axes, and a point's figures in their units."""

    axes: tuple[str, str]
    of: Callable[[Told, int], tuple[float, float]]


def figures_of_point(curve: str) -> Figures:
    """Return what a curve shows of its points, across and upwards."""
    across, up = _AXES[curve]
    return Figures(
        (across.axis, up.axis), lambda point, people: (across.of_point(point, people), up.of_point(point, people))
    )


def place_of_scheme(scheme: Told, curve: str) -> tuple[float, float] | None:
    """Return where a scheme lies on the chart of a curve, ``None`` where it has no such figure."""
    x, y = (good.of_scheme(scheme) for good in _AXES[curve])
    return None if x is None or y is None else (float(x), float(y))


def with_chart(study: Told, lang: Lang) -> dict[str, Any]:
    """Return a study with the ``chart`` of its frontier as SVG; anything else as it is.

    Parameters
    ----------
    study
    lang
    """
    frontier = study.get("frontier")
    if not frontier or not frontier["points"]:
        return dict(study)
    return {**study, "frontier": {**frontier, "chart": chart_of(frontier, int(study["people_total"]), lang)}}


def chart_of(
    frontier: Told, people: int, lang: Lang, *, schemes: Sequence[tuple[str, str, tuple[float, float]]] = ()
) -> str:
    """Return the chart of a frontier as SVG.

    Parameters
    ----------
    frontier
    people
        Everyone counted.
    lang
    schemes
        Letter, name and place of each scheme that is marked beside the curve.
    """
    curve, points = frontier["curve"], frontier["points"]
    axes, of = figures_of_point(curve)
    own = Series(
        text(lang, "page.study.curve-own") if schemes else "",
        points=tuple(of(point, people) for point in points),
        hollow=tuple(place for place, point in enumerate(points) if point["proof"] not in _SURE),
    )
    marked = (Series(name, points=(place,), label=letter) for letter, name, place in schemes)
    across, up = (Axis(text(lang, f"page.study.{axis}")) for axis in axes)
    drawn = Chart(text(lang, f"page.study.curve-{curve}"), "lines", across, up, (own, *marked))
    return chart(dataclasses.replace(drawn, width=_WIDE, height=_HIGH) if schemes else drawn, lang=lang)
