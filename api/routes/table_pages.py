"""The pages of the tables that an office edits: plain forms, which work without a script."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.actions.table_changes import Change, TableChangedError, change_of_file
from api.actions.table_kinds import kind_here
from api.actions.table_page import changes_shown, table_page, tables_page
from api.actions.tables import edition_in, words_now
from api.actions.workplace import Workplace
from api.auth import Allow, User, guarded_router
from api.deps import AtWork, Caller, CallerLang, WithRecords
from api.description import may_refuse
from api.explain import ApiError, explain_faults
from api.forms import sent_form
from api.multipart import SentForm
from api.pages import page, rooms_for
from api.routes.tables import XLSX, Version, known_kind, save, workbook_of
from gis.faults import FaultsError
from layers.records.accounts import AccountStore
from maps.catalogue import Lang, text
from planning.incidents.deadlines import CHINA_TIME
from planning.tables.definition import TableKind
from planning.tables.registry import TABLES

router = guarded_router()
_A_YEAR_S = 365 * 24 * 3600
_FORM = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {"type": "object"}}}}}
Reader = Annotated[User, Depends(Allow.to("read", "planning-table"))]
Chosen = Annotated[Lang | None, Query(alias="lang")]


@router.get("/tables", response_class=HTMLResponse)
async def every(
    request: Request, at_work: AtWork, beside: WithRecords, user: Reader, *, lang: CallerLang, chosen: Chosen = None
) -> Response:
    """Show the tables."""

    def work() -> Response:
        tables = tables_page(at_work.documents, now=datetime.now(UTC), lang=lang)
        shown = page("tables/all.html", lang=lang, rooms=_rooms(user, lang), user=user, tables=tables)
        return _remembering(shown, request, chosen)

    return await beside(work)


@router.get(
    "/tables/{kind}.xlsx",
    response_class=Response,
    responses=may_refuse(404) | {200: {"content": {XLSX: {}}}},
    dependencies=[Depends(Allow.to("read", "planning-table"))],
)
async def workbook(
    at_work: AtWork, beside: WithRecords, lang: CallerLang, kind: str, version: Version = None
) -> Response:
    """Return a table as an Excel file."""
    return await beside(lambda: workbook_of(at_work, kind, version, lang))


@router.get("/tables/{kind}", response_class=HTMLResponse, responses=may_refuse(404))
async def one(
    request: Request,
    at_work: AtWork,
    beside: WithRecords,
    user: Reader,
    *,
    lang: CallerLang,
    kind: str,
    version: Version = None,
    saved: Version = None,
    chosen: Chosen = None,
) -> Response:
    """Show a table: its rows, its history, and the form to change it."""
    told = "" if saved is None else text(lang, "table.page.saved", version=saved)

    def work() -> Response:
        shown = _page(at_work, known_kind(kind), user, lang, version=version, told={"saved": told})
        return _remembering(shown, request, chosen)

    return await beside(work)


def _declare_form(kind: TableKind) -> None:
    """Declare the form that changes one kind of table, for those who may."""

    @router.post(
        f"/tables/{kind.name}",
        dependencies=[Depends(Allow.to("write", kind.noun))],
        response_class=HTMLResponse,
        openapi_extra=_FORM,
        responses=may_refuse(409),
    )
    async def change(
        request: Request,
        at_work: AtWork,
        beside: WithRecords,
        user: Caller,
        lang: CallerLang,
    ) -> Response:
        """Save a new version of this table, or show everything that is wrong with it."""
        form = await sent_form(request)
        return await beside(_change, at_work, kind, form, user, lang)


for _kind in TABLES.values():
    _declare_form(_kind)


def _change(at_work: Workplace, kind: TableKind, form: SentForm, user: User, lang: Lang) -> Response:
    told: dict[str, Any] = {}
    status = 200
    try:
        saved = save(at_work, kind, _asked(at_work, kind, form, lang), user.actor)
    except ApiError as error:
        status, told = error.status, {"refused": text(lang, f"table.page.{error.code}")}
    except FaultsError as error:
        status = 422
        told = {"refused": text(lang, "table.page.refused"), "problems": explain_faults(error.faults, lang)}
    except TableChangedError as error:
        status = 409
        told = {"refused": text(lang, "table.page.conflict"), "problems": explain_faults(error.faults, lang)}
        words = words_now(at_work.documents, kind, lang)
        told["since"] = None if error.since is None else changes_shown(kind, error.since, words, lang)
    else:
        number = saved.edition.version
        if saved.is_new:
            return RedirectResponse(f"/tables/{kind.name}?saved={number}", 303)
        told = {"saved": text(lang, "table.page.unchanged" if number else "table.page.unchanged-0", version=number)}
    return _page(at_work, kind, user, lang, status=status, typed=form.fields, told=told)


def _asked(at_work: Workplace, kind: TableKind, form: SentForm, lang: Lang) -> Change:
    """Return the change that a form asks for: from a file, or back to an earlier version."""
    expected = _number(form.fields.get("expected_version", ""))
    note, valid_from = form.fields.get("note", ""), _valid_from(form.fields.get("valid_from", ""))
    again = _number(form.fields.get("again", ""))
    if again is not None:
        edition = edition_in(at_work.documents, kind, again)
        if edition is None:
            raise ApiError(422, "no-file")
        named = text(lang, "table.page.version", version=again) if again else text(lang, "table.page.version-0")
        return Change(edition.rows, expected, note or text(lang, "table.page.again-note", name=named), valid_from)
    file = form.files.get("file")
    if file is None or not file.name:
        raise ApiError(422, "no-file")
    here = kind_here(at_work.documents, at_work.settings.data, kind)
    read = change_of_file(at_work.documents, here, file.content, file.name, expected_version=expected, lang=lang)
    return Change(read.rows, read.expected_version, note, valid_from)


def _valid_from(day: str) -> datetime | None:
    """Return the beginning of a day in China; today is now."""
    if not day.strip():
        return None
    try:
        begun = datetime.combine(date.fromisoformat(day.strip()), time(), CHINA_TIME)
    except ValueError:
        raise ApiError(422, "bad-day") from None
    return None if begun.date() == datetime.now(CHINA_TIME).date() else begun


def _page(
    at_work: Workplace,
    kind: TableKind,
    user: User,
    lang: Lang,
    *,
    version: int | None = None,
    status: int = 200,
    typed: dict[str, str] | None = None,
    told: Mapping[str, Any],
) -> HTMLResponse:
    store = at_work.documents
    shown = table_page(store, kind, version, now=datetime.now(UTC), lang=lang, names=_names(at_work))
    if shown is None:
        raise ApiError(404, "unknown-table-version", version=int(version or 0))
    values: dict[str, Any] = {"saved": "", "refused": "", "problems": [], "since": None, **told, **shown}
    values["may_write"] = user.may_change(kind.noun)
    values["typed"] = {name: (typed or {}).get(name, "") for name in ("note", "valid_from")}
    other = "en" if lang == "zh" else "zh"
    switch = None if typed is not None else f"?lang={other}" + ("" if version is None else f"&version={version}")
    rooms = _rooms(user, lang)
    return page("tables/one.html", lang=lang, status=status, rooms=rooms, user=user, switch=switch, **values)


def _rooms(user: User, lang: Lang) -> Any:
    return rooms_for(user, lang, here="/tables")


def _names(at_work: Workplace) -> dict[str, str]:
    """Return what accounts are called."""
    return {account.id: account.display for account in AccountStore(at_work.database.get()).everyone()}


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def _remembering(answer: Response, request: Request, lang: Lang | None) -> Response:
    """Return an answer that keeps the language that was switched to."""
    if lang is not None:
        is_safe = request.url.scheme == "https"
        answer.set_cookie("lang", lang, max_age=_A_YEAR_S, samesite="lax", secure=is_safe)
    return answer
