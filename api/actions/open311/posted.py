"""A service request that somebody posts: the fields of a form become a report like any other."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.actions.case_files.batch_places import Places
from api.actions.cases.report import Report, report_incident
from api.actions.open311.services import QUESTION, meant_by
from api.actions.open311.written import Refused
from api.actions.open_county import OpenCounty
from api.actions.publications.remarks import home_of
from api.actions.workplace import Workplace
from layers.records.audit import Actor
from layers.records.incidents import MAX_KEY_CHARACTERS
from layers.records.throttle import Limit, Throttle
from planning.incidents.description import MAX_CHARACTERS

PER_ADDRESS = Limit(30, timedelta(hours=1))
ALL_TOGETHER = Limit(1000, timedelta(hours=1))
_LONGEST_NAME, _LONGEST_PHONE = 60, 30
_PHONE = frozenset("0123456789+()- ")
_ATTRIBUTES = (f"attribute[{QUESTION}]", f"attribute[{QUESTION}][]", f"attribute[{QUESTION}][0]")


def post_request(
    at_work: Workplace,
    at_hand: OpenCounty | None,
    fields: Mapping[str, str],
    *,
    actor: Actor,
    address: str | None,
    now: datetime,
) -> list[dict[str, Any]]:
    """Report what somebody posts and return its id as GeoReport does.

    Parameters
    ----------
    at_work, at_hand
    fields
        Of the form.
    actor
    address
        Of a caller without a key, whose posts are counted; ``None`` for one with a key.
    now

    Raises
    ------
    Refused
        400 for fields that are missing or wrong, 404 for an unknown service, 429 for too many posts.
    ConflictError, FaultsError
        As for ``report_incident``.
    """
    tables = at_work.tables.get()
    code = fields.get("service_code", "")
    if not code:
        raise Refused(400, "service_code is missing")
    meant = meant_by(tables, code)
    if meant is None:
        raise Refused(404, f"service_code not found: {code[:40]}")
    lon, lat = _place(at_hand, fields)
    report = Report(
        meant.category,
        lon,
        lat,
        _key(fields),
        text=_text(fields),
        severity=meant.severity,  # type: ignore[arg-type] # the table holds one of the three
        subcategory=meant.subcategory,
        reporter=_reporter(fields),
        channel="open311",
    )
    if address is not None:
        _count(at_work, address, now)
    view, _created = report_incident(at_hand, at_work.incidents, report, actor=actor, now=now, tables=tables)
    return [{"service_request_id": view["id"], "service_notice": "", "account_id": None}]


def _place(at_hand: OpenCounty | None, fields: Mapping[str, str]) -> tuple[float, float]:
    """Return longitude and latitude: as told, else of the village that the address names."""
    if fields.get("lat") or fields.get("long"):
        return _degrees(fields, "long", 180), _degrees(fields, "lat", 90)
    word = fields.get("address_id") or fields.get("address_string") or ""
    if not word:
        raise Refused(400, "lat and long are missing, or the village as address_string or address_id")
    found = Places(at_hand).named(word)
    if len(found) != 1:
        known = ", ".join(one.words for one in found[:6])
        raise Refused(400, f"address_string: one village of this county, by name or code {known}".strip())
    return found[0].lon, found[0].lat


def _degrees(fields: Mapping[str, str], name: str, largest: float) -> float:
    try:
        value = float(fields.get(name, ""))
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and abs(value) <= largest):
        raise Refused(400, f"{name}: degrees, WGS-84, {largest:g} at most")
    return value


def _key(fields: Mapping[str, str]) -> str:
    """Return the key of a post: the sender's, so that it may be sent again, else one of its own."""
    key = fields.get("idempotency_key", "") or f"open311 {secrets.token_hex(16)}"
    if len(key) > MAX_KEY_CHARACTERS or not key.isprintable():
        raise Refused(400, f"idempotency_key: {MAX_KEY_CHARACTERS} printable characters at most")
    return key


def _text(fields: Mapping[str, str]) -> str:
    """Return what is said: the description, the answer to the question, and the address of a picture."""
    answer = next((fields[name] for name in _ATTRIBUTES if fields.get(name)), "")
    said = "\n".join(part for part in (fields.get("description", ""), answer, fields.get("media_url", "")) if part)
    if len(said) > MAX_CHARACTERS:
        raise Refused(400, f"description: {MAX_CHARACTERS} characters at most")
    return said


def _reporter(fields: Mapping[str, str]) -> dict[str, str]:
    name = f"{fields.get('last_name', '')}{fields.get('first_name', '')}".strip()
    phone = fields.get("phone", "").strip()
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise Refused(400, f"first_name, last_name: {_LONGEST_NAME} characters at most")
    if len(phone) > _LONGEST_PHONE or not set(phone) <= _PHONE:
        raise Refused(400, f"phone: digits, {_LONGEST_PHONE} characters at most")
    return {field: value for field, value in (("name", name), ("phone", phone)) if value}


def _count(at_work: Workplace, address: str, now: datetime) -> None:
    limits = {f"open311 from {home_of(address)}": PER_ADDRESS, "open311": ALL_TOGETHER}
    wait = Throttle(at_work.database.get()).wait_for(limits, now=now)
    if wait:
        raise Refused(429, f"too many requests; again in {math.ceil(wait.total_seconds() / 60)} min")
