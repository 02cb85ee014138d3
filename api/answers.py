"""Answers in JSON: refusals in one form, and text that any program can read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any, cast
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Scope

from maps.catalogue import LANGS, Lang, has_text, text


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
) -> Answer:
    """Return a refusal: its code, a sentence in the caller's language, and all faults.

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
    """
    key = f"error.{code}" if has_text(f"error.{code}") else "error.other"
    message = text(lang_of_scope(scope), key, status=status, **(params or {}))
    body = {"error": code, "message": message, "faults": list(faults), **(more or {})}
    wait = {"Retry-After": "2"} if status in (429, 503) else {}
    return Answer(body, status_code=status, headers={**wait, **(headers or {})})


def _cookie(scope: Scope) -> str:
    try:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    return cookies["lang"].value if "lang" in cookies else ""
