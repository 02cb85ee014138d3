"""Pages about people: who there is, invitations, roles, resets, hand-overs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.actions.accounts import people
from api.actions.accounts.areas import areas_of
from api.actions.accounts.people import Invited
from api.actions.workplace import Workplace
from api.auth import Allow, User, guarded_router
from api.deps import AtWork, CallerLang, WithRecords
from api.description import may_refuse
from api.explain import ApiError
from api.forms import form_of
from api.pages import page, rooms_for
from api.people_page import (
    asked_rows,
    choices,
    empty_row,
    held_rows,
    people_rows,
    person_words,
    told_by_place,
    typed_rows,
)
from gis.faults import FaultsError
from layers.records.accounts import AccountStore
from layers.records.people import People
from maps.catalogue import Lang, text

router = guarded_router()
Reader = Annotated[User, Depends(Allow.to("read", "account"))]
Writer = Annotated[User, Depends(Allow.to("write", "account"))]
Done = Literal["roles", "name", "disabled", "enabled", "sessions"]
_LINK_COOKIE = "countygrid_link"
_LINK_S = 120
_FOUND = may_refuse(404)


@dataclass(frozen=True)
class _Asked:
    """Whoever asks for a page, and how it is written."""

    request: Request
    at_work: Workplace
    user: User
    lang: Lang

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        rooms = rooms_for(self.user, self.lang, here="/people")
        shown = {"refused": "", "told": {}, "user": self.user, "switch": "" if status == 200 else None, **values}
        return page(f"people/{template}.html", lang=self.lang, status=status, rooms=rooms, **shown)

    def refused(self, error: ApiError) -> str:
        return text(self.lang, f"error.{error.code}", **error.params)


async def _asked(request: Request, at_work: AtWork, lang: CallerLang) -> Callable[[User], _Asked]:
    return lambda user: _Asked(request, at_work, user, lang)


By = Annotated[Callable[[User], _Asked], Depends(_asked)]


@router.get("/people", response_class=HTMLResponse)
async def everybody(by: By, beside: WithRecords, user: Reader) -> HTMLResponse:
    """List everybody with roles and areas."""

    def work(asked: _Asked) -> HTMLResponse:
        database, now = asked.at_work.database.get(), datetime.now(UTC)
        accounts, seen = AccountStore(database).everyone(), People(database).last_seen()
        rows = people_rows(accounts, seen, areas_of(asked.at_work), asked.lang, now=now)
        return asked.page("list", people=rows, is_solo=user.account_id is None)

    return await beside(work, by(user))


@router.get("/people/new", response_class=HTMLResponse)
async def new(by: By, beside: WithRecords, user: Reader) -> HTMLResponse:
    """Show the form of an invitation."""
    return await beside(_invitation, by(user), [empty_row()], {})


@router.post("/people", response_class=HTMLResponse, responses=may_refuse(409))
async def invite(request: Request, by: By, beside: WithRecords, user: Writer) -> Response:
    """Invite somebody, and lead to the page that shows the one-time link."""
    form = await form_of(request)

    def work(asked: _Asked) -> Response:
        if "more" in form:
            return _invitation(asked, typed_rows(form, more=1), form)
        rows = typed_rows(form)
        grants, numbers = asked_rows(rows)
        who = {"name": form.get("name", ""), "display": form.get("display", "")}
        try:
            made = people.invite(asked.at_work, **who, asked=grants, actor=user.actor, now=datetime.now(UTC))
        except FaultsError as error:
            told = told_by_place(error.faults, asked.lang, numbers)
            return _invitation(asked, rows, form, told=told, status=422)
        except ApiError as error:
            return _invitation(asked, rows, form, refused=asked.refused(error), status=error.status)
        return _with_link(request, made)

    return await beside(work, by(user))


@router.get("/people/{name}", response_class=HTMLResponse, responses=_FOUND)
async def person(
    by: By, beside: WithRecords, user: Reader, name: str, done: Annotated[Done | None, Query()] = None
) -> HTMLResponse:
    """Show one person; a one-time link that was just made is shown this once."""
    asked = by(user)
    key = asked.request.cookies.get(_LINK_COOKIE, "")
    answer = await beside(_person, asked, name, done=done, key=key)
    if key:
        answer.delete_cookie(_LINK_COOKIE, path=f"/people/{name}")
    return answer


@router.post("/people/{name}/name", response_class=HTMLResponse, responses=_FOUND)
async def rename(request: Request, by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """Change what others see of somebody."""
    form = await form_of(request)

    def change(at_work: Workplace, now: datetime) -> None:
        people.rename(at_work, name, form.get("display", ""), actor=user.actor, now=now)

    return await beside(_do, by(user), name, change, "name", typed=form)


@router.post("/people/{name}/roles", response_class=HTMLResponse, responses=_FOUND)
async def roles(request: Request, by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """Give somebody these roles and no others."""
    form = await form_of(request)
    rows = typed_rows(form, more=1 if "more" in form else 0)
    grants, numbers = asked_rows(rows)
    version = form.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 10 else None

    def change(at_work: Workplace, now: datetime) -> None:
        people.change_roles(at_work, name, grants, actor=user.actor, now=now, version=seen)

    if "more" in form:
        return await beside(_person, by(user), name, rows=rows, version=version, switch=None)
    return await beside(_do, by(user), name, change, "roles", rows=rows, numbers=numbers, version=version)


@router.post("/people/{name}/reset", response_class=HTMLResponse, responses=_FOUND)
async def reset(request: Request, by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """Void somebody's password, and lead to the page that shows the one-time link."""

    def work(asked: _Asked) -> Response:
        try:
            made = people.reset(asked.at_work, name, actor=user.actor, now=datetime.now(UTC))
        except FaultsError as error:
            told = told_by_place(error.faults, asked.lang, ())
            return _person(asked, name, told=told, status=422)
        return _with_link(request, made)

    return await beside(work, by(user))


@router.post("/people/{name}/disable", response_class=HTMLResponse, responses=_FOUND)
async def disable(request: Request, by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """Keep somebody from signing in, and hand over what is theirs."""
    heir = (await form_of(request)).get("heir", "")

    def change(at_work: Workplace, now: datetime) -> None:
        people.disable(at_work, name, heir=heir or None, actor=user.actor, now=now)

    return await beside(_do, by(user), name, change, "disabled", typed={"heir": heir})


@router.post("/people/{name}/enable", response_class=HTMLResponse, responses=_FOUND)
async def enable(by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """Let somebody sign in again."""
    return await beside(
        _do,
        by(user),
        name,
        lambda at_work, now: people.enable(at_work, name, actor=user.actor, now=now),
        "enabled",
    )


@router.post("/people/{name}/sessions", response_class=HTMLResponse, responses=_FOUND)
async def sessions(by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """End everything that signs in to an account."""

    def change(at_work: Workplace, now: datetime) -> None:
        people.end_sessions(at_work, name, actor=user.actor, now=now)

    return await beside(_do, by(user), name, change, "sessions")


def _do(
    asked: _Asked,
    name: str,
    change: Callable[[Workplace, datetime], None],
    done: Done,
    *,
    numbers: list[int] | None = None,
    **typed: Any,
) -> Response:
    """Make a change and lead back to the person; or show what is wrong, with what was typed."""
    try:
        change(asked.at_work, datetime.now(UTC))
    except FaultsError as error:
        told = told_by_place(error.faults, asked.lang, numbers or ())
        return _person(asked, name, told=told, status=422, **typed)
    return RedirectResponse(f"/people/{name}?done={done}", 303)


def _invitation(asked: _Asked, rows: list[dict[str, str]], form: dict[str, str], **values: Any) -> HTMLResponse:
    chosen = choices(areas_of(asked.at_work), asked.lang)
    is_solo = asked.user.account_id is None
    return asked.page(
        "new", rows=rows, typed=form, is_solo=is_solo, **{"switch": None if form else "", **chosen, **values}
    )


def _person(
    asked: _Asked,
    name: str,
    *,
    rows: list[dict[str, str]] | None = None,
    version: str = "",
    key: str = "",
    **values: Any,
) -> HTMLResponse:
    now = datetime.now(UTC)
    account = people.one_person(asked.at_work, name)
    areas = areas_of(asked.at_work)
    everyone = AccountStore(asked.at_work.database.get()).everyone()
    shown: dict[str, Any] = {"done": None, "typed": {"display": account.display}, **values}
    return asked.page(
        "person",
        person=person_words(account, asked.lang),
        rows=held_rows(account, now) if rows is None else rows,
        version=version or account.version,
        link=f"{asked.request.base_url}welcome/{key}" if key and not account.has_password else "",
        is_self=account.id == asked.user.account_id,
        heirs=[one for one in everyone if one.disabled_at is None and one.id != account.id],
        **choices(areas, asked.lang),
        **shown,
    )


def _with_link(request: Request, made: Invited) -> Response:
    """Lead to the person's page, which shows the key once: until then it rests in the administrator's own browser."""
    path = f"/people/{made.account.id}"
    answer = RedirectResponse(path, 303)
    answer.set_cookie(
        _LINK_COOKIE,
        made.path.rpartition("/")[2],
        max_age=_LINK_S,
        path=path,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer
