"""Plain forms, as a browser sends them without a script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

from api.explain import ApiError, explain_faults
from api.multipart import SentForm, read_form
from gis.faults import FaultsError
from maps.catalogue import Lang, has_text, text

_MOST_FIELDS = 2000
_LABELS = {
    "name": "doors.name",
    "display": "doors.display",
    "role": "people.role",
    "area_kind": "people.area-kind",
    "area_code": "people.area-code",
    "from": "people.from",
    "until": "people.until",
    "label": "doors.label",
    "note": "table.page.note",
    "valid_from": "table.page.valid-from",
    "lang": "doors.language",
}
"""Fields of our forms that somebody types or chooses, and what they are called."""
_VALUES = {"role": "role.{}", "area_kind": "people.kind-{}", "lang": "audit.lang-{}"}
SECRET_FIELDS = frozenset({"password", "again", "old", "code"})
"""Never sent back to a browser."""


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; of several with one name the last counts."""
    return dict(await fields_of(request))


async def fields_of(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a form in order; a file that is sent with them is none of them."""
    kind = request.headers.get("content-type", "")
    if kind.lower().startswith("multipart/"):
        try:
            return [*read_form(kind, await request.body()).fields.items()]
        except ApiError:
            return []
    try:
        body = (await request.body()).decode("utf-8", "replace")
        return parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:  # more fields than any form of ours has
        return []


async def sent_form(request: Request) -> SentForm:
    """Return a form with its files; without them where it comes back from a sign-in.

    Raises
    ------
    ApiError
        400 ``form-unreadable`` for half a form.
    """
    kind = request.headers.get("content-type", "")
    if kind.lower().startswith("multipart/"):
        return read_form(kind, await request.body())
    return SentForm(await form_of(request), {})


def kept_fields(fields: list[tuple[str, str]]) -> str:
    """Return what was typed, without secrets, to be carried over a sign-in."""
    return json.dumps([pair for pair in fields if pair[0] not in SECRET_FIELDS], ensure_ascii=False)


def carried_fields(kept: str) -> list[tuple[str, str]]:
    """Return what was carried over a sign-in; nothing if it cannot be read."""
    try:
        pairs = json.loads(kept)
        return [(str(name), str(value)) for name, value in pairs if str(name) not in SECRET_FIELDS]
    except (ValueError, TypeError):
        return []


def carried_words(fields: Sequence[tuple[str, str]], lang: Lang) -> list[tuple[str, str]]:
    """Return what was carried over as somebody reads it; rows of roles without a role count for nothing."""
    without = {name[5:] for name, value in fields if name.startswith("role-") and not value}
    told = []
    for name, value in fields:
        field, _, row = name.partition("-")
        if value and field in _LABELS and not (row and row in without):
            key = _VALUES.get(field, "").format(value)
            told.append((text(lang, _LABELS[field]), text(lang, key) if has_text(key) else value))
    return told


def own_path(address: str) -> str:
    """Return an address of this service, ``/`` for any other: nobody is led elsewhere after signing in."""
    is_own = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_own and "\\" not in address else "/"


def problems_told(error: FaultsError | ApiError, lang: Lang) -> list[str]:
    """Return what is wrong with a form in sentences; of a file with row and column."""
    if isinstance(error, ApiError):
        return [text(lang, f"error.{error.code}", **error.params)]
    told = []
    for one in explain_faults(error.faults, lang):
        where = (str(one["row"] or ""), one["field"]) if one["file"] else ()
        told.append(" · ".join(filter(None, (*where, one["expected"], one["mend"]))))
    return told


def told_by_field(faults: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return one sentence a field, of faults in words."""
    told: dict[str, str] = {}
    for fault in faults:
        words = " ".join(filter(None, (fault["expected"], fault["mend"])))
        told[fault["field"]] = " ".join(filter(None, (told.get(fault["field"], ""), words)))
    return told
