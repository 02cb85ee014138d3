"""Pages of publications and remarks for staff: plain forms, which work without a script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.actions.publications import publish as publishing
from api.actions.publications import queue
from api.actions.publications.answers_sheet import answers_in
from api.actions.publications.remarks import receive_entered
from api.actions.publications.staff_page import register_values
from api.actions.scenarios.visitor import Visitor
from api.auth import Allow, User, guarded_router
from api.deps import Caller, CallerLang, Visiting, WithRecords
from api.description import may_refuse
from api.explain import ApiError
from api.forms import form_of, problems_told, sent_form
from api.hearing_desk import AtHearing, hearing_rooms
from api.hearing_forms import BESIDE, ENTERED, NEW, choosing, chosen, end_of, entered, known
from api.pages import page
from gis.faults import FaultsError
from layers.records.remark import REMARK_STATES, Decision, RemarkState
from maps.catalogue import Lang

router = guarded_router()
_READ = [Depends(Allow.to("read", "hearing"))]
_WRITE = [Depends(Allow.to("write", "hearing"))]
_PUBLISH = [Depends(Allow.to("write", "publication"))]
_FORM = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {"type": "object"}}}}}


@router.get("/hearings", response_class=HTMLResponse, dependencies=_READ)
async def register(
    who: Visiting,
    beside: WithRecords,
    user: Caller,
    lang: CallerLang,
    *,
    runs: Annotated[str, Query(max_length=400)] = "",
) -> HTMLResponse:
    """Show the register and the form that publishes; ``runs`` names schemes for it, as the comparison does."""
    return await beside(_register, who, user, lang, typed=choosing(runs))


@router.post("/hearings", response_class=HTMLResponse, dependencies=_PUBLISH, openapi_extra=_FORM)
async def publish(request: Request, who: Visiting, beside: WithRecords, user: Caller, lang: CallerLang) -> Response:
    """Publish a scheme, or show everything that is wrong."""
    typed = {**NEW, **known(await form_of(request), NEW)}

    def work() -> Response:
        asked = publishing.Asked(
            chosen(typed), typed["title"], typed["text"], end_of(typed["closes"]), typed["slug"].strip()
        )
        try:
            made = publishing.publish(who, asked)
        except (FaultsError, ApiError) as error:
            return _register(who, user, lang, typed=typed, problems=problems_told(error, lang))
        return RedirectResponse(f"/hearings/{made.slug}", 303)

    return await beside(work)


@router.get("/hearings/{name}", response_class=HTMLResponse, dependencies=_READ, responses=may_refuse(404))
async def one(desk: AtHearing) -> HTMLResponse:
    """Show a publication with its queue."""
    return await desk.show()


@router.post(
    "/hearings/{name}/remarks/{comment}",
    response_class=HTMLResponse,
    dependencies=_WRITE,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def decide(request: Request, desk: AtHearing, comment: str) -> Response:
    """Show, hide or answer a remark."""
    form = await form_of(request)
    state: RemarkState = next((one for one in REMARK_STATES if one == form.get("state")), "new")
    version, answer = form.get("version", ""), form.get("answer", "")
    decision = Decision(comment, state, answer, int(version) if version.isdecimal() else None)

    def work() -> str:
        return str(len(queue.decide(desk.who, desk.found, [decision])))

    return await desk.act(work, typed={"answer": answer})


@router.post(
    "/hearings/{name}/entered",
    response_class=HTMLResponse,
    dependencies=_WRITE,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def enter(request: Request, desk: AtHearing) -> Response:
    """Enter what somebody said elsewhere, and show its receipt."""
    typed = {**ENTERED, **known(await form_of(request), ENTERED)}

    def work() -> str:
        at_work = desk.who.at_work
        kept = receive_entered(at_work.database.get(), desk.found, entered(typed), actor=desk.who.actor)
        at_work.published.forget(desk.slug)
        return kept.receipt

    return await desk.act(work, typed={**typed, "answer": ""})


@router.post(
    "/hearings/{name}/answers",
    response_class=HTMLResponse,
    dependencies=_WRITE,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def answers(request: Request, desk: AtHearing) -> Response:
    """Take in answers from an Excel file, all of it or nothing."""
    file = (await sent_form(request)).files.get("file")

    def work() -> str:
        if file is None or not file.name:
            raise ApiError(422, "answers-no-file")
        return str(answers_in(desk.who, desk.found, file.content, file.name, lang=desk.lang).changed)

    return await desk.act(work)


@router.post(
    "/hearings/{name}/withdraw",
    response_class=HTMLResponse,
    dependencies=_PUBLISH,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def withdraw(request: Request, desk: AtHearing) -> Response:
    """Withdraw a publication with the reason that everybody reads."""
    reason = (await form_of(request)).get("reason", "")

    def work() -> str:
        publishing.withdraw(desk.who, desk.slug, reason)
        return ""

    return await desk.act(work, typed={"reason": reason})


@router.get(
    "/hearings/{name}/remarks/{comment}", response_class=HTMLResponse, dependencies=_READ, responses=may_refuse(404)
)
async def person(desk: AtHearing, comment: str) -> HTMLResponse:
    """Show who made a remark; that it was looked at is recorded."""

    def work() -> HTMLResponse:
        told = queue.remark_with_person(desk.who, desk.found, comment, lang=desk.lang)
        shown: dict[str, Any] = {
            "one": told,
            "slug": desk.slug,
            "may_write": desk.user.may_change("hearing"),
            "back": desk.address(),
        }
        rooms = hearing_rooms(desk.user, desk.lang)
        return page("hearings/person.html", lang=desk.lang, rooms=rooms, user=desk.user, switch=None, **shown)

    return await desk.beside(work)


@router.post(
    "/hearings/{name}/remarks/{comment}/erase",
    response_class=HTMLResponse,
    dependencies=_WRITE,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def erase(desk: AtHearing, comment: str) -> Response:
    """Erase what was said and who said it."""

    def work() -> str:
        queue.erase(desk.who, desk.found, comment, lang=desk.lang)
        return "1"

    return await desk.act(work)


def _register(
    who: Visitor, user: User, lang: Lang, *, typed: dict[str, str], problems: Sequence[str] = ()
) -> HTMLResponse:
    wanted = chosen(typed)
    values: dict[str, Any] = register_values(who, wanted=wanted, now=datetime.now(UTC), lang=lang)
    other = {"lang": "en" if lang == "zh" else "zh", **({"runs": ",".join(wanted)} if wanted else {})}
    values |= {"beside": BESIDE, "typed": typed, "problems": problems, "rooms": hearing_rooms(user, lang), "user": user}
    switch, status = (None, 422) if problems else (f"?{urlencode(other)}", 200)
    return page("hearings/all.html", lang=lang, status=status, switch=switch, **values)
