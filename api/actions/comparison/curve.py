"""The trade-off curve of a study with the compared schemes marked upon it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.actions.comparison.compare import Compared
from api.actions.frontier_chart import chart_of, figures_of_point, place_of_scheme
from layers.records.run import Run
from maps.catalogue import text

KIND = "study"
_SAME_TODAY = ("service", "mode", "base")
_SAME = (*_SAME_TODAY, "edits")
"""Of a question: whatever differs in one of these is measured on other ground."""


def curve_told(run: Run, result: Mapping[str, Any], found: Compared) -> dict[str, Any] | None:
    """Return a curve as a comparison tells it, ``None`` if it is none of the ground that a scheme stands on.

    Parameters
    ----------
    run
    result
        Of the run.
    found
        The schemes.

    Returns
    -------
    dict
        ``run``, ``curve``, ``complete``, ``question``, ``people_total``; ``axes``: what is across and upwards;
        ``points``: ``first``, ``second``, ``x``, ``y`` in the units of the axes, ``proof``, ``opened`` with ``names``;
        ``schemes``: those on the same ground with ``key``, ``x``, ``y`` and ``sites``; ``elsewhere``: keys of the
        others; ``chart`` as SVG, with points in the order of ``points`` first.
    """
    frontier = result.get("frontier")
    if run.kind != KIND or not frontier or not frontier["points"]:
        return None
    told = found.told
    alike = [one for one in told["schemes"] if _is_on_ground(one, result)]
    if not any(one["kind"] != "today" for one in alike):
        return None
    curve, people = frontier["curve"], int(result["people_total"])
    marked = [(one, place_of_scheme(one, curve)) for one in alike]
    schemes = [
        {"key": one["key"], "x": place[0], "y": place[1], "sites": len(one["sites"])} for one, place in marked if place
    ]
    on_it = {one["key"] for one in schemes}
    return {
        "run": run.id,
        "curve": curve,
        "complete": frontier["complete"],
        "question": result["question"],
        "people_total": people,
        "axes": [text(found.lang, f"page.study.{axis}") for axis in figures_of_point(curve).axes],
        "points": [_point(one, result, curve, people) for one in frontier["points"]],
        "schemes": schemes,
        "elsewhere": [one["key"] for one in told["schemes"] if one["key"] not in on_it],
        "chart": chart_of(frontier, people, found.lang, schemes=_labelled(schemes, found)),
    }


def _is_on_ground(scheme: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    """Tell whether a scheme is measured as the points of the curve are."""
    asked, question = scheme["question"], result["question"]
    if scheme["kind"] == "today":  # over the roads as they are, whatever another scheme changes
        same = all(asked.get(name) == question.get(name) for name in _SAME_TODAY) and not _roads_changed(question)
    else:
        same = all(asked.get(name) == question.get(name) for name in _SAME)
    by_limit = result["frontier"]["curve"] != "mean-worst"
    limits = not by_limit or scheme["limit_minutes"] == question["limit_minutes"]
    return same and limits and scheme["county_version"] == result["county_version"]


def _roads_changed(question: Mapping[str, Any]) -> bool:
    return any(edit["op"].startswith("road") or edit["op"] == "flooded" for edit in question["edits"])


def _point(point: Mapping[str, Any], result: Mapping[str, Any], curve: str, people: int) -> dict[str, Any]:
    x, y = figures_of_point(curve).of(point, people)
    names = [result["places"].get(id_, {}).get("name") or id_ for id_ in point["opened"]]
    kept = {name: point[name] for name in ("first", "second", "proof", "opened")}
    return {**kept, "x": x, "y": y, "names": names}


def _labelled(schemes: list[dict[str, Any]], found: Compared) -> list[tuple[str, str, tuple[float, float]]]:
    """Return what stands beside each scheme on the chart, what it is called in its key, and its place."""
    lang, kinds = found.lang, {one["key"]: one["kind"] for one in found.told["schemes"]}
    told = []
    for one in schemes:
        is_today = kinds[one["key"]] == "today"
        letter = text(lang, "compare.today") if is_today else one["key"]
        key = "compare.on-curve-today" if is_today else "compare.on-curve"
        told.append((letter, text(lang, key, scheme=letter, sites=f"{one['sites']:,}"), (one["x"], one["y"])))
    return told
