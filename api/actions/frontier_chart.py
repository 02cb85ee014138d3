"""The curve of a trade-off as a chart: the same figures as its table, drawn for whoever asks, in their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from maps.catalogue import Lang, text
from maps.charts import Axis, Chart, Series, chart

_SURE = ("certificate", "enumerated")
_Good = tuple[str, Callable[[Mapping[str, Any], int], float]]
_MEAN: _Good = ("axis-mean", lambda point, people: float(point["first"]) / max(1, people) / 60)
_WORST: _Good = ("axis-worst", lambda point, _people: float(point["second"]) / 60)
_SITES: _Good = ("axis-sites", lambda point, _people: float(point["first"]))
_COVERED: _Good = ("axis-people", lambda point, _people: float(point["second"]))
_PAID_FOR: _Good = ("axis-people", lambda point, _people: float(point["first"]))
_MONEY: _Good = ("axis-money", lambda point, _people: float(point["second"]) / 10_000)
_AXES: Mapping[str, tuple[_Good, _Good]] = {
    "mean-worst": (_MEAN, _WORST),
    "coverage-number": (_SITES, _COVERED),
    "coverage-budget": (_MONEY, _PAID_FOR),
}
"""Across and upwards, each with its axis and its figure in the unit of the axis."""


def with_chart(study: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Return a study with the ``chart`` of its frontier as SVG; anything else as it is.

    Parameters
    ----------
    study
    lang
    """
    frontier = study.get("frontier")
    if not frontier or not frontier["points"]:
        return dict(study)
    drawn = chart(_spec(frontier, int(study["people_total"]), lang), lang=lang)
    return {**study, "frontier": {**frontier, "chart": drawn}}


def _spec(frontier: Mapping[str, Any], people: int, lang: Lang) -> Chart:
    points = frontier["points"]
    (across, x_of), (up, y_of) = _AXES[frontier["curve"]]
    return Chart(
        text(lang, f"page.study.curve-{frontier['curve']}"),
        "lines",
        Axis(text(lang, f"page.study.{across}")),
        Axis(text(lang, f"page.study.{up}")),
        (
            Series(
                "",
                points=tuple((x_of(point, people), y_of(point, people)) for point in points),
                hollow=tuple(place for place, point in enumerate(points) if point["proof"] not in _SURE),
            ),
        ),
    )
