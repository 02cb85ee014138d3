"""Colours, class breaks, line styles and symbols: one set of data for the page and for the export.

The browser draws from this data and builds its legends from it, so a legend cannot differ from the map. Colours stay
apart for colour-blind readers: sequential classes are sampled from viridis (minutes) and a single-hue blue ramp
(people); categories are Okabe and Ito (2008), and every category also has its own shape.
"""

from typing import Any, Literal

# Okabe & Ito, "Color Universal Design", 2008.
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip

# Light = near, dark = far: the villages left behind stand out.
MINUTE_BREAKS = (5, 10, 15, 20, 30)
MINUTE_COLOURS = ("#fde725", "#7ad151", "#22a884", "#2a788e", "#414487", "#440154")
PEOPLE_COLOURS = ("#cfe1f2", "#93c4df", "#4a97c9", "#1c66ab", "#08306b")
UNREACHABLE = VERMILION
UNKNOWN = "#c9ced6"

Shape = Literal["star", "square", "diamond", "circle", "triangle", "house", "flag", "hexagon", "plus", "cross"]
# Planned services: the colour and shape of an opened site.
PLAN_SYMBOLS: dict[str, tuple[Shape, str]] = {
    "elder-centre": ("star", VERMILION),
    "hub": ("square", "#A6467C"),
    "service-room": ("diamond", "#8A5A00"),
}
# Facilities that stand today; a kind that is not listed is drawn as OTHER_FACILITY.
FACILITY_SYMBOLS: dict[str, tuple[Shape, str]] = {
    "county-centre": ("house", BLACK),
    "township-office": ("square", BLUE),
    "elder-home": ("triangle", "#B87700"),
    "service-room": ("diamond", GREEN),
    "hub": ("square", PURPLE),
    "clinic": ("circle", SKY),
    "school": ("circle", GREEN),
}
# What a planner says of a village before planning.
STATUS_SYMBOLS: dict[str, tuple[Shape, str]] = {
    "existing": ("flag", BLUE),
    "required": ("plus", "#00734F"),
    "excluded": ("cross", BLACK),
    "closable": ("hexagon", "#B87700"),
}
OTHER_FACILITY: tuple[Shape, str] = ("circle", "#5b6470")

# Road class -> (colour, width in pixels at county zoom). "_link" classes are drawn as the class they lead to.
ROAD_STYLES: dict[str, tuple[str, float]] = {
    "motorway": ("#c58a3d", 2.6),
    "trunk": ("#c58a3d", 2.4),
    "primary": ("#d09a4e", 2.2),
    "secondary": ("#d9b36c", 1.8),
    "tertiary": ("#b9b3a6", 1.4),
    "unclassified": ("#c6c2b8", 0.9),
    "residential": ("#d3d0c8", 0.6),
}
OTHER_ROAD: tuple[str, float] = ("#dedbd3", 0.5)
STREET_ZOOM = 14


def theme() -> dict[str, Any]:
    """Return everything that the browser draws with, ready for JSON."""
    return {
        "measures": {
            "people": {"breaks": "quantiles", "colours": PEOPLE_COLOURS, "unit": "people"},
            "plan": {"breaks": MINUTE_BREAKS, "colours": MINUTE_COLOURS, "unit": "minutes"},
            "township": {"breaks": MINUTE_BREAKS, "colours": MINUTE_COLOURS, "unit": "minutes"},
        },
        "unreachable": UNREACHABLE,
        "unknown": UNKNOWN,
        "plain": "#5f7186",
        "plans": {service: symbol(*parts) for service, parts in PLAN_SYMBOLS.items()},
        "facilities": {kind: symbol(*parts) for kind, parts in FACILITY_SYMBOLS.items()},
        "statuses": {status: symbol(*parts) for status, parts in STATUS_SYMBOLS.items()},
        "otherFacility": symbol(*OTHER_FACILITY),
        "roads": {name: line(*parts) for name, parts in ROAD_STYLES.items()},
        "otherRoad": line(*OTHER_ROAD),
        "streetZoom": STREET_ZOOM,
        "lines": {
            "county": {"colour": "#3c4a5c", "width": 2.2},
            "townships": {"colour": "#7d8998", "width": 1.1, "dash": "5 4", "fill": "#fcfbf8"},
            "cells": {"colour": "#a9a2c4", "width": 0.6},
            "rivers": {"colour": "#7fb4d8", "width": 2.0},
            "spokes": {"colour": VERMILION, "width": 0.7},
            "route": {"colour": BLUE, "width": 5.0},
            "closed": {"colour": "#b3001b", "width": 5.0, "dash": "2 7"},
        },
    }


def symbol(shape: Shape, colour: str) -> dict[str, str]:
    """Return a symbol as the browser reads it."""
    return {"shape": shape, "colour": colour}


def line(colour: str, width: float) -> dict[str, str | float]:
    """Return a line style as the browser reads it; width in pixels at county zoom."""
    return {"colour": colour, "width": width}
