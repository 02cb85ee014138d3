"""Bars of a chart, upwards or across, with their figures and what they are held against."""

from __future__ import annotations

from collections.abc import Iterator

from maps.charts.frame import INK, LETTER, Room, letters, pattern_name
from maps.charts.looks import colour_of, pattern
from maps.charts.scale import Scale, told
from maps.charts.spec import Chart
from maps.svg import element, shortened, width_of, words

_SMALLEST = 8.0
_LONGEST_NAME = 0.4
"""Of the width of the chart: longer names of rows are cut, and said in full where one points."""


def figures_in(chart: Chart) -> list[float]:
    """Return every figure that the scale must hold."""
    held = [*chart.series, *([chart.against] if chart.against else [])]
    return [value for one in held for value in one.values if value is not None]


def name_width(chart: Chart) -> float:
    """Return the room that the names of rows take."""
    widest = max((width_of(name, LETTER) for name in chart.categories), default=0.0)
    return min(widest, _LONGEST_NAME * chart.width)


def figure_width(chart: Chart) -> float:
    """Return the room that figures at the ends of rows take."""
    if not chart.figures:
        return 0.0
    return 6.0 + max((width_of(told(value, chart.decimals), 10.0) for value in figures_in(chart)), default=0.0)


def fillings(chart: Chart) -> str:
    """Return what bars are filled with: a pattern a series, and one for what is no class."""
    parts = []
    for place, one in enumerate(chart.series):
        parts.append(pattern(pattern_name(chart, place), colour_of(place), place))
        for category in one.hatched:
            name = f"{pattern_name(chart, place)}-{category}"
            parts.append(pattern(name, one.colours[category] if one.colours else colour_of(place), 1))
    return element("defs", *parts)


def draw_bars(chart: Chart, room: Room, scale: Scale) -> str:
    """Return bars, names of categories and lines to hold them against."""
    ends = (room.left, room.right) if chart.kind == "columns" else (room.top, room.bottom)
    band = (ends[1] - ends[0]) / max(1, len(chart.categories))
    thick = min(0.74 * band, 30.0 * len(chart.series)) / max(1, len(chart.series))
    parts = []
    for category, name in enumerate(chart.categories):
        middle = ends[0] + (category + 0.5) * band
        parts.append(_name(chart, room, name, middle, band))
        first = middle - thick * len(chart.series) / 2
        parts += _bars(chart, scale, category, first=first, thick=thick)
        parts.append(_held_against(chart, scale, category, middle, 0.86 * band))
    return "".join(parts)


def _bars(chart: Chart, scale: Scale, category: int, *, first: float, thick: float) -> Iterator[str]:
    for place, one in enumerate(chart.series):
        value = one.values[category]
        if value is None:
            continue
        start, nought, end = first + place * thick, scale.at(max(0.0, scale.least)), scale.at(value)
        long, low = abs(end - nought), min(end, nought)
        across = {"x": low, "y": start, "width": long, "height": thick}
        upwards = {"x": start, "y": low, "width": thick, "height": long}
        filled = _filling(chart, place, category)
        said = element("title", words(f"{chart.categories[category]} {told(value, chart.decimals)}"))
        box = across if chart.kind == "rows" else upwards
        yield element("rect", said, **box, fill=filled, stroke=INK, stroke_width=0.6, class_="bar")
        if chart.figures:
            yield _figure(chart, told(value, chart.decimals), end, start + thick / 2, most=1.34 * thick)


def _filling(chart: Chart, place: int, category: int) -> str:
    one = chart.series[place]
    if category in one.hatched:
        return f"url(#{pattern_name(chart, place)}-{category})"
    return one.colours[category] if one.colours else f"url(#{pattern_name(chart, place)})"


def _figure(chart: Chart, value: str, end: float, middle: float, *, most: float) -> str:
    if chart.kind == "columns":
        size = min(10.0, 10.0 * most / width_of(value, 10.0))
        return letters(middle, end - 3, value, text_anchor="middle", font_size=size)
    return letters(end + 4, middle + 3.6, value, font_size=10)


def _name(chart: Chart, room: Room, name: str, middle: float, band: float) -> str:
    if chart.kind == "rows":
        shown = shortened(name, LETTER, name_width(chart))
        return _named(room.left - 5, middle + 4, shown, name, text_anchor="end", font_size=LETTER)
    size = max(_SMALLEST, min(LETTER, LETTER * (band + 2) / max(1.0, width_of(name, LETTER))))
    return _named(middle, room.bottom + 14, shortened(name, size, band + 2), name, text_anchor="middle", font_size=size)


def _named(x: float, y: float, shown: str, name: str, **looks: object) -> str:
    said = element("title", words(name)) if shown != name else ""
    return element("text", said + words(shown), x=x, y=y, fill=INK, **looks)


def _held_against(chart: Chart, scale: Scale, category: int, middle: float, long: float) -> str:
    value = None if chart.against is None else chart.against.values[category]
    if value is None:
        return ""
    at, start, end = scale.at(value), middle - long / 2, middle + long / 2
    across = {"x1": at, "x2": at, "y1": start, "y2": end}
    upwards = {"x1": start, "x2": end, "y1": at, "y2": at}
    return element("line", **(across if chart.kind == "rows" else upwards), stroke=INK, stroke_width=2.4)
