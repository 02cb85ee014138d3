"""Staff over HTTP: reports go by it, changes count at once, each desk in its townships, numbers one by one."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from callers import call
from signed_in import account, caller, key_for
from sqlalchemy import func, select
from toy_county import lon_lat

from api.settings import Settings
from layers.records.tables import audit, secret

DAY = timedelta(days=1)
POST = {"post": "assistant", "area_kind": "township", "area": "T1", "from": "2026-01-01"}


@pytest.fixture(scope="module")
def app(toy_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("staff")
    shutil.copytree(toy_data, folder / "data")
    with call(Settings(data=folder / "data", database_url=f"sqlite:///{folder / 'app.sqlite'}")) as client:
        yield client.app


@pytest.fixture(scope="module")
def database(app):
    return app.state.workplace.database.get()


@pytest.fixture(scope="module")
def by(app, database):
    """Callers by role: the county desk, both township desks, an official, and two workers, one of whom is known."""
    facts = app.state.workplace.county.cell_facts
    cell_of = {village: cell for cell, (village, _township) in facts.items()}
    grants = {
        "county": ("county-desk", "county", "*"),
        "west": ("township-desk", "township", "T1"),
        "east": ("township-desk", "township", "T2"),
        "official": ("official", "county", "*"),
        "worker": ("grid-worker", "cell", cell_of["00001"]),
        "other": ("grid-worker", "cell", cell_of["00005"]),
        "checker": ("checker", "township", "T2"),
    }
    made = {name: account(database, name, grant) for name, grant in grants.items()}
    found = {name: caller(app, key_for(database, one)) for name, one in made.items()}
    for name, person in (("worker", "00001A"), ("west", "00001B")):
        version = found["county"].get(f"/api/staff/{person}").json()["version"]
        body = {"expected_version": version, "account": name}
        assert found["county"].post(f"/api/staff/{person}", json=body).status_code == 200
    return found


def report(client, x_km, y_km, key, **about):
    lon, lat = lon_lat(x_km, y_km)
    body = {"category": "traffic", "lon": lon, "lat": lat, "idempotency_key": key, **about}
    return client.post("/api/incidents", json=body).json()


def rows_of(database):
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(audit))


def test_reports_go_by_the_records_a_away_b_acts_both_away_the_nearest_and_a_change_counts_at_once(by):
    told = report(by["county"], 1, 1.2, "a")
    assert (told["assignee"], told["reason"], told["assignee_name"]) == ("00003B", "a-off-duty", "网格员00003B")
    told = report(by["county"], 4, 3, "b")  # both workers of 河口 are off duty
    assert (told["role"], told["reason"], told["reason_params"]["village_id"]) == ("nearest", "nearest-free", "00006")
    assert told["assignee"] == "00004A", "1 km of the main road and 2 km of others; from 00005 all 3 km are others"
    assert told["route_seconds"] == 580
    assert told["reason_params"]["minutes"] == 10
    away = by["county"].get("/api/staff/00003A").json()["leave"][0]
    body = {"decision": "withdrawn", "expected_version": away["version"]}
    assert by["county"].post(f"/api/leave/{away['id']}/decision", json=body).status_code == 200
    told = report(by["county"], 1, 1.2, "c")
    assert (told["assignee"], told["reason"]) == ("00003A", "a-on-duty")


def test_a_stand_in_whom_leave_names_goes_before_b_and_cases_left_behind_are_told(by):
    case = report(by["county"], 3, 1, "left")
    assert case["assignee"] == "00004A"
    now = datetime.now(UTC)
    asked = {
        "person": "00004A",
        "from": f"{now - DAY:%Y-%m-%d}",
        "until": f"{now + 3 * DAY:%Y-%m-%d}",
        "stand_in": "00005A",
    }
    leave = by["east"].post("/api/leave", json=asked).json()
    assert report(by["county"], 3, 1, "before")["assignee"] == "00004A", "what is only asked for does not count"
    done = by["east"].post(f"/api/leave/{leave['id']}/decision", json={"decision": "approved", "expected_version": 1})
    told = done.json()
    assert {"id": case["id"], "next_assignee": "00005A", "next_reason": "a-away-named"}.items() <= next(
        one for one in told["cases"] if one["id"] == case["id"]
    ).items()
    after = report(by["county"], 3, 1, "after")
    assert (after["assignee"], after["role"], after["reason_params"]["for"]) == ("00005A", "stand-in", "00004A")


def test_somebody_asks_for_their_own_leave_and_another_decides(by, database):
    span = {"from": "2027-05-01", "until": "2027-05-03"}
    own = by["worker"].post("/api/leave", json=span)
    assert (own.status_code, own.json()["person"], own.json()["until"]) == (201, "00001A", "2027-05-04 00:00")
    overlapping = by["worker"].post("/api/leave", json={"from": "2027-05-03 12:00"})
    (fault,) = overlapping.json()["faults"]
    assert (fault["code"], "2027-05-01 00:00" in fault["expected"]) == ("leave-overlaps", True)
    decide = {"decision": "approved", "expected_version": 1}
    path = f"/api/leave/{own.json()['id']}/decision"
    refused = [by[who].post(path, json=decide) for who in ("worker", "other", "east", "checker")]
    assert [one.status_code for one in refused] == [422, 404, 404, 404]
    assert refused[0].json()["faults"][0]["code"] == "leave-not-by-oneself"
    mine = by["west"].post("/api/leave", json=span).json()
    assert by["west"].post(f"/api/leave/{mine['id']}/decision", json=decide).status_code == 422, "a desk's own leave"
    assert by["west"].post(path, json=decide | {"expected_version": 2}).status_code == 409
    assert by["west"].post(path, json=decide).status_code == 200
    assert (
        by["west"].post(path, json=decide | {"expected_version": 2}).json()["faults"][0]["code"]
        == "leave-decided-already"
    )
    assert by["worker"].post(path, json={"decision": "withdrawn", "expected_version": 2}).status_code == 200
    assert [(one["person"], one["state"]) for one in by["worker"].get("/api/leave").json()] == [("00001A", "withdrawn")]
    assert {one["person"] for one in by["west"].get("/api/leave?state=asked").json()} == {"00001B"}
    assert by["worker"].post("/api/leave", json=span | {"person": "00001B"}).status_code == 404


def test_a_township_desk_sees_and_changes_its_own_township_only(by):
    listed = by["west"].get("/api/staff?limit=500").json()["people"]
    assert {town for one in listed for town in one["townships"]} == {"T1"}
    assert by["official"].get("/api/staff").json()["count"] > len(listed)
    assert "phone" not in listed[0]
    assert by["west"].get("/api/staff/00004A").status_code == 404
    assert by["west"].post("/api/staff/00004A", json={"expected_version": 1, "name": "x"}).status_code == 404
    refused = by["west"].post("/api/staff", json={"name": "新人", "post": POST | {"area": "T2"}})
    assert [one["code"] for one in refused.json()["faults"]] == ["staff-not-your-area"]
    made = by["west"].post("/api/staff", json={"name": "新人", "phone": "139 0000 1111", "post": POST})
    assert made.status_code == 201
    person = made.json()
    assert (person["has_phone"], person["on_duty"], person["townships"]) == (True, True, ["T1"])
    post = f"/api/staff/{person['id']}/posts/{person['posts'][0]['id']}"
    assert by["west"].post(post, json={"until": "2026-06-30"}).json()["on_duty"] is False
    assert person["id"] not in {one["id"] for one in by["west"].get("/api/staff?limit=500").json()["people"]}


def test_everything_wrong_with_a_person_is_told_at_once_and_nothing_saved(by, database):
    before = rows_of(database)
    body = {
        "id": "坏 号", "name": "\t", "phone": "call me", "account": "nobody",
        "post": {"post": "A", "area_kind": "township", "area": "T1", "from": "30.2.", "until": "never"},
    }  # fmt: skip
    codes = [one["code"] for one in by["county"].post("/api/staff", json=body).json()["faults"]]
    assert codes == ["person-id-odd", "person-name-missing", "person-phone-odd", "person-account-unknown",
                     "post-day-unread", "post-day-unread"]  # fmt: skip
    post = {"post": "A", "area_kind": "village", "area": "00001", "from": "2026-01-01"}
    taken = by["county"].post("/api/staff", json={"name": "李四", "post": post}).json()["faults"]
    assert [(one["code"], "00001A" in one["expected"]) for one in taken] == [("post-taken", True)]
    assert rows_of(database) == before


def test_telephone_numbers_are_seen_one_by_one_in_ones_area_and_that_is_recorded(by, database):
    before = rows_of(database)
    assert by["worker"].get("/api/staff/00002A/phone").json() == {"id": "00002A", "phone": "13800000002"}
    assert rows_of(database) == before + 1
    assert by["checker"].get("/api/staff/00002A/phone").status_code == 404
    assert by["official"].get("/api/staff/00002A/phone").status_code == 403
    assert rows_of(database) == before + 1
    with database.reading() as connection:
        last = connection.execute(select(audit).order_by(audit.c.pos.desc()).limit(1)).one()
        kept = set(connection.scalars(select(secret.c.subject_id).where(secret.c.value == "13800000002")))
    assert (last.action, last.object_id) == ("staff.phone-seen", "00002A")
    assert kept == {"00002A", "00002B"}


def test_gaps_are_told_by_name_and_dates_each_desk_its_own(by):
    told = by["east"].get("/api/staff/gaps?days=14").json()
    assert [(one["kind"], one["area"]) for one in told["gaps"] if one["kind"] == "nobody-there"] == [
        ("nobody-there", "00006")
    ]
    assert {one["township"] for one in told["gaps"]} == {"T2"}
    assert told["taken_over"]["people"] == 14
    assert by["west"].get("/api/staff/gaps?kind=nobody-there").json()["gaps"] == []
    without = by["west"].get("/api/staff/gaps?kind=no-account").json()["gaps"]
    assert "00001A" not in {one["person"] for one in without}
    assert "00002A" in {one["person"] for one in without}


def test_the_page_shows_gaps_people_and_what_is_wrong(by):
    shown = by["east"].get("/staff", headers={"Accept": "text/html"}).text
    assert "A、B角同时不在岗" in shown
    assert "即日" in shown, "who is away already is so from now on, not since the minute of the look"
    assert "网格员00005A" in shown
    assert "网格员00001A" not in shown
    assert "13800" not in shown
    form = {"from": "2027-02-30", "until": "2027-01-01", "reason": "sick", "stand_in": "none"}
    answer = by["east"].post("/staff/people/00005A/leave", data=form, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert 'value="2027-02-30"' in answer.text
    number = by["east"].post("/staff/people/00005A/phone", headers={"Accept": "text/html"})
    assert "13800000005" in number.text


def test_the_table_of_rules_says_whom_a_case_is_for_and_its_rule_stays_on_the_case(by):
    told = by["county"].get("/api/tables/rules").json()
    first = {"rule": "环保先到镇", "category": "environment", "severity": "urgent", "area": "T1", "time": "any",
             "level": "township", "post": "assistant", "unit": "", "basis": ""}  # fmt: skip
    body = {"expected_version": told["version"], "rows": [first, *told["rows"]]}
    assert by["county"].put("/api/tables/rules", json=body).status_code == 200
    person = by["county"].post("/api/staff", json={"name": "镇辅助员", "post": POST}).json()["id"]
    case = report(by["county"], 1, 1.2, "rule", category="environment", severity="urgent")
    assert (case["assignee"], case["level"], case["reason"]) == (person, "township", "post-on-duty")
    assert (case["reason_params"]["table_rule"], case["tables"]["rules"]) == ("环保先到镇", 1)
    usual = report(by["county"], 1, 1.2, "usual", category="environment", severity="normal")
    assert (usual["level"], usual["reason_params"]["table_rule"]) == ("grid", "grid-worker")
    directed = report(by["county"], 1, 1.2, "directed", subcategory="traffic-accident")
    assert (directed["level"], directed["reason"]) == ("county", "unit-unknown"), "this county has no such department"
    assert directed["reason_params"]["table_rule"] == "mode-directed"
