"""The map of a printed sheet: layers in their order, names where they are free, all at a true scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from maps.catalogue import Lang, text
from maps.sheet import difference, layers
from maps.sheet.names import Box, Name, Names
from maps.sheet.scale import Fit, fit
from maps.sheet.spec import Ground, MapSpec
from maps.svg import element, figure, words

_SPOTS = 7
"""So many rows and columns of spots are tried for the name of an area."""
_MANY_SITES = 30
_ALONG_MM = {"road": 2.0, "river": 2.2}
LineSpot = tuple[float, float, float, float]
FONTS = "Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"


@dataclass(frozen=True)
class DrawnMap:
    """A map and what a sheet says of it.

    Parameters
    ----------
    svg
    fit
    names
        As they were placed.
    unnamed
        How many sites carry only their number.
    """

    svg: str
    fit: Fit
    names: tuple[Name, ...]
    unnamed: int


def draw_map(spec: MapSpec, *, width_mm: float, height_mm: float, letters: float, lang: Lang) -> DrawnMap:
    """Draw a map for print.

    Parameters
    ----------
    spec
    width_mm, height_mm
        Of its frame; the units of the picture are millimetres.
    letters
        Size of letters and symbols beside those on A4.
    lang
        Of its title.
    """
    placed = fit(extent_of(spec), width_mm=width_mm, height_mm=height_mm, stretch=spec.ground.stretch)
    drawing = layers.Drawing(placed)
    size = site_size(len(spec.sites), letters)
    names, unnamed = _names(spec, drawing, size=size, letters=letters)
    drawn = element(
        "svg",
        element("title", words(text(lang, "sheet.map-title"))),
        element("rect", width=width_mm, height=height_mm, fill="#fff"),
        _base(spec.ground, placed),
        layers.draw_changes(drawing, spec.changes),
        layers.draw_places(drawing, spec.places, letters=letters) if spec.places else "",
        difference.draw_changed(drawing, spec.changed, letters=letters) if spec.changed else "",
        difference.draw_gone(drawing, spec.gone, spec.symbol, size=size),
        layers.draw_sites(drawing, spec.sites, spec.symbol, size=size),
        *(_written(name, kind) for name, kind in names),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {figure(width_mm)} {figure(height_mm)}",
        width=f"{figure(width_mm)}mm",
        height=f"{figure(height_mm)}mm",
        role="img",
        class_="map",
        font_family=FONTS,
        data_scale=placed.denominator,
    )
    return DrawnMap(drawn, placed, tuple(name for name, _ in names), unnamed)


@lru_cache(maxsize=8)
def _base(ground: Ground, fit_: Fit) -> str:
    """Return what lies under all plans of a county, drawn once for the maps of a report."""
    drawing = layers.Drawing(fit_)
    parts = (layers.draw_ground(drawing, ground), layers.draw_roads(drawing, ground))
    return "".join((*parts, layers.draw_outline(drawing, ground)))


def extent_of(spec: MapSpec) -> tuple[float, float, float, float]:
    """Return west, south, east, north of the county, else of its places and sites; metres."""
    if spec.ground.outline is not None and not spec.ground.outline.is_empty:
        west, south, east, north = spec.ground.outline.bounds
        return west, south, east, north
    places, sites = _where(spec), [(one.x, one.y) for one in spec.sites]
    points = np.array([*places, *sites] or [(0.0, 0.0)])
    (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return west, south, east, north


def _where(spec: MapSpec) -> list[tuple[float, float]]:
    return [(one.x, one.y) for one in spec.places] + [(one.x, one.y) for one in spec.changed]


def site_size(count: int, letters: float) -> float:
    """Return the size of a site's symbol on paper, millimetres: smaller where there are many."""
    return (6.0 if count <= _MANY_SITES else 3.6) * letters


def _names(
    spec: MapSpec, drawing: layers.Drawing, *, size: float, letters: float
) -> tuple[list[tuple[Name, str]], int]:
    """Return the names of sites, townships and rivers, each with its kind, and how many sites are without."""
    frame = Box(0.4, 0.4, drawing.fit.width_mm - 0.4, drawing.fit.height_mm - 0.4)
    where = [drawing.at(site.x, site.y) for site in spec.sites]
    half = 0.46 * size
    names = Names(frame, [Box(x - half, y - half, x + half, y + half) for x, y in where])
    small = (2.5 if len(spec.sites) <= _MANY_SITES else 1.9) * letters
    found: list[tuple[Name, str]] = []
    for site, (x, y) in zip(spec.sites, where, strict=True):
        name = names.beside(site.name, small, x, y, radius=half)
        found += [(name, "site")] if name is not None else []
    unnamed = len(spec.sites) - len(found)
    for word, area in spec.ground.townships:
        name = names.within(word, 2.9 * letters, _spots(drawing, area)) if word else None
        found += [(name, "township")] if name is not None else []
    for line in spec.ground.along:
        spots = [(*drawing.at(x, y), turned, reach * drawing.fit.mm_per_m) for x, y, turned, reach in line.spots]
        name = names.along(line.name, _ALONG_MM[line.kind] * letters, _from_the_middle(spots))
        found += [(name, line.kind)] if name is not None else []
    return found, unnamed


def _from_the_middle(spots: list[LineSpot]) -> list[LineSpot]:
    """Return spots in their order of preference: from the middle of the line outwards."""
    middle = len(spots) / 2
    return sorted(spots, key=lambda spot: abs(spots.index(spot) + 0.5 - middle))


def _spots(drawing: layers.Drawing, geometry: BaseGeometry) -> list[tuple[float, float]]:
    """Return where a name may stand in an area, from its middle outwards; millimetres."""
    middle = shapely.get_coordinates(shapely.point_on_surface(geometry))[0]
    west, south, east, north = geometry.bounds
    across, up = np.meshgrid(np.linspace(west, east, _SPOTS + 2)[1:-1], np.linspace(south, north, _SPOTS + 2)[1:-1])
    points = np.column_stack([across.ravel(), up.ravel()])
    inside = points[shapely.contains_xy(geometry, points)]
    centre = shapely.get_coordinates(shapely.centroid(geometry))[0]
    order = np.argsort(((inside - centre) ** 2).sum(axis=1), kind="stable")
    spots = drawing.xy(np.vstack([centre[None], middle[None], inside[order]]))
    return [(float(x), float(y)) for x, y in spots.tolist()]


_LOOKS: dict[str, dict[str, object]] = {
    "site": {"fill": "#1a1a1a", "font_weight": 700, "stroke": "#fff"},
    "township": {"fill": "#4a4a4a", "stroke": "#fcfbf8", "font_family": "Noto Serif CJK SC, SimSun, Songti SC, serif"},
    "river": {"fill": "#1f6b9e", "font_style": "italic", "stroke": "#fcfbf8"},
    "road": {"fill": "#7a4b12", "stroke": "#fcfbf8"},
}


def _written(name: Name, kind: str) -> str:
    where: dict[str, object] = {"x": name.x, "y": name.y}
    if name.turned:
        at = f"translate({figure(name.x)} {figure(name.y)}) rotate({figure(name.turned)})"
        where = {"x": 0, "y": 0.36 * name.size, "transform": at}
    return element(
        "text", words(name.text), **where, text_anchor="middle", font_size=float(name.size),
        stroke_width=float(0.3 * name.size), paint_order="stroke", stroke_linejoin="round", class_=f"name {kind}",
        **_LOOKS[kind],
    )  # fmt: skip
