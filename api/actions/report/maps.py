"""The maps of a report: each scheme, and the minutes gained and lost from one to another."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from api.actions.open_county import OpenCounty
from api.actions.projection import project
from api.actions.report.words import called_by_key, scheme_told
from api.actions.sheets.ground import ground_of
from maps.catalogue import Lang, text
from maps.document.blocks import Picture
from maps.sheet.figure import map_figure
from maps.sheet.spec import Changed, Ground, MapSpec, Place, Site
from maps.theme import PLAN_SYMBOLS, Shape

Told = Mapping[str, Any]
_DEGREES = "EPSG:4326"


@dataclass(frozen=True)
class Room:
    """How large a map may be: millimetres, and its letters beside those of a page of A4."""

    width_mm: float
    height_mm: float
    letters: float = 1.0


PAGE = Room(168.0, 166.0)
"""A page of A4 with room for headings and a table of ten sites."""
_SITES_ON_PAGE, _ROW_MM, _LEAST_MM = 9, 5.4, 115.0
"""Beyond so many sites a map is lower by so much a site, so that the table still stands below it."""


class MapsOf:
    """Draws the maps of a comparison; what lies under all of them is read once.

    Parameters
    ----------
    at_hand
    told
        As ``GET /api/compare`` tells it.
    lang
    """

    def __init__(self, at_hand: OpenCounty, told: Told, lang: Lang) -> None:
        self.told, self.lang = told, lang
        self.ground: Ground = ground_of(at_hand)
        self.service = str(told["service_name"])
        symbols = zip(at_hand.tables.services, itertools.cycle(PLAN_SYMBOLS), strict=False)
        self.symbol: tuple[Shape, str] = dict(symbols)[told["service"]]
        places = told["places"]
        self._xy = project(places["lon"], places["lat"], source=_DEGREES, target=at_hand.county.crs).tolist()
        sites = [(one["lon"], one["lat"]) for scheme in told["schemes"] for one in scheme["sites"]]
        lon, lat = np.array(sites, np.float64).reshape(-1, 2).T
        placed = project(lon, lat, source=_DEGREES, target=at_hand.county.crs).tolist()
        self._at = dict(zip(sites, placed, strict=True))

    def of_scheme(self, scheme: Told) -> Picture:
        """Return the map of a scheme: minutes of every place, and its sites by number."""
        seconds = self.told["places"]["seconds"][scheme["key"]]
        places = (Place(name, x, y, people, s) for (name, x, y, people), s in zip(self._places(), seconds, strict=True))
        spec = MapSpec(self.ground, tuple(places), self._sites(scheme), self.symbol)
        caption = text(self.lang, "report.figure.scheme", scheme=scheme_told(scheme, self.lang))
        more = _ROW_MM * max(0, len(scheme["sites"]) - _SITES_ON_PAGE)
        room = Room(PAGE.width_mm, max(_LEAST_MM, PAGE.height_mm - more))
        return self._drawn(spec, f"scheme-{scheme['key']}", caption, room)

    def of_difference(self, pair: Told, room: Room = PAGE) -> Picture:
        """Return the map of the minutes that places gain and lose from one scheme to another."""
        seconds = self.told["places"]["seconds"]
        times = zip(self._places(), seconds[pair["from"]], seconds[pair["to"]], strict=True)
        changed = tuple(Changed(name, x, y, people, was, now) for (name, x, y, people), was, now in times)
        schemes = {scheme["key"]: scheme for scheme in self.told["schemes"]}
        before, after = schemes[pair["from"]], schemes[pair["to"]]
        kept = {one["id"] for one in after["sites"]}
        stood = zip(before["sites"], self._sites(before), strict=True)
        gone = tuple(site for one, site in stood if one["id"] not in kept)
        spec = MapSpec(self.ground, (), self._sites(after), self.symbol, changed=changed, gone=gone)
        called = called_by_key(self.told, self.lang)
        names = {"before": called[pair["from"]], "after": called[pair["to"]]}
        caption = text(self.lang, "report.figure.difference", **names)
        return self._drawn(spec, f"difference-{pair['from']}-{pair['to']}", caption, room)

    def _places(self) -> list[tuple[str, float, float, int]]:
        places = self.told["places"]
        rows = zip(places["names"], self._xy, places["people"], strict=True)
        return [(name, x, y, people) for name, (x, y), people in rows]

    def _sites(self, scheme: Told) -> tuple[Site, ...]:
        return tuple(
            Site(number, one["name"] or one["id"], x, y, stands=bool(one.get("stands")))
            for number, one in enumerate(scheme["sites"], 1)
            for x, y in (self._at[one["lon"], one["lat"]],)
        )

    def _drawn(self, spec: MapSpec, name: str, caption: str, room: Room) -> Picture:
        drawn = map_figure(
            spec,
            service=self.service,
            width_mm=room.width_mm,
            height_mm=room.height_mm,
            letters=room.letters,
            lang=self.lang,
        )
        return Picture(name, caption, drawn.svg, drawn.width_mm, drawn.height_mm)
