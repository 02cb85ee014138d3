"""A case moved by somebody: read where it stands, add what the service knows, store it with its clocks, answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.actions.cases.added import added_data, follow_up
from api.actions.cases.others import File, check_into, split_off
from api.actions.cases.read import Reader, whole_view
from api.actions.cases.report import Report, report_incident
from api.actions.cases.timetables import timetable_of
from api.actions.open_county import OpenCounty
from gis.faults import Fault, FaultsError
from layers.records.audit import Act
from layers.records.case_texts import text_field
from layers.records.conflicts import ConflictError
from layers.records.incidents import IncidentStore
from planning.incidents.case import Case
from planning.incidents.description import clean_text
from planning.incidents.events import IncidentEvent
from planning.incidents.flows import FLOWS
from planning.incidents.moves import Post, Transition
from planning.incidents.states import apply, possible
from planning.incidents.timing import timed
from planning.tables.in_force import Tables


@dataclass(frozen=True)
class Asked:
    """What somebody asks to be done.

    Parameters
    ----------
    move
        Of the table of moves.
    expected_version
        Of the case that they saw.
    key
        Chosen by them for this move: sent again it is done once.
    data
        What the table says that the move carries, and ``text``: what there is to be said about it.
    """

    move: str
    expected_version: int
    key: str
    data: Mapping[str, Any] = field(default_factory=dict)


def move_case(
    at_hand: OpenCounty | None,
    store: IncidentStore,
    name: str,
    asked: Asked,
    *,
    reader: Reader,
    tables: Tables,
    now: datetime,
) -> dict[str, Any] | None:
    """Do what somebody asks for and return the case as it is then.

    Parameters
    ----------
    at_hand, store
    name
        Id of the case.
    asked
    reader
        Who asks.
    tables
        In force.
    now

    Returns
    -------
    dict or None
        ``None`` if there is no such case, or none for this caller.

    Raises
    ------
    ConflictError
        ``incident-moved-on`` if the case is not as they saw it, ``case-key-used`` for a key of another move.
    FaultsError
        If the move is not possible for them, now, or with this data; every reason at once.
    """
    case = store.get(name)
    if case is None or not reader.sight.sees(case):
        return None
    row = FLOWS[case.flow].get(asked.move)
    if row is None:
        known = {"known": ", ".join(move for move, of in FLOWS[case.flow].items() if of.sources)}
        raise FaultsError([Fault("unknown-move", "incidents", field="move", value=asked.move[:40], params=known)])
    known_event = store.moved_under(name, asked.key)
    if known_event is None:
        case = _add(at_hand, store, case, row, asked, reader=reader, tables=tables, now=now)
    elif known_event.kind != row.kind or known_event.payload.get("actor") != reader.name:
        raise ConflictError([Fault("case-key-used", "incidents", field="key", value=asked.key)])
    return whole_view(at_hand, store, case, store.events(name), reader=reader, now=now)


def _add(
    at_hand: OpenCounty | None,
    store: IncidentStore,
    case: Case,
    row: Transition,
    asked: Asked,
    *,
    reader: Reader,
    tables: Tables,
    now: datetime,
) -> Case:
    _check_version(case, asked)
    timetable = timetable_of(tables)
    data = dict(asked.data)
    text = clean_text(str(data.pop("text", "") or ""))
    if asked.move == "merge":
        check_into(store, case, data, sight=reader.sight)
    if asked.move == "split":
        _check_first(case, row, asked, reader=reader, now=now)
        data = split_off(case, data, file=_filed(at_hand, store, reader, tables=tables, now=now))
    told = added_data(at_hand, case, asked.move, data, tables=tables)
    at = max(now, case.at)
    about = {"actor": reader.name, "post": _post(case, row, asked.move, reader, at)}
    event = IncidentEvent(case.version + 1, row.kind, at, {**about, **told})
    events = [timed(case, event, timetable=timetable)]
    after = apply(case, events[0])
    events += follow_up(at_hand, after, events[0], tables=tables, timetable=timetable)
    moved, _added = store.append(
        case.id,
        events,
        expected_seq=case.version,
        key=asked.key,
        act=Act(reader.actor, "incident.moved", "incident", detail={"move": asked.move}),
        texts={text_field(event.seq): text} if text else None,
    )
    return moved


def _filed(at_hand: OpenCounty | None, store: IncidentStore, reader: Reader, *, tables: Tables, now: datetime) -> File:
    """Return how a part of a case becomes a case of its own."""

    def file(report: Report) -> str:
        view, _created = report_incident(at_hand, store, report, actor=reader.actor, now=now, tables=tables)
        return str(view["id"])

    return file


def _check_first(case: Case, row: Transition, asked: Asked, *, reader: Reader, now: datetime) -> None:
    """Refuse a split that is not possible before any part of it is filed."""
    at = max(now, case.at)
    about = {"actor": reader.name, "post": _post(case, row, asked.move, reader, at)}
    apply(case, IncidentEvent(case.version + 1, row.kind, at, {**about, "parts": ["a part"]}))


def _check_version(case: Case, asked: Asked) -> None:
    if case.version != asked.expected_version:
        params: dict[str, str | int | float] = {"seq": asked.expected_version, "current": case.version}
        raise ConflictError([Fault("incident-moved-on", "incidents", field="id", value=case.id, params=params)])


def _post(case: Case, row: Transition, move: str, reader: Reader, at: datetime) -> Post:
    """Return the post in which somebody makes a move: one that may, the first of theirs if none of them may."""
    able = [post for post in row.posts if post in reader.posts]
    for post in able:
        if move in possible(case, actor=reader.name, posts=[post], now=at):
            return post
    mine = sorted(reader.posts)
    return able[0] if able else (mine[0] if mine else "grid-worker")
