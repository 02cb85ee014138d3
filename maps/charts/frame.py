"""The frame of a chart: title, key of the series, axes with their ticks and names, and lines across."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from maps.charts.looks import DASHES, colour_of, marker
from maps.charts.scale import Scale, told
from maps.charts.spec import Chart
from maps.svg import element, figure, path_of, shortened, width_of, words

LETTER = 11.0
INK, SOFT, GRID = "#1f2a37", "#46525f", "#d5dbe2"
_GAP = 6.0


@dataclass(frozen=True)
class Room:
    """Where a chart's figures are drawn, in its own units: y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float


def letters(x: float, y: float, text: str, **options: object) -> str:
    """Return words on a chart."""
    looks: dict[str, object] = {"font_size": LETTER, "fill": INK, **options}
    return element("text", words(text), x=float(x), y=float(y), **looks)


def room_of(chart: Chart, *, names: float, ticks: float) -> Room:
    """Return the room that title, key and axes leave.

    Parameters
    ----------
    chart
    names
        Width of the widest name on the left.
    ticks
        What sticks out on the right: half the widest tick below, or the figures of bars.
    """
    top = 20.0 + (16.0 * len(key_rows(chart))) + (8.0 if chart.marks else 2.0)
    left = names + _GAP + (16.0 if chart.y.label else 2.0)
    bottom = chart.height - 20.0 - (16.0 if chart.x.label else 0.0)
    return Room(left, top, chart.width - max(8.0, ticks + 2.0), bottom)


def heading(chart: Chart) -> str:
    """Return title and key."""
    title = shortened(chart.title, 12.5, chart.width - 4)
    parts = [letters(2, 13, title, font_size=12.5, font_weight=700)]
    for row, entries in enumerate(key_rows(chart)):
        x = 2.0
        for place, name in entries:
            parts.append(_entry(chart, place, x, 29.0 + 16 * row, name))
            x += _entry_width(name)
    return "".join(parts)


def key_rows(chart: Chart) -> list[list[tuple[int, str]]]:
    """Return the series that need a key, in rows that fit: (place, name); −1 is what bars are held against."""
    named = [(place, one.name) for place, one in enumerate(chart.series) if one.name and not one.colours]
    if len(chart.series) < 2 and chart.against is None:
        return []
    named += [(-1, chart.against.name)] if chart.against is not None else []
    rows: list[list[tuple[int, str]]] = [[]]
    used = 0.0
    for place, name in named:
        fits = shortened(name, LETTER, chart.width - 30)
        if used and used + _entry_width(fits) > chart.width:
            rows.append([])
            used = 0.0
        rows[-1].append((place, fits))
        used += _entry_width(fits)
    return rows


def _entry_width(name: str) -> float:
    return 26 + width_of(name, LETTER) + 10


def _entry(chart: Chart, place: int, x: float, y: float, name: str) -> str:
    if place < 0:
        picture = element("line", x1=x + 10, x2=x + 10, y1=y - 10, y2=y + 2, stroke=INK, stroke_width=2.4)
    elif chart.is_of_bars:
        picture = element("rect", x=x + 2, y=y - 8, width=16, height=9, fill=f"url(#{pattern_name(chart, place)})")
    else:
        line = element(
            "line", x1=x, x2=x + 20, y1=y - 4, y2=y - 4, stroke=colour_of(place), stroke_width=2,
            stroke_dasharray=DASHES[place % len(DASHES)],
        )  # fmt: skip
        picture = line + marker(place, x + 10, y - 4)
    return picture + letters(x + 25, y, name)


def pattern_name(chart: Chart, place: int) -> str:
    """Return the id of a filling: charts on one page do not share them."""
    return f"fill-{sha256(repr(chart).encode()).hexdigest()[:10]}-{place}"


def axis_below(room: Room, scale: Scale) -> str:
    """Return grid and ticks of figures across."""
    parts = []
    for tick in scale.ticks:
        x = scale.at(tick)
        parts.append(element("line", x1=x, x2=x, y1=room.top, y2=room.bottom, stroke=GRID))
        parts.append(letters(x, room.bottom + 14, told(tick, scale.decimals), text_anchor="middle"))
    return "".join(parts)


def axis_beside(room: Room, scale: Scale) -> str:
    """Return grid and ticks of figures upwards."""
    parts = []
    for tick in scale.ticks:
        y = scale.at(tick)
        parts.append(element("line", x1=room.left, x2=room.right, y1=y, y2=y, stroke=GRID))
        parts.append(letters(room.left - 5, y + 4, told(tick, scale.decimals), text_anchor="end"))
    return "".join(parts)


def borders(chart: Chart, room: Room) -> str:
    """Return the two lines of the axes and their names."""
    lines = path_of([(room.left, room.top), (room.left, room.bottom), (room.right, room.bottom)])
    parts = [element("path", d=lines, fill="none", stroke=INK, stroke_width=1)]
    if chart.x.label:
        parts.append(letters((room.left + room.right) / 2, chart.height - 5, chart.x.label, text_anchor="middle"))
    if chart.y.label:
        turned = f"translate(11 {figure((room.top + room.bottom) / 2)}) rotate(-90)"
        most = room.bottom - room.top + 24
        label = shortened(chart.y.label, LETTER, most)
        parts.append(letters(0, 0, label, transform=turned, text_anchor="middle"))
    return "".join(parts)


def marks(chart: Chart, room: Room, x: Scale | None, y: Scale | None) -> str:
    """Return the lines across, with their words."""
    parts = []
    for mark in chart.marks:
        scale = x if mark.axis == "x" else y
        if scale is None or not scale.least <= mark.value <= scale.most:
            continue
        at = scale.at(mark.value)
        ends = {"x1": at, "x2": at, "y1": room.top - 3, "y2": room.bottom}
        if mark.axis == "y":
            ends = {"x1": room.left, "x2": room.right, "y1": at, "y2": at}
        parts.append(element("line", **ends, stroke=INK, stroke_width=1.4, stroke_dasharray="5 3"))
        parts.append(_mark_words(mark.label, room, at, is_across=mark.axis == "y"))
    return "".join(parts)


def _mark_words(label: str, room: Room, at: float, *, is_across: bool) -> str:
    halo: dict[str, object] = {"stroke": "#fff", "stroke_width": 3, "paint_order": "stroke", "fill": SOFT}
    if is_across:
        return letters(room.right - 3, at - 4, label, text_anchor="end", **halo)
    ends = at + width_of(label, LETTER) > room.right
    return letters(at + (-4 if ends else 4), room.top + 8, label, text_anchor="end" if ends else "start", **halo)
