"""Cases read: lists of where they stand, and one with its history, its ledger and what may be done next."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.actions.cases.sight import Sight
from api.actions.cases.view import local, view_attachment, view_case, view_listed, view_places
from api.actions.open_county import OpenCounty
from api.actions.who_answers import way_of
from api.explain import ApiError
from gis.faults import FaultsError
from gis.route import Route
from layers.records.attachment_rows import attachments_of
from layers.records.audit import Act, Actor
from layers.records.case_lists import CaseFilter, CaseLists
from layers.records.incidents import IncidentStore
from layers.records.own_persons import displays_of
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent
from planning.incidents.ledger import minutes, spans
from planning.incidents.moves import Post
from planning.incidents.states import possible, replay, told_with


@dataclass(frozen=True)
class Reader:
    """Who reads cases, and what of them is their business.

    Parameters
    ----------
    actor
    sight
    posts
        In which they may move a case.
    """

    actor: Actor
    sight: Sight
    posts: Collection[Post]

    @property
    def name(self) -> str:
        """Who they are in the events of a case."""
        return self.actor.account_id or "local"


def list_cases(
    at_hand: OpenCounty | None,
    lists: CaseLists,
    wanted: CaseFilter,
    *,
    after: int | None,
    by_deadline: bool,
    limit: int,
) -> list[dict[str, Any]]:
    """Return cases without what was reported in words: that is opened one by one.

    Parameters
    ----------
    at_hand, lists, wanted
    after
        Position of the feed: only what has changed since, in that order; ``None`` for the newest first.
    by_deadline
        What is due first comes first.
    limit
    """
    if after is not None:
        found = lists.changed(wanted, after=after, limit=limit)
    elif by_deadline:
        found = lists.by_deadline(wanted, limit=limit)
    else:
        found = lists.newest(wanted, limit=limit)
    return [view_listed(at_hand, case) for case in found]


def open_case(
    at_hand: OpenCounty | None, store: IncidentStore, name: str, *, reader: Reader, now: datetime
) -> dict[str, Any] | None:
    """Return a case with its history, ledger, way and possible moves, and record that it was opened.

    Parameters
    ----------
    at_hand, store
    name
        Id of the case.
    reader
    now

    Returns
    -------
    dict or None
        ``None`` if there is no such case, or none for this caller. The way is drawn on the county as it is now.
    """
    events = store.events(name)
    case = replay(events) if events else None
    if case is None or not reader.sight.sees(case):
        return None
    store.note(Act(reader.actor, "incident.opened", "incident", case.id))
    return whole_view(at_hand, store, case, events, reader=reader, now=now)


def seen_case(store: IncidentStore, name: str, *, reader: Reader) -> Case:
    """Return a case that is the caller's business.

    Raises
    ------
    ApiError
        404 ``unknown-incident``, in the same words for what there is not and for what is somebody else's.
    """
    case = store.get(name) if name.isprintable() else None
    if case is None or not reader.sight.sees(case):
        raise ApiError(404, "unknown-incident", id=name)
    return case


def whole_view(
    at_hand: OpenCounty | None,
    store: IncidentStore,
    case: Case,
    events: Sequence[IncidentEvent],
    *,
    reader: Reader,
    now: datetime,
) -> dict[str, Any]:
    """Return a case with everything that belongs to it."""
    texts = store.texts([case.id]).get(case.id, {})
    way, names = _way_now(at_hand, case), displays_of(store.database, _actors(events))
    until = max(now, case.at)
    return {
        **view_case(at_hand, case, text=texts.get(1, "")),
        "reporter": store.person(case.id),
        "attachments": [view_attachment(one) for one in attachments_of(store.database, case.id)],
        "places": view_places(case.lon, case.lat),
        "moves": list(possible(case, actor=reader.name, posts=reader.posts, now=until)),
        "events": [_view_event(event, texts.get(event.seq), names) for event in events],
        "ledger": {
            "minutes": minutes(events, until=until),
            "spans": [
                {"owner": s.owner, "state": s.state, "since": local(s.since), "until": local(s.until)}
                for s in spans(events, until=until)
            ],
        },
        "route": at_hand.degrees_of(way.xy) if at_hand and way else None,
        "route_length_m": round(way.length_m) if way else None,
    }


def _actors(events: Sequence[IncidentEvent]) -> set[str]:
    return {str(event.payload["actor"]) for event in events if event.payload.get("actor")}


def _view_event(event: IncidentEvent, text: str | None, names: Mapping[str, str]) -> dict[str, Any]:
    payload = event.payload
    hidden = ("clock", "tables", "params")
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": local(event.at),
        "by": payload.get("actor"),
        "by_name": names.get(str(payload.get("actor"))),
        "post": payload.get("post"),
        "data": {name: value for name, value in told_with(event).items() if name not in hidden},
        "text": text,
    }


def _way_now(at_hand: OpenCounty | None, case: Case) -> Route | None:
    if at_hand is None or case.assignment is None:
        return None
    with contextlib.suppress(FaultsError):
        return way_of(at_hand, case.assignment.assignee_id, lon=case.lon, lat=case.lat, at=case.at)
    return None
