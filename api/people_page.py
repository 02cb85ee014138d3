"""What the pages about people show: everything in words, and what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.actions.accounts.areas import Areas
from api.actions.accounts.grants import GRANTABLE, GrantAsked, first_day, in_force, last_day
from api.actions.accounts.own import moment
from api.actions.accounts.people import state_of
from api.explain import explain_faults
from gis.faults import Fault
from layers.records.accounts import Account
from layers.records.grants import ANY_COUNTY, AREA_KINDS, Grant
from maps.catalogue import Lang, text

_FIELDS = ("role", "area_kind", "area_code", "from", "until")
_STATE_TAGS = {"active": "good", "invited": "fair", "disabled": "bad"}
_MOST_ROWS = 50
_ROLE_FIELD = re.compile("role-([0-9]{1,3})")


def people_rows(
    people: Sequence[Account], seen: Mapping[str, datetime], areas: Areas, lang: Lang, *, now: datetime
) -> list[dict[str, Any]]:
    """Return one row a person."""
    return [
        {
            **person_words(one, lang),
            "grants": held_words(one, areas, lang, now=now),
            "seen": moment(seen[one.id]) if one.id in seen else "",
        }
        for one in people
    ]


def person_words(account: Account, lang: Lang) -> dict[str, Any]:
    """Return who somebody is, and whether they may sign in."""
    state = state_of(account)
    told = {"state": text(lang, f"people.state-{state}"), "tag": _STATE_TAGS[state]}
    return {
        "id": account.id,
        "name": account.name,
        "display": account.display,
        "is_disabled": state == "disabled",
        "is_invited": state == "invited",
        **told,
    }


def held_words(account: Account, areas: Areas, lang: Lang, *, now: datetime) -> list[str]:
    """Return the roles that somebody has or will have."""
    return [grant_words(grant, areas, lang, now=now) for grant in in_force(account.grants, now)]


def grant_words(grant: Grant, areas: Areas, lang: Lang, *, now: datetime) -> str:
    """Return a role with its area, and its days where it has a first or a last one to come."""
    role, area = text(lang, f"role.{grant.role}"), area_words(grant.area_kind, grant.area_code, areas, lang)
    told = text(lang, "doors.grant", role=role, area=area)
    return told + _days_words(first_day(grant) if grant.from_at > now else "", last_day(grant), lang)


def _days_words(first: str, last: str, lang: Lang) -> str:
    if first and last:
        return text(lang, "people.from-until", first=first, last=last)
    begins = text(lang, "people.from-day", day=first) if first else ""
    return begins or (text(lang, "people.until-day", day=last) if last else "")


def area_words(kind: str, code: str, areas: Areas, lang: Lang) -> str:
    """Return an area by name and code."""
    if kind == "county" and code == ANY_COUNTY:
        return text(lang, "area.every-county")
    name = areas.name_of(kind, code)
    return text(lang, "people.named-area", name=name, code=code) if name else text(lang, f"area.{kind}", code=code)


def choices(areas: Areas, lang: Lang) -> dict[str, Any]:
    """Return what may be chosen in a row of roles."""
    return {
        "roles": [(str(role), text(lang, f"role.{role}")) for role in GRANTABLE],
        "kinds": [(kind, text(lang, f"people.kind-{kind}")) for kind in AREA_KINDS],
        "known_areas": [*_county(areas), *areas.townships.items()],
    }


def typed_rows(form: Mapping[str, str], *, more: int = 0) -> list[dict[str, str]]:
    """Return the rows of roles as they were typed, with some empty ones more."""
    numbers = sorted({int(found[1]) for found in map(_ROLE_FIELD.fullmatch, form) if found})
    rows = [{field: form.get(f"{field}-{number}", "") for field in _FIELDS} for number in numbers[:_MOST_ROWS]]
    return [*rows, *(empty_row() for _ in range(max(more, 0 if rows else 1)))]


def empty_row() -> dict[str, str]:
    """Return a row in which nothing is chosen."""
    return dict.fromkeys(_FIELDS, "") | {"area_kind": "county"}


def held_rows(account: Account, now: datetime) -> list[dict[str, str]]:
    """Return the roles that somebody has as rows to be changed, and an empty one."""
    rows = [
        {
            "role": one.role,
            "area_kind": one.area_kind,
            "area_code": one.area_code,
            "from": first_day(one),
            "until": last_day(one),
        }
        for one in in_force(account.grants, now)
    ]
    return [*rows, empty_row()]


def asked_rows(rows: Sequence[Mapping[str, str]]) -> tuple[list[GrantAsked], list[int]]:
    """Return the roles that rows ask for, and the number of the row of each; a row without a role asks for none."""
    kept = [(number, row) for number, row in enumerate(rows) if row["role"]]
    asked = [GrantAsked(row["role"], row["area_kind"], row["area_code"], row["from"], row["until"]) for _, row in kept]
    return asked, [number for number, _ in kept]


def told_by_place(faults: Sequence[Fault], lang: Lang, numbers: Sequence[int]) -> dict[str, str]:
    """Return one sentence a field; of a field of a row under ``field-row``, of the whole form under an empty name."""
    told: dict[str, str] = {}
    for fault, words in zip(faults, explain_faults(faults, lang), strict=True):
        row = None if fault.row is None else (numbers[fault.row - 1] if fault.row <= len(numbers) else 0)
        place = fault.field if row is None else f"{fault.field}-{row}"
        sentence = " ".join(filter(None, (words["expected"], words["mend"])))
        told[place] = " ".join(filter(None, (told.get(place, ""), sentence)))
    return told


def _county(areas: Areas) -> list[tuple[str, str]]:
    return [] if areas.county is None else [(areas.county, areas.county_name)]
