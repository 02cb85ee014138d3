"""Which open cases a desk is told may be the same as one: the nearest, however many newer ones lie around it."""

from datetime import timedelta

import pytest
from acts import REPORTED
from case_lives import NINE, REPORT, event

from api.actions.cases.duplicates import duplicates_of
from api.actions.cases.sight import Sight
from layers.records.case_lists import CaseLists
from layers.records.incidents import IncidentStore
from layers.records.new_cases import NewCase
from layers.records.reported import Reported, write_reports
from planning.incidents.states import replay
from planning.tables.in_force import Tables

A_METRE = 1 / 111_195
CROWD = 300


def stored(database, *rows):
    """Store cases, (name, small kind, metres north, minutes after nine) each, and return them by name."""

    def reported(name, kind, north_m, minutes):
        told = {**REPORT, "id": name, "subcategory": kind, "lat": 37.0 + north_m * A_METRE}
        events = [event(None, "report", post="county-desk", at=NINE + timedelta(minutes=minutes), **told)]
        return Reported(replay(events), NewCase(f"k-{name}", events), REPORTED, ())

    with database.writing() as connection:
        return {case.id: case for case, _ in write_reports(connection, [reported(*row) for row in rows])}


@pytest.mark.parametrize("kind_of_the_crowd", ["traffic-road-damage", "traffic-accident"])
def test_the_nearest_is_told_first_though_it_is_older_than_three_hundred_around_it(database, kind_of_the_crowd):
    kind = "traffic-road-damage"
    is_alike = kind_of_the_crowd == kind
    crowd = [(f"c{n}", kind_of_the_crowd, (5 if is_alike else 0) + n / 10, n + 1) for n in range(CROWD)]
    old = ("old", kind, -2 if is_alike else -50, 0)
    cases = stored(database, old, *crowd, ("asked", kind, 0, CROWD + 1))
    found = duplicates_of(
        CaseLists(database), IncidentStore(database), cases["asked"], sight=Sight(None), tables=Tables()
    )
    assert [one["id"] for one in found] == (["old", *(f"c{n}" for n in range(19))] if is_alike else ["old"])
    assert [one["metres"] for one in found] == sorted(one["metres"] for one in found)
