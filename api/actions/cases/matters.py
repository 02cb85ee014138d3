"""Matters of residents: declared in a village, drawn for a check, and how long they took."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.actions.cases.move import Asked, move_case
from api.actions.cases.read import Reader
from api.actions.cases.report import NO_COUNTY
from api.actions.cases.view import local, view_case
from api.actions.open_county import OpenCounty
from api.actions.who_answers import cell_at
from gis.faults import Fault, FaultsError
from layers.records.audit import Act
from layers.records.case_lists import CaseFilter, CaseLists, ListedCase
from layers.records.case_texts import text_field
from layers.records.incidents import IncidentStore
from planning.incidents.description import clean_text
from planning.incidents.events import IncidentEvent, incident_id
from planning.incidents.matters import MATTER
from planning.incidents.moves import Post
from planning.incidents.sampling import draw
from planning.incidents.states import replay
from planning.tables.definition import Row
from planning.tables.in_force import Tables

CATEGORY = "livelihood"
_POSTS: tuple[Post, ...] = ("grid-worker", "township-desk", "county-desk")
_DAY_S = 86_400
_MOST_LISTED = 500


@dataclass(frozen=True)
class Declaration:
    """What a village declares.

    Parameters
    ----------
    matter
        Code of the table of matters.
    village
        Id of the village.
    idempotency_key
    proxy
        ``own``, or ``coordinator`` where somebody handles it for the applicant (代办).
    text
    applicant
        ``name`` and ``phone``.
    """

    matter: str
    village: str
    idempotency_key: str
    proxy: str = "own"
    text: str = ""
    applicant: Mapping[str, str] = field(default_factory=dict)


def declare(
    at_hand: OpenCounty, store: IncidentStore, asked: Declaration, *, reader: Reader, now: datetime, tables: Tables
) -> tuple[dict[str, Any], bool]:
    """Declare a matter: the township's desk has it at once.

    Parameters
    ----------
    at_hand, store
    asked
    reader
        Who declares.
    now
    tables
        In force.

    Returns
    -------
    view, created
        As of a report.

    Raises
    ------
    FaultsError
        ``matter-unknown``, ``matter-village-unknown``, together; a text that is not fit to keep.
    ConflictError
        If the key belongs to another declaration.
    """
    row, faults = _matters(tables).get(asked.matter), []
    if row is None or row["tier"] == "department":
        faults.append(Fault("matter-unknown", "incidents", field="matter", value=asked.matter[:40]))
    if asked.village not in at_hand.demand.index:
        faults.append(Fault("matter-village-unknown", "incidents", field="village", value=asked.village[:40]))
    if faults:
        raise FaultsError(faults)
    texts = {text_field(1): clean_text(asked.text), **{name: said.strip() for name, said in asked.applicant.items()}}
    event = IncidentEvent(1, "declared", now, _payload(at_hand, asked, reader, now))
    act = Act(reader.actor, "matter.declared", "incident", detail={"matter": asked.matter})
    case, created = store.report([event], idempotency_key=asked.idempotency_key, act=act, texts=texts)
    return view_case(at_hand, case, text=texts[text_field(1)]), created


def _payload(at_hand: OpenCounty, asked: Declaration, reader: Reader, now: datetime) -> dict[str, Any]:
    home = at_hand.demand.geometry[asked.village]
    cell = cell_at(at_hand, home.x, home.y)
    return {
        "flow": MATTER,
        "id": incident_id(now, suffix=secrets.token_hex(4)),
        "category": CATEGORY,
        "matter": asked.matter,
        "proxy": asked.proxy,
        "lon": home.x,
        "lat": home.y,
        "cell": cell.code if cell else None,
        "township": cell.township_id if cell else None,
        "county_version": at_hand.county.version or NO_COUNTY,
        "level": "township" if cell and cell.township_id else "county",
        "actor": reader.name,
        "post": next((post for post in _POSTS if post in reader.posts), "checker"),
    }


def sample(
    at_hand: OpenCounty | None,
    store: IncidentStore,
    lists: CaseLists,
    *,
    seed: str,
    percent: float,
    reader: Reader,
    tables: Tables,
    now: datetime,
) -> dict[str, Any]:
    """Draw granted matters for a check; the same seed and matters draw the same.

    Returns
    -------
    dict
        ``seed``, ``percent``, ``granted`` (how many could be drawn) and ``drawn`` (their ids).

    Raises
    ------
    FaultsError, ConflictError
        As ``move_case``; those drawn before stay drawn.
    """
    wanted = CaseFilter(flow=MATTER, states=("granted",), within=reader.sight.within)
    granted = {one.id: one for one in lists.newest(wanted, limit=_MOST_LISTED)}
    drawn = draw(granted, seed=seed, percent=percent)
    for id_ in drawn:
        asked = Asked("sample", granted[id_].version, f"sample/{seed}", {"seed": seed})
        move_case(at_hand, store, id_, asked, reader=reader, tables=tables, now=now)
    return {"seed": seed, "percent": percent, "granted": len(granted), "drawn": drawn}


def list_matters(
    store: IncidentStore, lists: CaseLists, *, reader: Reader, tables: Tables, limit: int
) -> dict[str, Any]:
    """Return matters, the newest first, with how long each took and the days that were saved."""
    known = _matters(tables)
    wanted = CaseFilter(flow=MATTER, within=reader.sight.within)
    rows = [_view(store, one, known) for one in lists.newest(wanted, limit=limit)]
    saved = [row["days_saved"] for row in rows if row["days_saved"] is not None]
    return {"matters": rows, "measured": len(saved), "days_saved": round(sum(saved), 1)}


def _view(store: IncidentStore, one: ListedCase, known: Mapping[str, Row]) -> dict[str, Any]:
    events = store.events(one.id)
    case = replay(events)
    code = str(case.facts["matter"])
    row = known.get(code)
    granted_at = next((event.at for event in events if event.kind == "granted"), None)
    took_s = None if granted_at is None else (granted_at - case.reported_at).total_seconds()
    usual = int(row["usual_days"]) if row else 0
    return {
        "id": one.id,
        "matter": code,
        "name": str(row["name"]) if row else "",
        "state": one.state,
        "proxy": case.facts["proxy"],
        "township": one.township,
        "declared_at": local(case.reported_at),
        "granted_at": None if granted_at is None else local(granted_at),
        "minutes": None if took_s is None else round(took_s / 60),
        "usual_days": usual or None,
        "days_saved": round(usual - took_s / _DAY_S, 1) if usual and took_s is not None else None,
    }


def _matters(tables: Tables) -> dict[str, Row]:
    found: dict[str, Any] = {str(row["code"]): row for row in tables.edition("matters").rows}
    return found
