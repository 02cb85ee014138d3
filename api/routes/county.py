"""The county: figures, layers, search, minutes to what stands today."""

from __future__ import annotations

import gzip
import json
from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Response

from api.actions.info import describe_county
from api.actions.open_county import OpenCounty
from api.actions.search.find import search_places
from api.actions.show import access_to, place_at, show_layer
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import AtWork, Build
from api.description import answers, may_refuse
from api.explain import ApiError
from api.place_views import PlaceAnswer, PointAnswer
from api.views import AccessAnswer, CountyAnswer, LayerAnswer
from gis.travel_modes import Mode
from planning.groups import Base

router = guarded_router()
LayerName = Literal["county", "townships", "villages", "neighbourhoods", "roads", "rivers", "facilities", "cells"]


class GeoAnswer(Answer):
    """GeoJSON."""

    media_type = "application/geo+json"


@router.get(
    "/api/county",
    dependencies=[Depends(Allow.to("read", "county"))],
    response_model=None,
    responses=answers(CountyAnswer),
)
def county(at_work: AtWork, build: Build = None) -> Answer:
    """Return the county in figures."""
    return Answer(describe_county(at_work.build_of_county(build)))


@router.get(
    "/api/layers/{name}",
    dependencies=[Depends(Allow.to("read", "county"))],
    response_class=GeoAnswer,
    response_model=None,
    responses=may_refuse(404) | answers(LayerAnswer) | {304: {"description": "The browser has it already."}},
)
def layer(
    request: Request, at_work: AtWork, name: LayerName, *, streets: bool = False, build: Build = None
) -> Response:
    """Return a layer as GeoJSON; roads merged by class, village streets on their own."""
    at_hand = at_work.build_of_county(build)
    etag = f'"{at_hand.county.version}-{name}-{streets:d}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    packed = at_hand.once(f"layer {name} {streets}", lambda: _packed_layer(at_hand, name, streets=streets))
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(packed, media_type=GeoAnswer.media_type, headers=headers)
    return Response(gzip.decompress(packed), media_type=GeoAnswer.media_type, headers=headers)


@router.get(
    "/api/search",
    dependencies=[Depends(Allow.to("read", "county"))],
    response_model=None,
    responses=answers(list[PlaceAnswer]),
)
def search(at_work: AtWork, q: Annotated[str, Query(max_length=50)], build: Build = None) -> Answer:
    """Find places, townships, communities, roads, rivers, bridges and cells by name, code or how they sound."""
    return Answer(search_places(at_work.build_of_county(build), q))


@router.get(
    "/api/place",
    dependencies=[Depends(Allow.to("read", "county"))],
    response_model=None,
    responses=answers(PointAnswer),
)
def place(
    at_work: AtWork,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
) -> Answer:
    """Return the cell and the township of a point, and whether it lies in the county."""
    return Answer(place_at(at_work.county_as_built, lon, lat))


@router.get(
    "/api/access",
    dependencies=[Depends(Allow.to("read", "county"))],
    response_model=None,
    responses=may_refuse(404) | answers(AccessAnswer),
)
def access(
    at_work: AtWork,
    kind: Annotated[str, Query(max_length=40)] = "township-office",
    mode: Mode = "e-bike",
    base: Base = "resident",
) -> Answer:
    """Return every village's seconds to the nearest facility of a kind that stands today."""
    try:
        return Answer(access_to(at_work.county, kind, mode=mode, base=base))
    except KeyError:
        raise ApiError(404, "unknown-kind", kind=kind) from None


def _packed_layer(at_hand: OpenCounty, name: str, *, streets: bool) -> bytes:
    shown = show_layer(at_hand, name, streets=streets)
    return gzip.compress(
        json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode(), compresslevel=5, mtime=0
    )
