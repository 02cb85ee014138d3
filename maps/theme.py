"""Colours, class breaks, line styles and symbols: one set of data for the page and for the export.

The browser draws from this data and builds its legends from it, so a legend cannot differ from the map. Colours stay
apart for colour-blind readers: sequential classes are sampled from viridis (minutes) and a single-hue blue ramp
(people); categories are Okabe and Ito (2008), and every category also has its own shape.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Literal

# Okabe & Ito, "Color Universal Design", 2008.
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip

# Light = near, dark = far: the villages left behind stand out.
MINUTE_BREAKS = (5, 10, 15, 20, 30)
MINUTE_COLOURS = ("#fde725", "#7ad151", "#22a884", "#2a788e", "#414487", "#440154")
PEOPLE_COLOURS = ("#cfe1f2", "#93c4df", "#4a97c9", "#1c66ab", "#08306b")
# Minutes gained and lost between two schemes. Each side has its own shape, so that grey print, in which both sides are
# light to dark, keeps them apart; blue and orange differ for colour-blind readers.
CHANGE_BREAKS = (1, 5, 10)
GAIN_COLOURS = ("#b3d3ec", "#4393c3", "#053061")
LOSS_COLOURS = ("#fdd0a2", "#e6700a", "#6b2400")
SAME_COLOUR = "#ffffff"
UNREACHABLE = VERMILION
UNKNOWN = "#c9ced6"

Shape = Literal["star", "square", "diamond", "circle", "triangle", "house", "flag", "hexagon", "plus", "cross"]
# Planned services in their order, again from the first where there are more: the colour and shape of an opened site.
PLAN_SYMBOLS: tuple[tuple[Shape, str], ...] = (
    ("star", VERMILION),
    ("square", "#A6467C"),
    ("diamond", "#8A5A00"),
    ("circle", "#004D73"),
    ("house", "#00734F"),
    ("triangle", PURPLE),
    ("square", "#5A4A00"),
    ("star", BLUE),
)
# The same services as they stand today.
STANDING_SYMBOLS: tuple[tuple[Shape, str], ...] = (
    ("triangle", "#B87700"),
    ("square", PURPLE),
    ("diamond", GREEN),
    ("circle", ORANGE),
    ("house", SKY),
    ("triangle", "#00734F"),
    ("square", "#8A5A00"),
    ("star", "#6A5ACD"),
)
# Other facilities that stand today; a kind that is not listed is drawn as OTHER_FACILITY.
FACILITY_SYMBOLS: dict[str, tuple[Shape, str]] = {
    "county-centre": ("house", BLACK),
    "township-office": ("square", BLUE),
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

# The ground under everything else: quiet, so that what is planned stands out. Lines are told apart by lightness, width
# and dashes too. Widths are pixels at these zooms of web maps, in between in proportion; what has none is not drawn.
GROUND_ZOOMS = (9, 11, 13, 15, 17)
GROUND_ROADS: dict[str, tuple[str, str, tuple[float, ...]]] = {
    # class: (fill, casing, widths)
    "motorway": ("#f0c98f", "#b98a45", (1.8, 2.8, 5, 9, 16)),
    "trunk": ("#f3d6a2", "#bb9255", (1.6, 2.6, 4.6, 8.5, 15)),
    "primary": ("#f6dfb2", "#bd9a62", (1.4, 2.4, 4.4, 8, 14)),
    "secondary": ("#faedcf", "#bda980", (1, 1.9, 3.8, 7.2, 13)),
    "tertiary": ("#ffffff", "#b1a794", (0.7, 1.4, 3.2, 6.4, 12)),
    "unclassified": ("#ffffff", "#c3baa8", (0, 0.8, 2.3, 5.2, 10)),
    "residential": ("#ffffff", "#cdc5b5", (0, 0, 1.3, 4.2, 8.5)),
    "living_street": ("#fffdf9", "#d6cebe", (0, 0, 0, 2.6, 6.5)),
}
GROUND_OTHER_ROAD: tuple[str, str, tuple[float, ...]] = ("#fffdf9", "#d6cebe", (0, 0, 0, 1.6, 4))
_NAME_FROM = 11.5


def ground_theme() -> dict[str, Any]:
    """Return how the ground is drawn, ready for JSON: :mod:`gis.ground` tells what there is to draw."""
    return {
        "zooms": GROUND_ZOOMS,
        "outside": "#e6e4de",
        "rim": "#d3cfc5",
        "land": "#fbf9f4",
        "settlement": "#ebe3d4",
        "settlementEdge": "#d9cebb",
        "county": _stroke("#6b6459", (1.4, 1.8, 2.2, 2.6, 3)),
        "townships": {**_stroke("#8f8577", (0.8, 1, 1.2, 1.5, 1.8)), "dash": (7, 4, 1.5, 4)},
        "rivers": {**_stroke("#b3d0e2", (1.6, 2.6, 5, 12, 26)), "casing": "#86aec8"},
        "roads": {name: _road(*parts) for name, parts in GROUND_ROADS.items()},
        "otherRoad": _road(*GROUND_OTHER_ROAD),
        "bridgeCasing": "#857b6a",
        "names": {
            "halo": "#fbf9f4",
            "townships": {"colour": "#3d4654", "size": 14, "weight": 600},
            "villages": {"colour": "#5a544a", "size": 12, "weight": 400},
            "roads": {"colour": "#75602f", "size": 11, "weight": 400, "from": _NAME_FROM},
            "rivers": {"colour": "#33688a", "size": 12, "weight": 400},
        },
    }


def theme(services: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return everything that the browser draws with, ready for JSON.

    Parameters
    ----------
    services
        In their order: ``name`` and ``facility_kinds``, the kinds of facility that are the service as it stands.
    """
    standing = {
        kind: parts
        for service, parts in zip(services, itertools.cycle(STANDING_SYMBOLS))
        for kind in service.get("facility_kinds", ())
    }
    return {
        "measures": {
            "people": {"breaks": "quantiles", "colours": PEOPLE_COLOURS, "unit": "people"},
            "plan": {"breaks": MINUTE_BREAKS, "colours": MINUTE_COLOURS, "unit": "minutes"},
            "township": {"breaks": MINUTE_BREAKS, "colours": MINUTE_COLOURS, "unit": "minutes"},
        },
        "change": {"breaks": CHANGE_BREAKS, "gain": GAIN_COLOURS, "loss": LOSS_COLOURS, "same": SAME_COLOUR},
        "unreachable": UNREACHABLE,
        "unknown": UNKNOWN,
        "plain": "#5f7186",
        "plans": {service["name"]: symbol(*parts) for service, parts in zip(services, itertools.cycle(PLAN_SYMBOLS))},
        "facilities": {kind: symbol(*parts) for kind, parts in (standing | FACILITY_SYMBOLS).items()},
        "statuses": {status: symbol(*parts) for status, parts in STATUS_SYMBOLS.items()},
        "otherFacility": symbol(*OTHER_FACILITY),
        "roads": {name: line(*parts) for name, parts in ROAD_STYLES.items()},
        "otherRoad": line(*OTHER_ROAD),
        "streetZoom": STREET_ZOOM,
        "ground": ground_theme(),
        "lines": {
            "county": {"colour": "#3c4a5c", "width": 2.2},
            "townships": {"colour": "#7d8998", "width": 1.1, "dash": "5 4", "fill": "#fcfbf8"},
            "cells": {"colour": "#a9a2c4", "width": 0.6},
            "rivers": {"colour": "#7fb4d8", "width": 2.0},
            "spokes": {"colour": VERMILION, "width": 0.7},
            "route": {"colour": BLUE, "width": 5.0},
            "closed": {"colour": "#b3001b", "width": 5.0, "dash": "2 7"},
            "flooded": {"colour": BLUE, "width": 2.0},
            "built": {"colour": "#00734F", "width": 5.0},
        },
    }


def symbol(shape: Shape, colour: str) -> dict[str, str]:
    """Return a symbol as the browser reads it."""
    return {"shape": shape, "colour": colour}


def line(colour: str, width: float) -> dict[str, str | float]:
    """Return a line style as the browser reads it; width in pixels at county zoom."""
    return {"colour": colour, "width": width}


def _road(fill: str, casing: str, widths: tuple[float, ...]) -> dict[str, Any]:
    return {"colour": fill, "casing": casing, "widths": widths}


def _stroke(colour: str, widths: tuple[float, ...]) -> dict[str, Any]:
    return {"colour": colour, "widths": widths}
