"""One's own account: password, language, sessions, tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access.passwords import SHORTEST
from api.actions.accounts.areas import areas_of
from api.actions.accounts.own import change_password, end_session, keep_lang, make_token, me
from api.actions.accounts.own import view as view_own
from api.actions.workplace import Workplace
from api.answers import Answer
from api.auth import SignedIn, User, guarded_router
from api.deps import AtWork, Caller, CallerLang, WithRecords
from api.description import answers
from api.explain import ApiError, explain_faults
from api.forms import form_of, told_by_field
from api.pages import page, remember_lang, rooms_for
from api.people_page import held_words
from api.views import MeAnswer
from gis.faults import FaultsError
from layers.records.database import Database
from maps.catalogue import LANGS, Lang, text

router = guarded_router()
_OWN = [Depends(SignedIn())]
Done = Literal["password", "language", "session"]


@router.get("/api/me", dependencies=[Depends(SignedIn(or_solo=True))], response_model=None, responses=answers(MeAnswer))
async def who(user: Caller) -> Answer:
    """Return who calls, in which roles and areas."""
    return Answer(me(user))


@router.get("/account", response_class=HTMLResponse, dependencies=_OWN)
async def account(
    at_work: AtWork,
    beside: WithRecords,
    user: Caller,
    lang: CallerLang,
    done: Annotated[Done | None, Query()] = None,
) -> HTMLResponse:
    """Show one's own account."""
    return await beside(_page, at_work, user, lang, done=done)


@router.post("/account/password", response_class=HTMLResponse, dependencies=_OWN)
async def password(request: Request, at_work: AtWork, beside: WithRecords, user: Caller, lang: CallerLang) -> Response:
    """Change one's own password; all other sessions end."""
    form = await form_of(request)
    return await beside(_do, at_work, user, lang, lambda database: change_password(database, user, form), "password")


@router.post("/account/language", response_class=HTMLResponse, dependencies=_OWN)
async def language(request: Request, at_work: AtWork, beside: WithRecords, user: Caller, lang: CallerLang) -> Response:
    """Keep the language that one reads."""
    chosen = (await form_of(request)).get("lang", "")
    kept = chosen if chosen in LANGS else lang
    answer = await beside(_do, at_work, user, lang, lambda database: keep_lang(database, user, kept), "language")
    remember_lang(answer, request, kept)
    return answer


@router.post("/account/tokens", response_class=HTMLResponse, dependencies=_OWN)
async def tokens(
    request: Request, at_work: AtWork, beside: WithRecords, user: Caller, lang: CallerLang
) -> HTMLResponse:
    """Make a token for a program; it is shown this once."""
    form = await form_of(request)

    def make() -> HTMLResponse:
        try:
            token = make_token(at_work.database.get(), user, form)
        except FaultsError as error:
            return _page(at_work, user, lang, told=_told(error, lang), typed=form, status=422)
        return _page(at_work, user, lang, token=token)

    return await beside(make)


@router.post("/account/sessions/{name}/end", response_class=HTMLResponse, dependencies=_OWN)
async def end(at_work: AtWork, beside: WithRecords, user: Caller, lang: CallerLang, name: str) -> Response:
    """End one of one's own sessions."""
    return await beside(_do, at_work, user, lang, lambda database: end_session(database, user, name), "session")


def _do(at_work: Workplace, user: User, lang: Lang, change: Callable[[Database], None], done: Done) -> Response:
    """Make a change and say so; or show what is wrong."""
    try:
        change(at_work.database.get())
    except FaultsError as error:
        return _page(at_work, user, lang, told=_told(error, lang), status=422)
    except ApiError as error:
        if error.status == 404:
            raise
        return _page(
            at_work, user, lang, refused=text(lang, f"error.{error.code}", **error.params), status=error.status
        )
    return RedirectResponse(f"/account?done={done}", 303)


def _told(error: FaultsError, lang: Lang) -> dict[str, str]:
    return told_by_field(explain_faults(error.faults, lang))


def _page(
    at_work: Workplace,
    user: User,
    lang: Lang,
    *,
    told: dict[str, str] | None = None,
    refused: str = "",
    status: int = 200,
    **values: Any,
) -> HTMLResponse:
    shown = {"done": None, "token": "", "typed": {}, **values, **view_own(at_work.database.get(), user)}
    shown["grants"] = held_words(shown["account"], areas_of(at_work), lang, now=datetime.now(UTC))
    rooms = rooms_for(user, lang, here="/account")
    switch = "" if status == 200 and not shown["token"] else None
    return page(
        "doors/account.html",
        lang=lang,
        status=status,
        rooms=rooms,
        switch=switch,
        user=user,
        told=told or {},
        refused=refused,
        least=SHORTEST,
        **shown,
    )
