"""Whose cases are whose: a worker's own cells, a desk's township, the county desk's county; opening one is recorded."""

import itertools

import pytest
from callers import call
from signed_in import account, caller, key_for
from sqlalchemy import select

from layers.records.tables import audit

NUMBERS = itertools.count()


@pytest.fixture
def served(settings):
    with call(settings) as client:
        yield client


@pytest.fixture
def cases(served):
    """A case in each of two cells of different townships, and one outside every cell: (id, cell) by township."""
    workplace = served.app.state.workplace
    found = {}
    demand = workplace.county.demand
    for n, (village, row) in enumerate(demand.iterrows()):
        at = row.geometry
        body = {
            "category": "party",
            "lon": at.x,
            "lat": at.y,
            "idempotency_key": f"case {n}",
            "text": f"某事 {village}",
        }
        answer = served.post("/api/incidents", json=body).json()
        township = workplace.county.cell_facts[answer["cell"]][1]
        found.setdefault(township, []).append((answer["id"], answer["cell"]))
    body = {"category": "party", "lon": 1, "lat": 2, "idempotency_key": "outside"}
    found["outside"] = [(served.post("/api/incidents", json=body).json()["id"], None)]
    return found


def seen_by(served, *grants):
    database = served.app.state.workplace.database.get()
    made = account(database, f"who{next(NUMBERS)}", *grants)
    client = caller(served.app, key_for(database, made))
    listed = client.get("/api/incidents?limit=500")
    return client, {one["id"] for one in listed.json()} if listed.status_code == 200 else None


def test_each_sees_the_cases_of_their_area_and_no_other(served, cases):
    territory = served.app.state.workplace.territory(needs_parts=True)
    here, there = [township for township in cases if township not in ("", "outside")][:2]
    (first, cell), every = cases[here][0], {one for ones in cases.values() for one, _cell in ones}
    of_here = {one for one, _cell in cases[here]}
    for grants, expected in (
        ([("grid-worker", "cell", cell)], {first}),
        ([("township-desk", "township", here)], of_here),
        ([("checker", "township", here)], of_here),
        ([("township-desk", "township", here), ("township-desk", "township", there)],
         of_here | {one for one, _cell in cases[there]}),
        ([("county-desk", "county", territory.county)], every),
        ([("county-desk", "township", here)], None),
        ([("grid-worker", "county", territory.county)], set()),
        ([("planner", "county", territory.county)], None),
        ([("administrator", "county", "*")], None),
    ):  # fmt: skip
        client, seen = seen_by(served, *grants)
        assert seen == expected, grants
        for one in every:
            status = client.get(f"/api/incidents/{one}").status_code
            assert status == (403 if expected is None else 200 if one in expected else 404), grants


def test_what_is_not_ones_business_is_told_as_if_it_were_not_there(served, cases):
    here, there = [township for township in cases if township not in ("", "outside")][:2]
    client, _seen = seen_by(served, ("township-desk", "township", here))
    other, made_up = (client.get(f"/api/incidents/{name}") for name in (cases[there][0][0], "made-up"))
    assert (other.status_code, made_up.status_code) == (404, 404)
    assert other.text.replace(cases[there][0][0], "made-up") == made_up.text


def test_a_list_says_nothing_of_what_was_reported_and_opening_a_case_is_recorded(served, cases):
    here = next(township for township in cases if township not in ("", "outside"))
    client, _seen = seen_by(served, ("township-desk", "township", here))
    assert "某事" not in client.get("/api/incidents").text
    database = served.app.state.workplace.database.get()
    name = cases[here][0][0]
    assert "某事" in client.get(f"/api/incidents/{name}").text
    with database.reading() as connection:
        opened = connection.execute(select(audit).where(audit.c.action == "incident.opened")).all()
    assert [(row.object_id, row.from_addr, row.account_id is not None) for row in opened] == [(name, "10.1.2.3", True)]
