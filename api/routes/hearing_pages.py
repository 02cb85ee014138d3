"""Pages of publications and remarks for staff: plain forms, which work without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from api.access.rights import NOUNS
from api.actions.publications import publish as publishing
from api.actions.publications import queue
from api.actions.publications.answers_sheet import answers_in
from api.actions.publications.counter_card import counter_card
from api.actions.publications.published import Published
from api.actions.publications.remarks import receive_entered
from api.actions.publications.staff_page import queue_values, register_values
from api.actions.scenarios.visitor import Visitor
from api.auth import Allow, User, guarded_router
from api.deps import Caller, CallerLang, Visiting, WithRecords
from api.description import may_refuse
from api.explain import ApiError, explain_faults
from api.forms import form_of, sent_form
from api.hearing_forms import ENTERED, NEW, end_of, entered, known
from api.pages import page, rooms_for
from api.routes.hearings import Wanted
from api.routes.published import Reading, name_of
from gis.faults import FaultsError
from layers.records.remark import REMARK_STATES, Decision, RemarkState
from maps.catalogue import Lang, text

router = guarded_router()
_WRITE = [Depends(Allow.to("write", "hearing"))]
_FORM = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {"type": "object"}}}}}
Reader = Annotated[User, Depends(Allow.to("read", "hearing"))]


class Opened(Wanted):
    """Which remarks are shown, and what was just done: how many changed, or the receipt of one that was entered."""

    said: str = Field(default="", max_length=40, pattern=r"^[A-Z0-9-]*$")


@router.get("/hearings", response_class=HTMLResponse)
async def register(who: Visiting, beside: WithRecords, user: Reader, lang: CallerLang) -> HTMLResponse:
    """Show the register and the form that publishes."""
    return await beside(_register, who, user, lang)


@router.post(
    "/hearings",
    response_class=HTMLResponse,
    dependencies=[Depends(Allow.to("write", "publication"))],
    openapi_extra=_FORM,
)
async def publish(request: Request, who: Visiting, beside: WithRecords, user: Caller, lang: CallerLang) -> Response:
    """Publish a scheme, or show everything that is wrong."""
    typed = {**NEW, **known(await form_of(request), NEW)}

    def work() -> Response:
        asked = publishing.Asked(
            [typed["run"]], typed["title"], typed["text"], end_of(typed["closes"]), typed["slug"].strip()
        )
        try:
            made = publishing.publish(who, asked)
        except (FaultsError, ApiError) as error:
            return _register(who, user, lang, typed=typed, problems=_problems(error, lang), status=422)
        return RedirectResponse(f"/hearings/{made.slug}", 303)

    return await beside(work)


@router.get("/hearings/{name}", response_class=HTMLResponse, responses=may_refuse(404))
async def one(
    who: Visiting,
    beside: WithRecords,
    user: Reader,
    found: Reading,
    *,
    lang: CallerLang,
    asked: Annotated[Opened, Query()],
) -> HTMLResponse:
    """Show a publication with its queue."""
    told = asked.said
    key = "saved" if told.isdecimal() else "entered"
    said = text(lang, f"hearings.{key}", count=told, code=told) if told else ""
    return await beside(_one, who, user, found, asked, lang, said=said)


@router.post(
    "/hearings/{name}/remarks/{comment}",
    response_class=HTMLResponse,
    dependencies=_WRITE,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def decide(
    request: Request,
    who: Visiting,
    beside: WithRecords,
    user: Caller,
    found: Reading,
    *,
    lang: CallerLang,
    comment: str,
) -> Response:
    """Show, hide or answer a remark."""
    form = await form_of(request)
    state: RemarkState = next((one for one in REMARK_STATES if one == form.get("state")), "new")
    version = form.get("version", "")
    decision = Decision(comment, state, form.get("answer", ""), int(version) if version.isdecimal() else None)

    def work() -> str:
        return str(len(queue.decide(who, found, [decision])))

    return await beside(_done, work, who, user, found, lang)


@router.post(
    "/hearings/{name}/entered",
    response_class=HTMLResponse,
    dependencies=_WRITE,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def enter(
    request: Request, who: Visiting, beside: WithRecords, user: Caller, found: Reading, *, lang: CallerLang
) -> Response:
    """Enter what somebody said elsewhere, and show its receipt."""
    typed = {**ENTERED, **known(await form_of(request), ENTERED)}

    def work() -> str:
        kept = receive_entered(who.at_work.database.get(), found, entered(typed), actor=who.actor)
        who.at_work.published.forget(name_of(found))
        return kept.receipt

    return await beside(_done, work, who, user, found, lang, typed=typed)


@router.post(
    "/hearings/{name}/answers",
    response_class=HTMLResponse,
    dependencies=_WRITE,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def answers(
    request: Request, who: Visiting, beside: WithRecords, user: Caller, found: Reading, *, lang: CallerLang
) -> Response:
    """Take in answers from an Excel file, all of it or nothing."""
    form = await sent_form(request)
    file = form.files.get("file")

    def work() -> str:
        if file is None or not file.name:
            raise ApiError(422, "answers-no-file")
        return str(answers_in(who, found, file.content, file.name, lang=lang).changed)

    return await beside(_done, work, who, user, found, lang)


@router.post(
    "/hearings/{name}/withdraw",
    response_class=HTMLResponse,
    dependencies=[Depends(Allow.to("write", "publication"))],
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def withdraw(
    request: Request, who: Visiting, beside: WithRecords, user: Caller, found: Reading, *, lang: CallerLang
) -> Response:
    """Withdraw a publication with the reason that everybody reads."""
    typed = {**ENTERED, **known(await form_of(request), ENTERED)}

    def work() -> str:
        publishing.withdraw(who, name_of(found), typed["reason"])
        return ""

    return await beside(_done, work, who, user, found, lang, typed=typed)


@router.get("/hearings/{name}/remarks/{comment}", response_class=HTMLResponse, responses=may_refuse(404))
async def person(
    who: Visiting, beside: WithRecords, user: Reader, found: Reading, *, lang: CallerLang, comment: str
) -> HTMLResponse:
    """Show who made a remark; that it was looked at is recorded."""

    def work() -> HTMLResponse:
        told = queue.remark_with_person(who, found, comment, lang=lang)
        values: dict[str, Any] = {"one": told, "slug": name_of(found), "may_write": _may_write(user)}
        return page("hearings/person.html", lang=lang, rooms=_rooms(user, lang), user=user, switch=None, **values)

    return await beside(work)


@router.post(
    "/hearings/{name}/remarks/{comment}/erase",
    response_class=HTMLResponse,
    dependencies=_WRITE,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def erase(who: Visiting, beside: WithRecords, found: Reading, *, lang: CallerLang, comment: str) -> Response:
    """Erase what was said and who said it."""
    await beside(queue.erase, who, found, comment, lang=lang)
    return RedirectResponse(f"/hearings/{name_of(found)}?said=1", 303)


def _register(
    who: Visitor,
    user: User,
    lang: Lang,
    *,
    typed: dict[str, str] | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    values = register_values(who, now=datetime.now(UTC), lang=lang)
    switch = None if typed else ""
    shown = {**values, "typed": typed or NEW, "problems": problems or []}
    rooms = _rooms(user, lang)
    return page("hearings/all.html", lang=lang, status=status, rooms=rooms, user=user, switch=switch, **shown)


def _one(
    who: Visitor,
    user: User,
    found: Published,
    asked: Wanted,
    lang: Lang,
    *,
    said: str = "",
    typed: dict[str, str] | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    values = queue_values(who, found, asked.filter(), page=asked.page, now=datetime.now(UTC), lang=lang)
    given = {
        name: value
        for name, value in asked.model_dump(mode="json", exclude={"page", "said"}).items()
        if value not in ("", None)
    }
    given |= {"answered": str(asked.answered).lower()} if asked.answered is not None else {}
    slug = name_of(found)
    shown = {
        **values,
        "asked": {"state": "", "channel": "", "stance": "", "answered": "", "receipt": "", **given},
        "newer": f"?{urlencode({**given, 'page': asked.page - 1})}" if asked.page > 1 else "",
        "older": f"?{urlencode({**given, 'page': asked.page + 1})}" if asked.page < values["pages"] else "",
        "workbook": f"/api/publications/{slug}/comments.xlsx?{urlencode({**given, 'lang': lang})}",
        "said": said,
        "typed": typed or ENTERED,
        "problems": problems or [],
        "may_write": _may_write(user),
        "counter": counter_card(who, found, lang),
    }
    switch = None if typed or problems else f"?{urlencode({**given, 'lang': 'en' if lang == 'zh' else 'zh'})}"
    rooms = _rooms(user, lang)
    return page("hearings/one.html", lang=lang, status=status, rooms=rooms, user=user, switch=switch, **shown)


def _done(
    work: Callable[[], str],
    who: Visitor,
    user: User,
    found: Published,
    lang: Lang,
    *,
    typed: dict[str, str] | None = None,
) -> Response:
    """Do what a form asks for and go back to the queue, or show there what is wrong."""
    try:
        told = work()
    except (FaultsError, ApiError) as error:
        problems = _problems(error, lang)
        return _one(who, user, found, Wanted(), lang, typed=typed, problems=problems, status=422)
    return RedirectResponse(f"/hearings/{name_of(found)}" + (f"?{urlencode({'said': told})}" if told else ""), 303)


def _problems(error: FaultsError | ApiError, lang: Lang) -> list[str]:
    if isinstance(error, ApiError):
        return [text(lang, f"error.{error.code}", **error.params)]
    told = explain_faults(error.faults, lang)
    return [
        " · ".join(filter(None, (str(one["row"] or ""), one["field"], one["expected"], one["mend"]))) for one in told
    ]


def _may_write(user: User) -> bool:
    return user.may_write and any(grant.role in NOUNS["hearing"].write for grant in user.grants)


def _rooms(user: User, lang: Lang) -> Any:
    return rooms_for(user, lang, here="/hearings")
