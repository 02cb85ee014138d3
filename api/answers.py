"""Answers in JSON: refusals in one form, as a page where a browser asks for one, and text that any program can read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any, cast
from urllib.parse import parse_qs, parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from maps.catalogue import LANGS, Lang, has_text, text
from maps.refused_page import refused_page, refused_policy


class Answer(JSONResponse):
    """JSON in UTF-8. Half a character, which UTF-8 cannot carry, stays the escape that JSON writes it with."""

    def render(self, content: Any) -> bytes:
        """Return the body."""
        written = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return written.encode("utf-8", "backslashreplace")


def lang_of_scope(scope: Scope) -> Lang:
    """Return the language asked for: ``?lang=``, else the cookie, else the site's."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1] or _cookie(scope)
    if asked in LANGS:
        return cast("Lang", asked)
    settings = getattr(getattr(scope.get("app"), "state", None), "settings", None)
    return settings.lang if settings is not None and not asked else "zh"


def refusal(
    scope: Scope,
    status: int,
    code: str,
    *,
    params: Mapping[str, Any] | None = None,
    faults: Sequence[Mapping[str, Any]] = (),
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    as_page: bool = True,
) -> Response:
    """Return a refusal: its code, a sentence in the caller's language, and all faults.

    A browser that opens an address or sends a form gets a page that says so, with the same status and headers.

    Parameters
    ----------
    scope
        Of the request.
    status
        HTTP status.
    code
        Its text stands under ``error.<code>``.
    params
        Figures that the text mentions.
    faults
        What is wrong with the input.
    more
        Further fields.
    headers
        Further headers.
    as_page
        Whether a browser gets a page.
    """
    key = f"error.{code}" if has_text(f"error.{code}") else "error.other"
    message = text(lang_of_scope(scope), key, status=status, **(params or {}))
    wait = {"Retry-After": "2"} if status in (429, 503) else {}
    told = {**wait, **(headers or {})}
    if as_page and code != "sign-in-needed" and wants_page(scope):  # who has to sign in gets the form for it
        return _refused_page(scope, status, code, message, faults=faults, headers=told)
    body = {"error": code, "message": message, "faults": list(faults), **(more or {})}
    return Answer(body, status_code=status, headers=told)


def wants_page(scope: Scope) -> bool:
    """Tell whether a browser asks for a page, rather than a program or a script for data."""
    accepted = Headers(scope=scope).get("accept", "").lower()
    return "text/html" in accepted and not accepted.startswith("application/json")


def _refused_page(
    scope: Scope,
    status: int,
    code: str,
    message: str,
    *,
    faults: Sequence[Mapping[str, Any]],
    headers: Mapping[str, str],
) -> HTMLResponse:
    lang = lang_of_scope(scope)
    page = refused_page(
        lang,
        status=status,
        code=code,
        message=message,
        faults=faults,
        seconds=headers.get("Retry-After", "2"),
        switch=_in_other_language(scope, lang) if scope["method"] == "GET" else None,
    )
    # A program that asks the same address for data must not be given a kept page.
    policy = {"Content-Security-Policy": refused_policy(), "Cache-Control": "no-store"}
    return HTMLResponse(page, status_code=status, headers={**policy, **headers})


def _in_other_language(scope: Scope, lang: Lang) -> str:
    """Return the same query in the other language."""
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    other = next(one for one in LANGS if one != lang)
    return "?" + urlencode([*(pair for pair in query if pair[0] != "lang"), ("lang", other)])


def _cookie(scope: Scope) -> str:
    try:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    return cookies["lang"].value if "lang" in cookies else ""
