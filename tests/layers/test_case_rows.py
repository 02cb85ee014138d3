"""Where a case stands is what its events lead to, after every move of random lives, on both databases."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from acts import REPORTED
from case_lives import DATA, NINE, REPORT, event
from sqlalchemy import select

from layers.records.case_lists import CaseFilter, CaseLists
from layers.records.case_rows import standing
from layers.records.database import Database
from layers.records.incidents import IncidentStore
from layers.records.tables import incident, incident_event
from planning.incidents.case import Case
from planning.incidents.states import possible, replay

LIVES, MOVES = 12, 25


def row_of(database: Database, case_id: str) -> dict[str, Any]:
    with database.reading() as connection:
        return dict(connection.execute(select(incident).where(incident.c.id == case_id)).mappings().one())


def next_move(case: Case, draw: random.Random) -> Any:
    post = draw.choice(["county-desk", "service"])
    actor = draw.choice(["a-1", "a-2"])
    at = case.at + timedelta(minutes=draw.randrange(600))
    moves = [m for m in possible(case, actor=actor, posts=[post], now=at) if m not in ("void", "merge", "refuse")]  # type: ignore[list-item]
    move = draw.choice(moves)
    data = dict(DATA.get(move, {}))
    if "until" in data:
        data["until"] = (max(at, case.due_at or at) + timedelta(days=1)).isoformat()
    return event(case, move, post=post, actor=actor, at=at, **data)


def test_after_every_move_the_row_is_what_the_events_lead_to(database: Database) -> None:
    store, draw, written = IncidentStore(database), random.Random(7), 0
    for life in range(LIVES):
        case, _ = store.report(
            [event(None, "report", post="county-desk", **{**REPORT, "id": f"i-{life}"})],
            idempotency_key=f"k-{life}",
            act=REPORTED,
        )
        for _ in range(MOVES):
            case, added = store.append(case.id, [next_move(case, draw)], expected_seq=case.version, act=REPORTED)
            assert added
            written += 1
            row = row_of(database, case.id)
            assert {name: row[name] for name in standing(case)} == standing(case)
        assert replay(store.events(case.id)) == case
    with database.reading() as connection:
        positions = list(connection.scalars(select(incident_event.c.pos).order_by(incident_event.c.pos)))
    assert positions == list(range(1, LIVES + written + 1))


def test_the_feed_gives_each_case_once_at_its_latest_change(database: Database) -> None:
    store, lists = IncidentStore(database), CaseLists(database)
    cases = []
    for n in range(4):
        report = event(None, "report", post="county-desk", at=NINE, **{**REPORT, "id": f"i-{n}"})
        cases.append(store.report([report], idempotency_key=f"k-{n}", act=REPORTED)[0])
    store.append("i-1", [event(cases[1], "open", post="county-desk")], expected_seq=1, act=REPORTED)
    changed = lists.changed(CaseFilter(), after=0, limit=10)
    assert [(one.id, one.pos) for one in changed] == [("i-0", 1), ("i-2", 3), ("i-3", 4), ("i-1", 5)]
    assert [one.id for one in lists.changed(CaseFilter(states=["opened"]), after=3, limit=10)] == ["i-1"]


def test_of_cases_due_at_one_moment_or_at_one_place_the_longest_reported_comes_first(database: Database) -> None:
    store = IncidentStore(database)
    for minutes, name in enumerate(["i-3", "i-1", "i-2"]):
        at = NINE + timedelta(minutes=minutes)
        report = event(None, "report", post="county-desk", at=at, **{**REPORT, "id": name})
        store.report([report], idempotency_key=name, act=REPORTED)
    lists = CaseLists(database)
    listed = lists.by_deadline(CaseFilter(), limit=10)
    assert len({(one.due_at, one.step_due_at, one.lon, one.lat) for one in listed}) == 1
    near = lists.nearest(CaseFilter(), lon=listed[0].lon, lat=listed[0].lat, limit=10)
    assert [[one.id for one in found] for found in (listed, near)] == [["i-3", "i-1", "i-2"]] * 2


def test_a_cell_of_another_county_may_have_a_longer_code(database: Database) -> None:
    store, code = IncidentStore(database), "CELL-" + "7" * 40
    report = event(None, "report", post="county-desk", **{**REPORT, "cell": code, "township": code[:20]})
    store.report([report], idempotency_key="k", act=REPORTED)
    (listed,) = CaseLists(database).newest(CaseFilter(area=code), limit=5)
    assert listed.cell == code
