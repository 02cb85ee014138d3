"""The ground that maps of the county lie on."""

from __future__ import annotations

import gzip

from fastapi import Depends, Request, Response

from api.actions.ground import ground_file, ground_id
from api.auth import Allow, guarded_router
from api.deps import AtWork, Build
from api.description import answers
from api.place_views import GroundAnswer

router = guarded_router()


@router.get(
    "/api/ground",
    dependencies=[Depends(Allow.to("read", "county"))],
    response_model=None,
    responses=answers(GroundAnswer) | {304: {"description": "The browser has it already."}},
)
def ground(request: Request, at_work: AtWork, build: Build = None) -> Response:
    """Return settlements, roads, rivers, borders and names as a base map draws them: see `gis/ground/__init__.py`."""
    at_hand = at_work.build_of_county(build)
    etag = f'"{ground_id(at_hand)}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    packed = ground_file(at_hand)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, media_type="application/json", headers=headers | {"Content-Encoding": "gzip"})
    return Response(gzip.decompress(packed), media_type="application/json", headers=headers)
