"""Open311 GeoReport v2: services, requests and their states, for programs of others; JSON and XML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from fastapi import Depends, HTTPException, Path, Request, Response

from api.actions.open311.asking import wanted_of
from api.actions.open311.posted import post_request
from api.actions.open311.services import definition_told, services_told
from api.actions.open311.showing import Guest, requests_told
from api.actions.open311.written import MEDIA, Form, Refused, refused, written
from api.actions.workplace import Workplace
from api.auth import Allow, Public, User, guarded_router, key_of, user_of
from api.client import canonical_address
from api.deps import AtWork, CallerLang, WithRecords
from api.explain import ApiError, explain_faults
from api.forms import form_of
from api.open311_views import described
from api.routes.incidents import at_hand_of
from gis.faults import FaultsError
from layers.records.audit import Actor
from layers.records.database_faults import DatabaseDownError
from maps.catalogue import Lang, text

router = guarded_router()
_OPEN = [Depends(Public())]
_ROOT = "/open311/v2"
_NOBODY = Actor(None, None, "")
"""Who posts without a key: not even the address is kept."""
Ending = Annotated[str, Path(json_schema_extra={"enum": ["json", "xml"]})]


@router.get(f"{_ROOT}/services.{{form}}", dependencies=_OPEN, **described("services"))
async def services(at_work: AtWork, beside: WithRecords, lang: CallerLang, form: Ending) -> Response:
    """List what may be reported."""

    def work() -> Any:
        return services_told(at_work.tables.get(), lang)

    return await _answer(beside, form, lang, work, root="services", item="service")


@router.get(f"{_ROOT}/services/{{code}}.{{form}}", dependencies=_OPEN, **described("definition"))
async def definition(at_work: AtWork, beside: WithRecords, lang: CallerLang, *, code: str, form: Ending) -> Response:
    """Tell what a service asks."""

    def work() -> Any:
        found = definition_told(at_work.tables.get(), code, lang)
        if found is None:
            raise Refused(404, "service_code not found")
        return found

    return await _answer(beside, form, lang, work, root="service_definition")


@router.post(f"{_ROOT}/requests.{{form}}", status_code=201, dependencies=_OPEN, **described("posted"))
async def post(request: Request, at_work: AtWork, beside: WithRecords, lang: CallerLang, form: Ending) -> Response:
    """Report something; the fields are those of a form, ``api_key`` a token of the office."""
    fields = await form_of(request)
    user = await _user(request, fields.get("api_key", ""))
    may = user is not None and await _may_report(request, user)

    def work() -> Any:
        if not may and at_work.settings.open311_reports != "anybody":
            raise Refused(403, "api_key is missing or may not report")
        actor = user.actor if may and user is not None else _NOBODY
        client = canonical_address(request.client.host) if request.client else ""
        address = None if may else client
        now = datetime.now(UTC)
        return post_request(at_work, at_hand_of(at_work), fields, actor=actor, address=address, now=now)

    return await _answer(beside, form, lang, work, root="service_requests", item="request", status=201)


@router.get(f"{_ROOT}/requests.{{form}}", dependencies=_OPEN, **described("requests"))
async def requests(request: Request, at_work: AtWork, beside: WithRecords, lang: CallerLang, form: Ending) -> Response:
    """List requests as far as the caller may see them, the latest first, of ninety days at most."""
    query = dict(request.query_params)
    guest = await _guest(request, at_work, query.get("api_key", ""))

    def work() -> Any:
        wanted = wanted_of(query, now=datetime.now(UTC))
        return requests_told(at_work, at_hand_of(at_work), wanted, guest=guest, lang=lang)

    return await _answer(beside, form, lang, work, root="service_requests", item="request")


@router.get(f"{_ROOT}/requests/{{code}}.{{form}}", dependencies=_OPEN, **described("requests"))
async def one(
    request: Request, at_work: AtWork, beside: WithRecords, lang: CallerLang, *, code: str, form: Ending
) -> Response:
    """Tell one request."""
    query = {**request.query_params, "service_request_id": code}
    guest = await _guest(request, at_work, query.get("api_key", ""))

    def work() -> Any:
        wanted = wanted_of(query, now=datetime.now(UTC))
        found = requests_told(at_work, at_hand_of(at_work), wanted, guest=guest, lang=lang)
        if not found:
            raise Refused(404, "service_request_id not found")
        return found

    return await _answer(beside, form, lang, work, root="service_requests", item="request")


@router.get(f"{_ROOT}/tokens/{{code}}.{{form}}", dependencies=_OPEN, **described("tokens"))
async def token(
    request: Request, at_work: AtWork, beside: WithRecords, lang: CallerLang, *, code: str, form: Ending
) -> Response:
    """Tell the id that belongs to a token: every request has its id at once, which is its token too."""
    guest = await _guest(request, at_work, request.query_params.get("api_key", ""))

    def work() -> Any:
        wanted = wanted_of({"service_request_id": code}, now=datetime.now(UTC))
        found = requests_told(at_work, at_hand_of(at_work), wanted, guest=guest, lang=lang)
        if not found:
            raise Refused(404, "token not found")
        return [{"service_request_id": found[0]["service_request_id"], "token": code}]

    return await _answer(beside, form, lang, work, root="service_requests", item="request")


async def _answer(
    beside: WithRecords,
    form: str,
    lang: Lang,
    work: Callable[[], Any],
    *,
    root: str,
    item: str = "",
    status: int = 200,
) -> Response:
    """Do the work and return what it tells, or why not, in the form that the address names."""
    if form not in MEDIA:
        return _response(refused(Refused(404, "json, xml"), "json"), "json", 404)
    ending = cast("Form", form)
    try:
        return _response(written(await beside(work), ending, root=root, item=item), ending, status)
    except (Refused, ApiError, FaultsError, DatabaseDownError) as error:
        told = _refusal(error, lang)
        return _response(refused(told, ending), ending, told.status)


def _refusal(error: Exception, lang: Lang) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, DatabaseDownError):
        return Refused(503, text(lang, f"error.database-{error.reason}"))
    if isinstance(error, ApiError):
        return Refused(error.status, text(lang, f"error.{error.code}", **error.params))
    faults = explain_faults(error.faults, lang) if isinstance(error, FaultsError) else []
    return Refused(400, "; ".join(f"{one['field']}: {one['expected']}" for one in faults[:5]))


def _response(content: bytes, form: Form, status: int) -> Response:
    return Response(content, status_code=status, media_type=MEDIA[form])


async def _user(request: Request, api_key: str) -> User | None:
    """Return whose key it is; ``None`` for nobody's, which is no error here."""
    try:
        return await user_of(request, api_key or key_of(request))
    except HTTPException:
        return None


async def _may_report(request: Request, user: User) -> bool:
    try:
        await Allow.to("write", "incident")(request, user)
    except HTTPException:
        return False
    return True


async def _guest(request: Request, at_work: Workplace, api_key: str) -> Guest:
    user = await _user(request, api_key)
    if user is None or user.must_change:
        return Guest(None, is_local=False, shows=at_work.settings.open311_shows)
    return Guest(user.account_id, is_local=user.account_id is None, shows=at_work.settings.open311_shows)
