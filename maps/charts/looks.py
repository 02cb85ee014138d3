"""How series of a chart are told apart: by colour, and in grey by pattern, dash and marker."""

from __future__ import annotations

from maps.svg import element
from maps.theme import BLACK, BLUE, GREEN, ORANGE, PURPLE, SKY

# Dark and light in turn, so that neighbours differ in grey as well.
COLOURS = (BLUE, ORANGE, BLACK, SKY, GREEN, PURPLE)
DASHES = (None, "7 3", "2 3", "9 3 2 3", "4 2", "1 4")
MARKERS = ("circle", "square", "triangle", "diamond", "cross", "plus")
_HATCHES = (None, "M0 6L6 0", "M0 3H6", "M0 0L6 6", "M3 0V6", "M0 6L6 0M0 0L6 6")
_OUTLINES = {
    "circle": "M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0Z",
    "square": "M-3.2 -3.2H3.2V3.2H-3.2Z",
    "triangle": "M0 -4.2L4 3.2H-4Z",
    "diamond": "M0 -4.6L4.6 0L0 4.6L-4.6 0Z",
    "cross": "M-3.4 -3.4L3.4 3.4M-3.4 3.4L3.4 -3.4",
    "plus": "M0 -4.4V4.4M-4.4 0H4.4",
}
_AREA_OF = ("circle", "square", "triangle", "diamond")


def colour_of(place: int) -> str:
    """Return the colour of a series by its place."""
    return COLOURS[place % len(COLOURS)]


def pattern(name: str, colour: str, place: int) -> str:
    """Return the filling of a series of bars: its colour, and from the second on lines across it."""
    lines = _HATCHES[place % len(_HATCHES)]
    parts = [element("rect", width=6, height=6, fill=colour)]
    if lines:
        parts.append(element("path", d=lines, stroke="#fff", stroke_width=1.6, fill="none"))
    return element("pattern", *parts, id=name, width=6, height=6, patternUnits="userSpaceOnUse")


def marker(place: int, x: float, y: float, *, hollow: bool = False) -> str:
    """Return the marker of a series at a point; a hollow one is less sure."""
    shape, colour = MARKERS[place % len(MARKERS)], colour_of(place)
    fill = ("#fff" if hollow else colour) if shape in _AREA_OF else "none"
    where = f"translate({x:.2f} {y:.2f})"
    dash = "1.5 1.2" if hollow and shape not in _AREA_OF else None
    return element(
        "path", d=_OUTLINES[shape], transform=where, fill=fill, stroke=colour, stroke_width=1.5, stroke_dasharray=dash
    )
