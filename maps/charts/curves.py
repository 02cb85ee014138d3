"""Curves, steps and points of a chart."""

from __future__ import annotations

import itertools

from maps.charts.frame import letters
from maps.charts.looks import DASHES, colour_of, marker
from maps.charts.scale import Scale, told
from maps.charts.spec import Chart, Series
from maps.svg import element, path_of, words

_MOST_MARKERS = 24
"""Markers of a curve with more points than this stand at every so many of them."""


def draw_curves(chart: Chart, x: Scale, y: Scale) -> str:
    """Return every series: its curve, then its markers."""
    lines = (_line(chart, place, one, x, y) for place, one in enumerate(chart.series))
    points = (_points(place, one, x, y) for place, one in enumerate(chart.series))
    return "".join([*lines, *points])


def _line(chart: Chart, place: int, one: Series, x: Scale, y: Scale) -> str:
    if chart.kind == "points" or len(one.points) < 2:
        return ""
    found = list(one.points)
    if chart.kind == "steps":
        corners = [((after[0], before[1]), after) for before, after in itertools.pairwise(found)]
        found = [found[0], *(corner for pair in corners for corner in pair)]
    course = path_of((x.at(across), y.at(up)) for across, up in found)
    return element(
        "path", d=course, fill="none", stroke=colour_of(place), stroke_width=2,
        stroke_dasharray=DASHES[place % len(DASHES)], stroke_linejoin="round", class_="curve",
    )  # fmt: skip


def _points(place: int, one: Series, x: Scale, y: Scale) -> str:
    every = max(1, -(-len(one.points) // _MOST_MARKERS))
    parts = []
    for k, (across, up) in enumerate(one.points):
        if k % every and k not in one.hollow:
            continue
        said = f"{one.name} {told(across, x.decimals)}, {told(up, y.decimals)}".strip()
        drawn = marker(place, x.at(across), y.at(up), hollow=k in one.hollow)
        beside = letters(x.at(across) + 6, y.at(up) - 5, one.label, font_weight=700) if one.label else ""
        parts.append(element("g", element("title", words(said)), drawn, beside, class_="point"))
    return element("g", *parts) if parts else ""
