"""Matters of residents over HTTP: declared in a village, granted at once, drawn by a seed, upheld or revoked."""

import pytest
from callers import call
from signed_in import account, caller, key_for

from planning.incidents.sampling import draw
from planning.tables.matters import TABLE


@pytest.fixture
def served(settings):
    with call(settings) as client:
        yield client


@pytest.fixture
def people(served):
    database = served.app.state.workplace.database.get()
    cell = next(one["code"] for one in served.get("/api/cells").json() if one["village"] == "00001")
    grants = {
        "village": ("grid-worker", "cell", cell),
        "township": ("township-desk", "township", "T1"),
        "county": ("county-desk", "county", "*"),
        "checker": ("checker", "county", "*"),
    }
    return {
        name: caller(served.app, key_for(database, account(database, name, grant))) for name, grant in grants.items()
    }


def declared(who, n, **more):
    body = {"matter": "v-001", "village": "00001", "idempotency_key": f"m{n}", "text": "困难", **more}
    return who.post("/api/matters", json=body)


def moved(who, case, move, version, **data):
    body = {"move": move, "expected_version": version, "key": f"{move}{version}", "data": data}
    return who.post(f"/api/incidents/{case}/events", json=body)


def test_a_matter_is_granted_at_once_and_looked_into_afterwards(served, people):
    applicant = {"name": "王某", "phone": "13800000000"}
    answer = declared(people["village"], 1, proxy="coordinator", applicant=applicant)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["flow"], told["state"], told["level"], told["township"]) == ("matter", "declared", "township", "T1")
    assert declared(people["village"], 1, proxy="coordinator", applicant=applicant).status_code == 200
    case = told["id"]
    assert people["township"].get(f"/api/incidents/{case}").json()["moves"] == [
        "grant", "refuse", "withdraw", "note", "attach",
    ]  # fmt: skip
    assert moved(people["village"], case, "grant", 1).status_code == 422
    granted = moved(people["township"], case, "grant", 1)
    assert granted.status_code == 200, granted.text
    sample = people["county"].post("/api/matters/samples", json={"seed": "2026-12", "percent": 50}).json()
    assert (sample["granted"], sample["drawn"]) == (1, [case])
    revoked = moved(people["checker"], case, "revoke", 3, reason="not-entitled")
    assert revoked.status_code == 200, revoked.text
    assert (revoked.json()["state"], revoked.json()["version"]) == ("revoked", 4)
    assert [event["kind"] for event in revoked.json()["events"]] == ["declared", "granted", "sampled", "revoked"]
    listed = people["county"].get("/api/matters").json()
    [row] = listed["matters"]
    assert (row["name"], row["proxy"], row["minutes"], row["usual_days"]) == ("最低生活保障申报", "coordinator", 0, 37)
    assert (row["days_saved"], listed["days_saved"]) == (37.0, 37.0), "from 37 days to at once"
    assert people["county"].get("/api/incidents").json() == [], "matters are no incidents"
    assert [one["id"] for one in people["county"].get("/api/incidents?flow=matter").json()] == [case]


def test_a_sample_can_be_drawn_again_by_anybody(served, people):
    ids = []
    for n in range(8):
        ids.append(declared(people["village"], n).json()["id"])
        assert moved(people["township"], ids[-1], "grant", 1).status_code == 200
    drawn = people["county"].post("/api/matters/samples", json={"seed": "s1", "percent": 30}).json()["drawn"]
    assert drawn == draw(reversed(ids), seed="s1", percent=30)
    assert len(drawn) == 3
    assert people["township"].post("/api/matters/samples", json={"seed": "s1", "percent": 30}).status_code == 422


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"matter": "v-999", "village": "nowhere"}, ["matter-unknown", "matter-village-unknown"]),
        ({"matter": "d-001"}, ["matter-unknown"]),
    ],
)
def test_what_no_village_may_declare_is_refused_by_name(served, people, more, codes):
    answer = declared(people["village"], 1, **more)
    assert answer.status_code == 422
    assert [fault["code"] for fault in answer.json()["faults"]] == codes


def test_the_catalogue_has_the_numbers_of_the_source():
    rows = TABLE.defaults
    of = lambda **wanted: sum(all(row[k] == v for k, v in wanted.items()) for row in rows)  # noqa: E731
    assert (of(tier="township"), of(tier="township", kind="assistance")) == (95, 12)
    assert (of(tier="village"), of(tier="village", kind="assistance")) == (29, 18)
    powers = [of(tier="department", kind=kind) for kind in ("permit", "penalty", "confirmation", "payment", "other")]
    assert (of(tier="department"), powers) == (154, [23, 124, 3, 2, 2])
    assert len({row["department"] for row in rows} - {""}) == 12
    assert len({row["code"] for row in rows}) == len(rows)
    assert all("模拟" in row["note"] for row in rows)
