"""Minutes gained and lost on a printed map: each side with its own shape, darker the more minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from maps.sheet.layers import Drawing, radius_of
from maps.sheet.spec import Changed, Site
from maps.svg import element, figure, path_of
from maps.symbol_shapes import OUTLINES
from maps.theme import CHANGE_BREAKS, GAIN_COLOURS, LOSS_COLOURS, SAME_COLOUR, UNREACHABLE, Shape

Way = Literal["gain", "same", "lose", "newly", "gone", "neither"]


class Change(NamedTuple):
    """A class of change: which way, and which of the breaks of minutes it goes beyond."""

    way: Way
    step: int | None = None


_STEPS = range(len(CHANGE_BREAKS))
CLASSES: tuple[Change, ...] = (
    *(Change("gain", step) for step in reversed(_STEPS)),
    Change("same"),
    *(Change("lose", step) for step in _STEPS),
    Change("newly"),
    Change("gone"),
    Change("neither"),
)
"""From the largest gain to the largest loss, then what is no matter of minutes."""
RARE = CLASSES[-3:]
_EDGE = {"stroke": "#2b3440", "stroke_width": 0.12}
_SMALL = 0.62
"""Of the radius: who gains or loses nothing stands back."""


def change_of(place: Changed) -> Change:
    """Return the class of what a later scheme changes for a place."""
    if place.before is None or place.after is None:
        served = place.before is not None, place.after is not None
        return Change("neither") if served == (False, False) else Change("newly" if served[1] else "gone")
    more = place.after - place.before
    step = int(np.searchsorted([limit * 60 for limit in CHANGE_BREAKS], abs(more), side="left")) - 1
    if step < 0:
        return Change("same")
    return Change("lose" if more > 0 else "gain", step)


def draw_changed(drawing: Drawing, places: Sequence[Changed], *, letters: float) -> str:
    """Return the places with their gains and losses: the smallest changes below, so that losses are never hidden."""
    counts = [one.people for one in places if one.people > 0]
    median = float(np.median(counts)) if counts else 1.0
    found = [(change_of(one), one) for one in places]
    parts = []
    for change, one in sorted(found, key=lambda pair: (_weight(pair[0]), -pair[1].people, pair[1].name, pair[1].x)):
        x, y = drawing.at(one.x, one.y)
        parts.append(mark(x, y, radius_of(one.people, median, letters=letters), change))
    return element("g", *parts, class_="changed")


def _weight(change: Change) -> int:
    """Return how far up a mark is drawn: losses above gains, great ones above small ones."""
    order: tuple[Way, ...] = ("neither", "same", "gain", "newly", "lose", "gone")
    return 10 * order.index(change.way) + (change.step or 0)


def mark(x: float, y: float, radius: float, change: Change) -> str:
    """Return the mark of a class: circles gain, triangles lose, crosses have no way."""
    if change.way == "lose":
        return _triangle(x, y, 1.35 * radius, LOSS_COLOURS[change.step or 0])
    if change.way == "gain":
        return element("circle", cx=x, cy=y, r=float(radius), fill=GAIN_COLOURS[change.step or 0], **_EDGE)
    if change.way == "same":
        return element("circle", cx=x, cy=y, r=float(_SMALL * radius), fill=SAME_COLOUR, **_EDGE)
    if change.way == "newly":
        ring = element("circle", cx=x, cy=y, r=float(radius), fill=GAIN_COLOURS[-1], **_EDGE)
        return ring + element("path", d=_arms(x, y, 0.6 * radius, 0.0), stroke="#fff", stroke_width=0.3)
    if change.way == "gone":
        return _triangle(x, y, 1.5 * radius, UNREACHABLE) + element(
            "path", d=_cross(x, y, 0.8 * radius), stroke="#000", stroke_width=0.35
        )
    return element("path", d=_cross(x, y, 0.7 * radius), stroke="#5b6470", stroke_width=0.25)


def _triangle(x: float, y: float, reach: float, colour: str) -> str:
    base, half = y + 0.62 * reach, 0.95 * reach
    course = path_of([(x, y - reach), (x + half, base), (x - half, base)], closed=True)
    return element("path", d=course, fill=colour, stroke_linejoin="round", **_EDGE)


def _arms(x: float, y: float, arm: float, lean: float) -> str:
    across = f"M{figure(x - arm)} {figure(y - lean)}L{figure(x + arm)} {figure(y + lean)}"
    return across + f"M{figure(x + lean)} {figure(y - arm)}L{figure(x - lean)} {figure(y + arm)}"


def _cross(x: float, y: float, arm: float) -> str:
    return _arms(x, y, arm, arm)


def draw_gone(drawing: Drawing, sites: Sequence[Site], symbol: tuple[Shape, str], *, size: float) -> str:
    """Return the sites that the later scheme does not have: hollow, below those that it has."""
    parts = [hollow_at(*drawing.at(site.x, site.y), size, symbol) for site in sites]
    return element("g", *parts, class_="gone") if parts else ""


def hollow_at(x: float, y: float, size: float, symbol: tuple[Shape, str]) -> str:
    """Return the outline of a symbol, dashed."""
    shape, colour = symbol
    where = f"translate({figure(x - size / 2)} {figure(y - size / 2)}) scale({size / 24:.4f})"
    looks: dict[str, object] = {"d": OUTLINES[shape], "stroke_linejoin": "round", "fill": "#fff"}
    drawn = element("path", **looks, stroke=colour, stroke_width=2.6, stroke_dasharray="4 2.4", fill_opacity=0.85)
    return element("g", drawn, transform=where)
