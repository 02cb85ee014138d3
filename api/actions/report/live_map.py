"""The live map of a report in one file: its views, from the figures that the comparison tells."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

from api.actions.ground import ground_file
from api.actions.info import describe_county
from api.actions.open_county import OpenCounty
from api.actions.page import services_told
from api.actions.report.words import called_by_key, scheme_told
from maps.catalogue import Lang, text
from maps.document.html import LiveMap, MapPlaces, MapSite, MapView

Told = Mapping[str, Any]


def live_map_of(told: Told, at_hand: OpenCounty, *, lang: Lang) -> LiveMap:
    """Return what the map of a comparison shows: every scheme, and every change from one to another."""
    places = told["places"]
    columns = {name: places[name] for name in ("ids", "names", "townships", "lon", "lat", "people")}
    views = [_of_scheme(one, told, lang) for one in told["schemes"]]
    views += [_of_difference(pair, told, lang) for pair in told["differences"]]
    return live_map(at_hand, MapPlaces(**columns), views, lang=lang)


def live_map(at_hand: OpenCounty, places: MapPlaces, views: Sequence[MapView], *, lang: Lang) -> LiveMap:
    """Return a map of a county with views."""
    return LiveMap(
        places=places,
        views=views,
        ground=json.loads(gzip.decompress(ground_file(at_hand))),
        extent=tuple(at_hand.extent),  # type: ignore[arg-type]
        info=describe_county(at_hand),
        services=services_told(at_hand.tables, lang),
    )


def _of_scheme(scheme: Told, told: Told, lang: Lang) -> MapView:
    return MapView(
        name=f"scheme-{scheme['key']}",
        title=scheme_told(scheme, lang),
        service=told["service"],
        limit_s=round(scheme["limit_minutes"] * 60),
        seconds=told["places"]["seconds"][scheme["key"]],
        sites=map_sites(scheme["sites"]),
    )


def _of_difference(pair: Told, told: Told, lang: Lang) -> MapView:
    schemes = {one["key"]: one for one in told["schemes"]}
    before, after = schemes[pair["from"]], schemes[pair["to"]]
    called, seconds = called_by_key(told, lang), told["places"]["seconds"]
    kept = {one["id"] for one in after["sites"]}
    return MapView(
        name=f"difference-{pair['from']}-{pair['to']}",
        title=text(lang, "report.pair", before=called[pair["from"]], after=called[pair["to"]]),
        service=told["service"],
        limit_s=round(after["limit_minutes"] * 60),
        seconds=seconds[pair["to"]],
        sites=map_sites(after["sites"]),
        before=seconds[pair["from"]],
        gone=map_sites([one for one in before["sites"] if one["id"] not in kept]),
    )


def map_sites(sites: Sequence[Told]) -> tuple[MapSite, ...]:
    """Return sites in their order, which gives them their numbers."""
    return tuple(MapSite(str(one["id"]), str(one["name"] or one["id"]), one["lon"], one["lat"]) for one in sites)
