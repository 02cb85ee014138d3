"""A publication as programs read it, without an account: figures, my village, remarks, a receipt."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.actions.publications.places import NEAREST, place_told, places_called
from api.actions.publications.publish import GROUND, publication_told
from api.actions.publications.published import Published
from api.actions.publications.queue import remark_shown
from api.actions.publications.remarks import Received, SaidRemark, receipt_told, receive_public
from api.actions.workplace import Workplace
from api.answers import Answer
from api.auth import Public, guarded_router
from api.client import canonical_address
from api.deps import AtWork, CallerLang, WithRecords
from api.description import answers, may_refuse
from api.explain import ApiError
from api.kept_answers import keep_answer, tell
from api.publication_views import FoundPlaces, PublishedAnswer, ReceiptAnswer, ReceivedAnswer, ShownRemarks
from layers.records.remark import AboutKind, Stance
from maps.catalogue import Lang

router = guarded_router()
_OPEN = [Depends(Public())]
_JSON = "application/json"
_HAS_IT: dict[int | str, dict[str, Any]] = {304: {"description": "The browser has it already."}}


async def _published(at_work: AtWork, beside: WithRecords, name: str) -> Published:
    """Return the publication of an address, from memory while that is fresh."""
    found = at_work.published.fresh(name)
    return found if found is not None else await beside(at_work.published.look, name)


Reading = Annotated[Published, Depends(_published)]


class RemarkBody(BaseModel):
    """What somebody says of a publication; whoever sends it twice uses the same ``key``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    about_kind: AboutKind = "scheme"
    about_id: Annotated[str, Field(max_length=100)] = ""
    village_id: Annotated[str, Field(max_length=100)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    stance: Stance = ""
    name: Annotated[str, Field(max_length=80)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    key: Annotated[str, Field(pattern=r"^$|^[\x21-\x7e]{16,100}$")] = ""


@router.get(
    "/api/p/{name}",
    dependencies=_OPEN,
    response_model=None,
    responses=may_refuse(404) | answers(PublishedAnswer) | _HAS_IT,
)
async def publication(request: Request, found: Reading) -> Response:
    """Return a publication with its frozen version."""
    stage = found.publication.stage(datetime.now(UTC))

    def make() -> bytes:
        told = publication_told(found.publication, now=datetime.now(UTC))
        whole = {**told, "heard": found.heard, "adopted": _decision(found), "frozen": found.frozen.body}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()

    return tell(request, found.once(f"json {stage}", lambda: keep_answer(make(), _JSON)))


@router.get(
    "/api/p/{name}/body",
    dependencies=_OPEN,
    response_model=None,
    response_class=Response,
    responses=may_refuse(404) | {200: {"content": {_JSON: {}}}} | _HAS_IT,
)
async def body(request: Request, found: Reading) -> Response:
    """Return the very bytes of the frozen version: their SHA-256 is the publication's."""
    return tell(request, found.lasting.get("body", lambda: keep_answer(found.content, _JSON)))


@router.get(
    "/api/p/{name}/ground",
    dependencies=_OPEN,
    response_model=None,
    response_class=Response,
    responses=may_refuse(404) | {200: {"content": {_JSON: {}}}} | _HAS_IT,
)
async def ground(request: Request, at_work: AtWork, beside: WithRecords, found: Reading) -> Response:
    """Return the ground that the map lies on, as it was when the scheme was published; packed by gzip."""
    sha = found.publication.files.get(GROUND, "")
    headers = {"ETag": f'"{sha[:32]}"', "Cache-Control": "no-cache", "Content-Encoding": "gzip"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    packed = await beside(found.lasting.get, "ground", partial(_file, at_work, sha))
    return Response(packed, media_type=_JSON, headers=headers)


@router.get(
    "/api/p/{name}/places", dependencies=_OPEN, response_model=None, responses=may_refuse(404) | answers(FoundPlaces)
)
async def places(
    at_work: AtWork,
    found: Reading,
    q: Annotated[str, Query(max_length=50)] = "",
    lon: Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)] = None,
) -> Answer:
    """Return places by name, pinyin or initials, or the nearest to a position, with their minutes before and after."""
    if lon is not None and lat is not None:
        near = found.frozen.nearest(lon, lat, most=NEAREST)
        return Answer({"places": [place_told(found, one, metres=metres) for one, metres in near]})
    called = places_called(found, q, cache=at_work.published.cache)
    return Answer({"places": [place_told(found, one) for one in called]})


@router.get(
    "/api/p/{name}/comments", dependencies=_OPEN, response_model=None, responses=may_refuse(404) | answers(ShownRemarks)
)
async def comments(request: Request, found: Reading, lang: CallerLang) -> Response:
    """Return the latest remarks that are shown, with their answers."""
    return tell(request, found.once(f"comments {lang}", lambda: keep_answer(_comments(found, lang), _JSON)))


@router.get(
    "/api/p/{name}/receipts/{code}",
    dependencies=_OPEN,
    response_model=None,
    responses=may_refuse(404) | answers(ReceiptAnswer),
)
async def receipt(at_work: AtWork, beside: WithRecords, found: Reading, code: str) -> Answer:
    """Return what became of the remark of a receipt."""
    return Answer(await beside(lambda: receipt_told(at_work.database.get(), found, code)))


@router.post(
    "/api/publications/{name}/comments",
    status_code=201,
    dependencies=_OPEN,
    response_model=None,
    responses=may_refuse(404, 429) | answers(ReceivedAnswer, 201),
)
async def comment(request: Request, at_work: AtWork, beside: WithRecords, found: Reading, body: RemarkBody) -> Answer:
    """Say something about a publication; the answer holds the receipt by which its author finds it again."""
    said = SaidRemark(**dict(body))
    kept = await beside(lambda: receive_public(at_work.database.get(), found, said, address=address_of(request)))
    at_work.published.forget(name_of(found))
    return Answer(received_told(kept), status_code=201 if kept.is_new else 200)


def received_told(kept: Received) -> dict[str, str]:
    """Return that a remark was kept, as JSON."""
    return {"receipt": kept.receipt, "state": kept.remark.state, "at": kept.remark.at.isoformat()}


def name_of(found: Published) -> str:
    """Return the name of a publication in its address."""
    return found.publication.slug


def address_of(request: Request) -> str:
    """Return the caller's address in its one form."""
    return canonical_address(request.client.host) if request.client else ""


def _comments(found: Published, lang: Lang) -> bytes:
    shown = [remark_shown(found, one, lang) for one in found.remarks if one.text is not None]
    return json.dumps({"heard": found.heard, "comments": shown}, ensure_ascii=False, separators=(",", ":")).encode()


def _decision(found: Published) -> dict[str, str] | None:
    made = found.adopted
    return None if made is None else {"decision": made.decision, "from_date": made.from_date}


def _file(at_work: Workplace, sha: str) -> bytes:
    content = at_work.files.read(sha)
    if content is None:
        raise ApiError(404, "publication-without-ground")
    return content
