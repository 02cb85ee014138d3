"""Signing in and out, the first administrator, one-time links."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access.passwords import SHORTEST
from api.actions.accounts.set_up import set_up
from api.actions.accounts.sign_in import LASTING, SignedIn, open_browser, sign_in
from api.actions.accounts.welcome import accept, invited
from api.actions.workplace import Workplace
from api.auth import COOKIE, Public, guarded_router
from api.auth import SignedIn as MustBeSignedIn
from api.client import canonical_address
from api.deps import AtWork, Caller, CallerLang, WithRecords
from api.explain import ApiError, explain_faults
from api.forms import carried_fields, carried_words, form_of, own_path, told_by_field
from api.pages import home_for, page, remember_lang, sign_in_page
from gis.faults import FaultsError
from layers.records.accounts import Account, AccountStore
from layers.records.audit import Act
from layers.records.grounds import Grounds
from layers.records.sessions import SessionStore
from maps.catalogue import Lang, text

router = guarded_router()
_OPEN = [Depends(Public())]
_LONGEST_LABEL = 80


@router.get("/sign-in", response_class=HTMLResponse, dependencies=_OPEN)
def sign_in_form(lang: CallerLang, next: Annotated[str, Query(max_length=2000)] = "/") -> HTMLResponse:  # noqa: A002
    """Show the form."""
    return sign_in_page(lang, onward=own_path(next))


@router.post("/sign-in", response_class=HTMLResponse, dependencies=_OPEN)
async def enter(request: Request, at_work: AtWork, beside: WithRecords, lang: CallerLang) -> Response:
    """Sign in, and go on to where the form was asked for."""
    form = await form_of(request)
    onward, carried = own_path(form.get("next", "/")), form.get("carried", "")
    try:
        entered = await beside(_enter, at_work, form, request)
    except ApiError as error:
        words = text(lang, f"error.{error.code}", **error.params)
        answer = sign_in_page(lang, onward=onward, carried=carried, typed=form, refused=words, status=error.status)
        if error.status == 429:
            answer.headers["Retry-After"] = str(error.params.get("seconds", 2))
        return answer
    own = entered.account.prefs.get("lang", lang)
    if entered.account.must_change:
        return _with_key(RedirectResponse("/account", 303), entered, request, own)
    fields = carried_fields(carried)
    if fields:
        told = carried_words(fields, own)
        shown = page("doors/carry_on.html", lang=own, next=onward, fields=fields, told=told, switch=None)
        return _with_key(shown, entered, request, own)
    return _with_key(RedirectResponse(_landing(onward, entered), 303), entered, request, own)


@router.post("/sign-out", status_code=303, response_class=HTMLResponse, dependencies=[Depends(MustBeSignedIn())])
async def leave(at_work: AtWork, beside: WithRecords, user: Caller) -> Response:
    """End this session."""
    act = Act(user.actor, "session.ended", "session", str(user.session_id))

    def end() -> None:
        sessions = SessionStore(at_work.database.get())
        sessions.revoke(str(user.session_id), account_id=str(user.account_id), act=act, now=datetime.now(UTC))

    await beside(end)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    answer.headers["Clear-Site-Data"] = '"storage"'  # steps that a page had not saved are nobody else's
    return answer


@router.get("/setup", response_class=HTMLResponse, dependencies=_OPEN)
async def set_up_form(
    at_work: AtWork, beside: WithRecords, lang: CallerLang, code: Annotated[str, Query(max_length=100)] = ""
) -> HTMLResponse:
    """Show the form for the first administrator, while there is none."""
    await beside(_refuse_second, at_work)
    return _set_up_page(lang, typed={"code": code})


@router.post("/setup", response_class=HTMLResponse, dependencies=_OPEN)
async def first(request: Request, at_work: AtWork, beside: WithRecords, lang: CallerLang) -> Response:
    """Make the first administrator and sign in."""
    form = await form_of(request)

    def make() -> SignedIn:
        made = set_up(
            at_work.database.get(),
            at_work.door,
            code=form.get("code", ""),
            name=form.get("name", ""),
            display=form.get("display", ""),
            password=form.get("password", ""),
            again=form.get("again", ""),
            from_addr=_address(request),
        )
        return _open(at_work, made, Grounds(), request)

    return await _go_in(partial(beside, make), request, lang, partial(_set_up_page, typed=form))


@router.get("/welcome/{key}", response_class=HTMLResponse, dependencies=_OPEN)
async def welcome_form(at_work: AtWork, beside: WithRecords, lang: CallerLang, key: str) -> HTMLResponse:
    """Show whom a one-time link is for."""
    account = await beside(lambda: invited(at_work.database.get(), key, now=datetime.now(UTC)))
    return page("doors/welcome.html", lang=lang, account=account, told={}, refused="", least=SHORTEST)


@router.post("/welcome/{key}", response_class=HTMLResponse, dependencies=_OPEN)
async def welcome(request: Request, at_work: AtWork, beside: WithRecords, lang: CallerLang, key: str) -> Response:
    """Choose the password of an account, and sign in."""
    form = await form_of(request)
    account = await beside(lambda: invited(at_work.database.get(), key, now=datetime.now(UTC)))

    def choose() -> SignedIn:
        database = at_work.database.get()
        now = datetime.now(UTC)
        typed = (form.get("password", ""), form.get("again", ""))
        grounds = accept(database, key, *typed, from_addr=_address(request), now=now)
        return _open(at_work, account, grounds, request)

    def again(lang: Lang, *, told: dict[str, str], refused: str, status: int) -> HTMLResponse:
        values: dict[str, Any] = {"account": account, "told": told, "refused": refused, "least": SHORTEST}
        return page("doors/welcome.html", lang=lang, status=status, **values)

    return await _go_in(partial(beside, choose), request, lang, again)


def _set_up_page(
    lang: Lang,
    *,
    typed: dict[str, str],
    told: dict[str, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HTMLResponse:
    values: dict[str, Any] = {"typed": typed, "told": told or {}, "refused": refused, "least": SHORTEST}
    return page("doors/set_up.html", lang=lang, status=status, switch=None, **values)


async def _go_in(make: Any, request: Request, lang: Lang, again: Any) -> Response:
    """Do what makes a session and go to the start page; or show the form again with what is wrong."""
    try:
        entered = await make()
    except FaultsError as error:
        told = told_by_field(explain_faults(error.faults, lang))
        answer: Response = again(lang, told=told, refused=text(lang, "error.request-invalid"), status=422)
        return answer
    except ApiError as error:
        if error.status == 404:
            raise
        refused: Response = again(
            lang, told={}, refused=text(lang, f"error.{error.code}", **error.params), status=error.status
        )
        return refused
    return _with_key(RedirectResponse(_landing("/", entered), 303), entered, request, lang)


def _landing(onward: str, entered: SignedIn) -> str:
    """Return where somebody goes who signed in: not everybody may open the start page."""
    return home_for(entered.account.grants) if onward == "/" else onward


def _refuse_second(at_work: Workplace) -> None:
    if AccountStore(at_work.database.get()).is_any():
        raise ApiError(404, "http-404")


def _enter(at_work: Workplace, form: dict[str, str], request: Request) -> SignedIn:
    return sign_in(
        at_work.database.get(),
        form.get("name", ""),
        form.get("password", ""),
        from_addr=_address(request),
        label=_label(request.headers.get("user-agent", "")),
        now=datetime.now(UTC),
    )


def _open(at_work: Workplace, account: Account, grounds: Grounds, request: Request) -> SignedIn:
    """Let somebody in who has just chosen their password."""
    label = _label(request.headers.get("user-agent", ""))
    key = open_browser(at_work.database.get(), account, grounds, label=label, now=datetime.now(UTC), act=None)
    return SignedIn(account, key)


def _with_key(answer: Response, entered: SignedIn, request: Request, lang: str) -> Response:
    is_secure = request.url.scheme == "https"
    age = round(LASTING.total_seconds())
    answer.set_cookie(COOKIE, entered.key, max_age=age, httponly=True, samesite="lax", secure=is_secure)
    if "lang" in entered.account.prefs:
        remember_lang(answer, request, lang)
    return answer


def _address(request: Request) -> str:
    return canonical_address(request.client.host) if request.client else ""


def _label(agent: str) -> str:
    """Return what a browser calls itself, in a word or two."""
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (browsers, systems)]
    return " · ".join(filter(None, found)) or agent[:_LONGEST_LABEL]
