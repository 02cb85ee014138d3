"""The layers of a printed map as SVG, millimetres of paper: ground, roads, places, sites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maps.sheet.scale import Fit
from maps.sheet.spec import ChangeKind, Ground, Place, Site
from maps.svg import element, figure
from maps.symbol_shapes import symbol_at
from maps.theme import MINUTE_BREAKS, MINUTE_COLOURS, OTHER_ROAD, ROAD_STYLES, UNREACHABLE, Shape

LAND, EDGE, CASING = "#fcfbf8", "#3c4a5c", "#8d8675"
WATER, BORDER, BUILT, CLOSED, NEW = "#7fb4d8", "#7d8998", "#ece7dc", "#b3001b", "#005a2b"
_MM_OF_PIXEL = 0.26
"""A pixel of the page's widths of lines, on paper."""
_DETAIL_MM = 0.06
"""Finer bends than this cannot be seen in print and are left out."""
CASED = ("motorway", "trunk", "primary", "secondary", "tertiary")


class Drawing:
    """Turns metres into the ``d`` of paths.

    Parameters
    ----------
    fit
    """

    def __init__(self, fit: Fit) -> None:
        self.fit = fit

    def xy(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, 2) millimetres from the upper left corner of the frame."""
        return (points - (self.fit.west, self.fit.north)) * (self.fit.mm_per_m, -self.fit.mm_per_m)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return millimetres of one position."""
        across, down = self.xy(np.array([[x, y]]))[0].tolist()
        return float(across), float(down)

    def path(self, geometry: BaseGeometry) -> str:
        """Return the ``d`` of lines and areas, no finer than print."""
        plain = shapely.simplify(geometry, _DETAIL_MM / self.fit.mm_per_m)
        return "".join(self._parts(plain))

    def _parts(self, geometry: BaseGeometry) -> Iterator[str]:
        for part in shapely.get_parts(geometry):
            if part.geom_type == "Polygon":
                for ring in (part.exterior, *part.interiors):
                    yield f"{self._course(ring)}Z"
            elif not part.is_empty:
                yield f"{self._course(part)}{'Z' if part.geom_type == 'LinearRing' else ''}"

    def _course(self, line: BaseGeometry) -> str:
        points = self.xy(shapely.get_coordinates(line)).tolist()
        return "M" + "L".join(f"{figure(x)} {figure(y)}" for x, y in points)


def draw_ground(drawing: Drawing, ground: Ground) -> str:
    """Return land, settlements, rivers and the outlines of townships and county."""
    parts = []
    if ground.outline is not None:
        parts.append(element("path", d=drawing.path(ground.outline), fill=LAND, fill_rule="evenodd"))
    settlements = "".join(drawing.path(area) for area in ground.settlements)
    if settlements:
        parts.append(element("path", d=settlements, fill=BUILT, fill_rule="evenodd"))
    rivers = "".join(drawing.path(line) for line in ground.rivers)
    if rivers:
        parts.append(element("path", d=rivers, fill="none", stroke=WATER, stroke_width=0.5, stroke_linejoin="round"))
    areas = [area for _name, area in ground.townships]
    borders = "".join(drawing.path(line) for line in (areas if ground.borders is None else [ground.borders]))
    if borders:
        dashes = {"stroke_width": 0.28, "stroke_dasharray": "1.6 0.6 0.4 0.6"}
        parts.append(element("path", d=borders, fill="none", stroke=BORDER, **dashes))
    return element("g", *parts, class_="ground") if parts else ""


def draw_outline(drawing: Drawing, ground: Ground) -> str:
    """Return the outline of the county, upon its roads."""
    if ground.outline is None:
        return ""
    return element("path", d=drawing.path(ground.outline), fill="none", stroke=EDGE, stroke_width=0.55)


def draw_roads(drawing: Drawing, ground: Ground) -> str:
    """Return roads by class, the great ones on top and with an edge."""
    known = ground.roads or {}
    classes = sorted(known, key=_rank, reverse=True)
    courses = {name: drawing.path(known[name]) for name in classes}
    edges = [_road(courses[name], CASING, road_width(name) + 0.22) for name in classes if name in CASED]
    fills = [_road(courses[name], ROAD_STYLES.get(name, OTHER_ROAD)[0], road_width(name)) for name in classes]
    return element("g", *edges, *fills, class_="roads") if classes else ""


def road_width(name: str) -> float:
    """Return the width of a class of roads on paper, millimetres."""
    return ROAD_STYLES.get(name, OTHER_ROAD)[1] * _MM_OF_PIXEL


def _rank(name: str) -> int:
    return list(ROAD_STYLES).index(name) if name in ROAD_STYLES else len(ROAD_STYLES)


def _road(course: str, colour: str, width: float) -> str:
    looks = {"fill": "none", "stroke_linejoin": "round", "stroke_linecap": "round"}
    return element("path", d=course, stroke=colour, stroke_width=float(width), **looks)


def draw_changes(drawing: Drawing, changes: Iterable[tuple[ChangeKind, BaseGeometry]]) -> str:
    """Return roads that the scenario closes or builds."""
    parts = []
    for kind, line in changes:
        looks = {"stroke": CLOSED, "stroke_dasharray": "0.9 0.7"} if kind == "closed" else {"stroke": NEW}
        parts.append(element("path", d=drawing.path(line), fill="none", stroke_width=1.1, class_=kind, **looks))
    return element("g", *parts, class_="changes") if parts else ""


def class_of(seconds: int | None) -> int:
    """Return the class of a time: that of its minutes, and one beyond them for "no way"."""
    if seconds is None:
        return len(MINUTE_COLOURS)
    return next((k for k, limit in enumerate(MINUTE_BREAKS) if seconds <= limit * 60), len(MINUTE_BREAKS))


def radius_of(people: int, median: float, *, letters: float) -> float:
    """Return the radius of a place's circle on paper, millimetres: its area grows with its people."""
    return max(0.36, min(1.8, 0.47 * float(np.sqrt(max(people, 0) / max(median, 1.0))))) * letters


def median_of(places: Sequence[Place]) -> float:
    """Return the median of people over the places that have any."""
    counts = [one.people for one in places if one.people > 0]
    return float(np.median(counts)) if counts else 1.0


def draw_places(drawing: Drawing, places: Sequence[Place], *, letters: float) -> str:
    """Return the places as circles, the large first so that they never hide the small."""
    median = median_of(places)
    parts = []
    for one in sorted(places, key=lambda place: (-place.people, place.name, place.x, place.y)):
        x, y = drawing.at(one.x, one.y)
        parts.append(dot(x, y, radius_of(one.people, median, letters=letters), class_of(one.seconds)))
    return element("g", *parts, class_="places")


def dot(x: float, y: float, radius: float, place: int) -> str:
    """Return the circle of a class; "no way" is crossed out, so that it differs in grey too."""
    colour = MINUTE_COLOURS[place] if place < len(MINUTE_COLOURS) else UNREACHABLE
    circle = element("circle", cx=x, cy=y, r=float(radius), fill=colour, stroke="#2b3440", stroke_width=0.12)
    if place < len(MINUTE_COLOURS):
        return circle
    arm = radius * 0.72
    ends = f"M{figure(x - arm)} {figure(y - arm)}L{figure(x + arm)} {figure(y + arm)}"
    ends += f"M{figure(x - arm)} {figure(y + arm)}L{figure(x + arm)} {figure(y - arm)}"
    return circle + element("path", d=ends, stroke="#000", stroke_width=0.3)


def draw_sites(
    drawing: Drawing, sites: Sequence[Site], symbol: tuple[Shape, str], *, size: float
) -> str:  # fmt: skip
    """Return the opened sites with their numbers, the first on top."""
    parts = []
    for site in reversed(sites):
        x, y = drawing.at(site.x, site.y)
        parts.append(symbol_at(x, y, size, symbol, str(site.number)))
    return element("g", *parts, class_="sites")
