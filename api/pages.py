"""What pages rendered on the server share: the bar of rooms, the policy, refusals in place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from api.access.rights import DESKS, HANDLERS, NOUNS
from api.answers import lang_of_scope
from api.auth import User
from api.forms import fields_of, kept_fields, own_path
from layers.records.grants import Grant
from maps.catalogue import Lang, text
from maps.office_page import OFFICE_POLICY, Room, Visitor, office_page

_A_YEAR_S = 365 * 24 * 3600
_ROOMS = (
    ("/plan", "workbench", NOUNS["plan"].read),
    ("/compare", "compare", NOUNS["plan"].read),
    ("/hearings", "hearings", NOUNS["hearing"].read),
    ("/desk", "desk", DESKS),
    ("/worker", "worker", HANDLERS),
    ("/incidents", "reports", NOUNS["incident"].write),
    ("/staff", "staff", NOUNS["staff"].read),
    ("/tables", "tables", NOUNS["planning-table"].read),
    ("/people", "people", NOUNS["account"].read),
    ("/audit", "audit", NOUNS["audit"].read),
    ("/service", "service", NOUNS["service"].read),
)
"""Address and text of each room, and whose it is."""


def rooms_for(user: User, lang: Lang, *, here: str) -> list[Room]:
    """Return the pages that somebody may open, as links.

    Parameters
    ----------
    user
    lang
    here
        Address of the page that shows them.
    """
    roles = {grant.role for grant in user.grants}
    mine = [(path, name) for path, name, whose in _ROOMS if roles & set(whose)]
    mine.append(("/setup", "set-up") if user.account_id is None else ("/account", "account"))
    return [Room(path, text(lang, f"office.room-{name}"), path == here) for path, name in mine]


def home_for(grants: Iterable[Grant]) -> str:
    """Return the first page that roles which hold now open; one's own account without any."""
    roles = {grant.role for grant in grants if grant.holds(datetime.now(UTC))}
    return next((path for path, _name, whose in _ROOMS if roles & set(whose)), "/account")


def visitor_of(user: User, lang: Lang, *, here: str) -> Visitor:
    """Return who is here, for the menu of a page and what it shows."""
    is_signed_in = user.account_id is not None
    name = user.name if is_signed_in else text(lang, "office.solo")
    roles = {grant.role for grant in user.grants}
    may_list = bool(roles & set(NOUNS["incident"].read))
    rooms = rooms_for(user, lang, here=here)
    return Visitor(
        name, rooms, is_signed_in, may_list, account=user.account_id or "", publishes=user.may_change("publication")
    )


def page(template: str, *, lang: Lang, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page made of a template, with its policy; pages about people are kept nowhere."""
    headers = {"Content-Security-Policy": OFFICE_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(office_page(template, lang=lang, **values), status_code=status, headers=headers)


def sign_in_page(
    lang: Lang,
    *,
    onward: str = "/",
    carried: str = "",
    typed: dict[str, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HTMLResponse:
    """Return the sign-in form.

    Parameters
    ----------
    lang
    onward
        Where to go afterwards.
    carried
        What was typed into another form when the session had expired.
    typed, refused, status
        What is shown again, why, and with which status.
    """
    shown = {"name": (typed or {}).get("name", "")}
    values: dict[str, Any] = {"next": onward, "carried": carried, "typed": shown, "refused": refused}
    return page("doors/sign_in.html", lang=lang, status=status, switch=None if status != 200 else "", **values)


def remember_lang(answer: Response, request: Request, lang: str) -> None:
    """Let a browser remember the language that was chosen."""
    answer.set_cookie(
        "lang", lang, max_age=_A_YEAR_S, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )


async def ask_to_sign_in(request: Request) -> HTMLResponse:
    """Return the sign-in form in place of what was asked for; what was typed is carried over, a file is not."""
    lang, onward = lang_of_scope(request.scope), request.url.path
    if request.method != "POST":
        onward += f"?{request.url.query}" if request.url.query else ""
        return sign_in_page(lang, onward=own_path(onward), status=401)
    fields = await fields_of(request)
    if fields:
        return sign_in_page(lang, onward=own_path(onward), carried=kept_fields(fields), status=401)
    back = urlsplit(request.headers.get("referer", "")).path  # a file or a mere button: back to the page it was on
    return sign_in_page(lang, onward=own_path(back), refused=text(lang, "doors.not-sent"), status=401)
