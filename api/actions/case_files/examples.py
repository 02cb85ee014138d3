"""A month of invented cases for the default county, so that desk and worker's page are alive on first sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from api.actions.cases.timetables import timetable_of
from api.actions.open_county import OpenCounty
from api.actions.who_answers import cell_at
from gis.faults import Fault, FaultsError
from layers.records.audit import THE_SERVICE, Act, Actor
from layers.records.bulk.forgetting import examples_in_use, forget_examples, is_untouched
from layers.records.bulk.writing import CaseBatches, batches
from layers.records.case_texts import text_field
from layers.records.database import Database
from layers.records.new_cases import NewCase
from planning.incidents.bulk.example import Spot
from planning.incidents.bulk.month import invented_month

SEED = 371424
COUNT = 360
_MONTH = timedelta(days=30)
ADDED, FORGOTTEN = "incident.examples-added", "incident.examples-forgotten"
MARK = "(示例)"
"""Begins every text of an invented case."""


def add_examples(at_hand: OpenCounty, database: Database, *, now: datetime, count: int = COUNT) -> int:
    """Write a month of invented cases into records that never had a case, and return how many.

    Parameters
    ----------
    at_hand
        The default county.
    database
    now
        When the month ends, aware.
    count
    """
    if not is_untouched(database):
        return 0
    act = Act(THE_SERVICE, ADDED, "incident")
    store = CaseBatches(database)
    return sum(store.write(batch, act=act) for batch in batches(_cases(at_hand, now, count)))


def drop_examples(database: Database, *, actor: Actor) -> int:
    """Delete the invented cases, and return how many there were.

    Raises
    ------
    FaultsError
        ``examples-in-use`` if a real case has been merged into one of them.
    """
    if count := examples_in_use(database):
        raise FaultsError([Fault("examples-in-use", "incidents", params={"count": count})])
    return forget_examples(database, act=Act(actor, FORGOTTEN, "incident"))


def _cases(at_hand: OpenCounty, now: datetime, count: int) -> Iterator[NewCase]:
    invented = invented_month(
        _spots(at_hand),
        seed=SEED,
        count=count,
        since=now - _MONTH,
        until=now,
        county_version=at_hand.county.version,
        timetable=timetable_of(at_hand.tables),
    )
    for one in invented:
        yield NewCase(one.key, one.events, {text_field(1): MARK + one.text})


def _spots(at_hand: OpenCounty) -> list[Spot]:
    """Return the villages of the county with their cells and workers: where its cases happen."""
    workers = _workers(at_hand)
    demand = at_hand.demand
    spots = []
    for village, point in zip(demand.index.astype(str), demand.geometry, strict=True):
        cell = cell_at(at_hand, float(point.x), float(point.y))
        people = tuple(workers.get(village, ()))
        spots.append(
            Spot(
                float(point.x),
                float(point.y),
                cell.code if cell else None,
                village,
                (cell.township_id if cell else None) or None,
                people,
            )
        )
    return spots


def _workers(at_hand: OpenCounty) -> dict[str, list[str]]:
    """Return who is on duty in each village: A, then B."""
    found: dict[str, list[str]] = {}
    if at_hand.county.has("roster"):
        roster = at_hand.county.table("roster").sort_values(["role"], kind="stable")
        for village, person, is_there in zip(roster["village_id"], roster.index, roster["on_duty"], strict=True):
            if is_there:
                found.setdefault(str(village), []).append(str(person))
    return found
