"""What an office edits is used, and what used a version remembers which: plans, matrices, incidents, plan files."""

import json
from datetime import UTC, datetime

import pytest
from callers import asked, call
from slow_plans import until
from typer.testing import CliRunner

from api.actions.cases.report import TABLES_OF_A_CASE
from api.actions.plan import make_plan
from api.actions.plan_file import seal
from api.cli.commands import app
from layers.records.audit import COMMAND_LINE, Act
from layers.records.database import open_database
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from layers.records.documents import DocumentStore, NewDocument
from planning.scenario.defaults import with_defaults
from planning.scenario.question import PlanQuestion
from planning.tables.registry import TABLES

REPORT = {"category": "environment", "lon": 116.9, "lat": 37.2}


def plan(client, **question):
    run = asked(client, "/api/plans", {"service": "hub", **question})
    return run["result"], run["id"]


def edit(client, kind, change):
    found = client.get(f"/api/tables/{kind}").json()
    for row in found["rows"]:
        change(row)
    answer = client.put(f"/api/tables/{kind}", json={"expected_version": found["latest"], "rows": found["rows"]})
    assert answer.status_code == 200, answer.text
    return answer.json()["version"]


def double(column):
    def change(row):
        row[column] = 2 * row[column]

    return change


def at_speed(kmh):
    def change(row):
        row["speed_kmh"] = kmh

    return change


def test_rooms_in_force_size_the_hubs_and_are_named(client):
    before, name = plan(client)
    edit(client, "rooms", double("base_m2"))
    after, other = plan(client)
    assert (before["tables"], after["tables"]) == ({}, {"rooms": 1})
    assert after["tables_sha"]["rooms"] == client.get("/api/tables/rooms").json()["sha"]
    assert name != other
    assert after["facilities"][0]["floor_area_m2"] > before["facilities"][0]["floor_area_m2"]
    assert "rooms-assumed" in before["notes"]
    assert "rooms-of-office" in after["notes"]
    assert client.get(f"/api/runs/{name}").json()["run"]["result"] == before


def test_rooms_in_force_are_part_of_a_model_that_sizes_hubs(client):
    before, _name = plan(client, model="hubs", limit_minutes=60)
    edit(client, "rooms", double("minimum_m2"))
    edit(client, "rooms", double("base_m2"))
    after, _other = plan(client, model="hubs", limit_minutes=60)
    assert after["objective"] > before["objective"]
    areas = [site["floor_area_m2"] for site in after["facilities"]]
    assert sum(areas) == pytest.approx(after["objective"], abs=len(areas))


def test_the_walk_to_the_road_is_as_fast_as_the_table_says(client):
    county = client.app.state.workplace
    beside = county.county.metres_of(116.9, 37.195)

    def walk():
        return float(county.county.snap_points(beside, mode="car").access_s[0])

    before = walk()
    edit(
        client,
        "speeds",
        lambda row: row.update(speed_kmh=row["speed_kmh"] / (2 if row["road_class"] == "access" else 1)),
    )
    assert before > 1
    assert walk() == pytest.approx(2 * before, rel=0.01)


def test_rooms_that_a_question_brings_go_before_the_table_and_the_table_s_own_are_no_other_question(client):
    edit(client, "rooms", double("base_m2"))
    rows = [{k: v for k, v in row.items() if k != "basis"} for row in client.get("/api/tables/rooms").json()["rows"]]
    left_out, name = plan(client)
    spelt_out, same = plan(client, rooms=rows)
    assert (name, left_out) == (same, spelt_out)
    own, other = plan(client, rooms=[rows[0] | {"base_m2": 900}])
    assert (own["tables"], other != name) == ({}, True)


def test_a_table_that_a_question_does_not_ask_for_makes_no_other_question(client):
    _before, name = plan(client, service="elder-centre", p=1)
    edit(client, "rooms", double("base_m2"))
    edit(client, "deadlines", lambda row: row.update(workdays=9))
    after, same = plan(client, service="elder-centre", p=1)
    assert (same, after["tables"]) == (name, {})


def test_unit_costs_in_force_are_what_a_budget_is_spent_on(client):
    question = {"service": "elder-centre", "model": "budget", "budget_yuan": 80_000_000}
    before, name = plan(client, **question)
    edit(client, "unit-costs", double("opening_yuan"))
    after, other = plan(client, **question)
    assert (len(before["opened"]), len(after["opened"])) == (3, 2)
    assert (after["tables"], name != other) == ({"unit-costs": 1}, True)
    assert {"costs-of-office"} == {note for note in after["notes"] if note.startswith("costs")}
    spelt_out, same = plan(client, **question, opening_yuan=76_620_000)
    assert (same, spelt_out) == (other, after)


def test_speeds_in_force_are_those_of_matrices_and_networks(client):
    before, name = plan(client, p=1, model="p-median")
    seconds = client.get("/api/access").json()["seconds"]
    edit(client, "speeds", lambda row: row.update(speed_kmh=row["speed_kmh"] / 2))
    after, other = plan(client, p=1, model="p-median")
    assert after["measures"]["mean_s"] == pytest.approx(2 * before["measures"]["mean_s"], abs=1)
    assert (after["tables"], name != other) == ({"speeds": 1}, True)
    slower = client.get("/api/access").json()["seconds"]
    assert {id_: round(value / 2) for id_, value in slower.items()} == pytest.approx(seconds, abs=1)
    county = client.app.state.workplace
    assert county.county.network("car") is not county.county_as_built.network("car")
    assert county.county.network("car") is county.county.network("car")


def test_going_back_to_the_program_s_table_is_a_version_too(client):
    before, _name = plan(client)
    edit(client, "rooms", double("base_m2"))
    edit(client, "rooms", lambda row: row.update(base_m2=row["base_m2"] / 2))
    after, _other = plan(client)
    assert after["facilities"] == before["facilities"]
    assert after["tables"] == {"rooms": 2}


def test_a_table_that_counts_later_changes_nothing_now(client):
    rows = client.get("/api/tables/rooms").json()["rows"]
    rows[0]["base_m2"] = 500
    body = {"expected_version": 0, "rows": rows, "valid_from": "2100-01-01T00:00:00Z"}
    assert client.put("/api/tables/rooms", json=body).json()["version"] == 1
    assert plan(client)[0]["tables"] == {}


def test_a_study_is_about_the_plan_under_its_own_tables(client):
    made, name = plan(client, p=1, model="p-median")
    edit(client, "speeds", at_speed(5))
    study = asked(client, "/api/studies", {"kind": "why-here", "plan_id": name})["result"]
    assert study["tables"] == {}
    assert study["plan"]["objective"] == made["objective"]
    closed = client.post("/api/closures", json={"plan_id": name}).json()
    assert closed["before"]["mean_s"] == made["measures"]["mean_s"]


def test_deadlines_in_force_count_for_new_reports_and_are_remembered(client):
    first = client.post("/api/incidents", json={**REPORT, "idempotency_key": "a"}).json()
    edit(client, "deadlines", lambda row: row.update(workdays=0))
    second = client.post("/api/incidents", json={**REPORT, "idempotency_key": "b"}).json()
    tables = dict.fromkeys(TABLES_OF_A_CASE, 0)
    assert (first["workdays"], first["tables"]) == (7, tables)
    assert (second["workdays"], second["tables"]) == (0, tables | {"deadlines": 1})
    assert second["due_at"] < first["due_at"]
    assert client.get(f"/api/incidents/{first['id']}").json()["workdays"] == 7
    store = client.app.state.workplace.incidents
    assert store.events(second["id"])[1].payload["tables"] == second["tables"]


def test_the_page_calls_kinds_of_incident_as_the_office_does(client):
    edit(client, "categories", lambda row: row.update(name_zh=f"{row['name_zh']}事项", name_en=f"{row['name_en']} x"))
    assert '"security":"治安事项"' in client.get("/incidents").text
    assert '"security":"Public security x"' in client.get("/incidents?lang=en").text


def test_the_page_begins_from_the_tables_in_force(client):
    edit(client, "unit-costs", lambda row: row.update(opening_yuan=123_456, opening_basis="2026 年合同价"))
    edit(client, "rooms", double("minimum_m2"))
    page = client.get("/plan").text
    assert '"opening_yuan":123456' in page
    assert "2026 年合同价" in page
    assert '"minimum_m2":300' in page


@pytest.fixture
def told(monkeypatch, settings):
    monkeypatch.setenv("COUNTYGRID_DATA", str(settings.data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", settings.database_url)

    def run(*words):
        done = CliRunner().invoke(app, [str(word) for word in words])
        return done.exit_code, done.stdout

    return run


def test_page_and_command_line_give_the_same_answer(client, told):
    code, before = told("plan", "--service", "hub", "--json")
    assert (code, json.loads(before)) == (0, plan(client)[0])
    edit(client, "rooms", double("base_m2"))
    edit(client, "speeds", lambda row: row.update(speed_kmh=row["speed_kmh"] / 2))
    code, after = told("plan", "--service", "hub", "--json")
    assert (code, json.loads(after)) == (0, plan(client)[0])
    assert json.loads(after)["tables"] == {"rooms": 1, "speeds": 1}
    assert "使用的表格:出行速度第 1 版、用房标准第 1 版" in told("plan", "--service", "hub")[1]


def test_a_plan_file_is_checked_by_the_tables_that_it_names(client, told, tmp_path):
    file = tmp_path / "plan.json"
    question = ("plan", "--service", "hub", "--model", "p-median", "--p", 2, "--out", file)
    edit(client, "rooms", double("base_m2"))
    edit(client, "speeds", lambda row: row.update(speed_kmh=row["speed_kmh"] / 2))
    assert told(*question)[0] == 0
    edit(client, "speeds", lambda row: row.update(speed_kmh=row["speed_kmh"] * 3))
    code, checked = told("verify", file, "--json")
    assert (code, json.loads(checked)["verdict"], json.loads(checked)["with_county"]) == (0, "proven", True)
    plain = json.loads(file.read_text())
    assert plain["tables"] == {"rooms": 1, "speeds": 1}


@pytest.mark.parametrize("named", [{"speeds": 9}, {"speeds": 1, "x": 1}, {"speeds": "1"}, [1], "x"])
def test_a_plan_that_names_tables_nobody_has_is_checked_by_itself_alone(client, told, tmp_path, named):
    file = tmp_path / "plan.json"
    edit(client, "speeds", lambda row: row.update(speed_kmh=row["speed_kmh"] / 2))
    told("plan", "--service", "hub", "--out", file)
    changed = json.loads(file.read_text()) | {"tables": named}
    file.write_text(json.dumps(changed))
    code, checked = told("verify", file, "--json")
    assert {fault["code"] for fault in json.loads(checked)["faults"]} == {"seal-broken"}
    assert code == 1


def test_a_plan_file_from_before_tables_could_be_edited_still_holds(client, told, tmp_path):

    file = tmp_path / "plan.json"
    told("plan", "--service", "hub", "--out", file)
    older = {name: value for name, value in json.loads(file.read_text()).items() if not name.startswith("tables")}
    older["claim"]["seal"] = seal(older)
    file.write_text(json.dumps(older, ensure_ascii=False))
    code, checked = told("verify", file, "--json")
    assert (code, json.loads(checked)["with_county"]) == (0, True)


def test_without_a_database_the_command_line_makes_none(told, settings, monkeypatch, tmp_path):
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite'}")
    code, made = told("plan", "--service", "hub", "--json")
    assert (code, json.loads(made)["tables"]) == (0, {})
    assert not (tmp_path / "none.sqlite").exists()


def test_a_database_that_cannot_be_read_is_no_reason_for_another_answer(monkeypatch, told, tmp_path):
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", f"sqlite:///{broken}")
    done = CliRunner().invoke(app, ["plan", "--service", "hub"])
    assert done.exit_code == 1
    assert "可编辑的表格" in done.stderr
    assert broken.read_bytes().endswith(b"x")


def test_while_records_are_down_the_tables_read_last_count_and_nothing_is_asked_by_unread_ones(settings, monkeypatch):
    def down(_self):
        raise DatabaseDownError("silent")

    with call(settings) as client:
        edit(client, "rooms", double("base_m2"))
        plan(client)
        with monkeypatch.context() as away:
            away.setattr(DatabaseAtHand, "get", down)
            assert client.app.state.workplace.county.tables.versions(["rooms"]) == {"rooms": 1}
            assert client.post("/api/plans", json={"service": "hub"}).json()["error"] == "database-silent"
        assert plan(client)[0]["tables"] == {"rooms": 1}
    monkeypatch.setattr(DatabaseAtHand, "get", down)
    with call(settings) as client:
        question, county = PlanQuestion("hub"), client.app.state.workplace.county
        assert "tables-unread" in make_plan(county, with_defaults(question, county.tables.services))["notes"]
        refused = client.post("/api/plans", json={"service": "hub"})
        assert (refused.status_code, refused.json()["error"]) == (503, "tables-unread")
        monkeypatch.undo()
        assert plan(client)[0]["tables"] == {"rooms": 1}, "they are read as soon as they can be"


def test_another_process_s_change_is_noticed(client, settings):
    plan(client)
    other = open_database(settings.database_url)
    rows = [dict(row) | {"base_m2": 777} for row in TABLES["rooms"].defaults]
    now = datetime.now(UTC)
    new = NewDocument("rooms", {"rows": rows}, "x" * 64, now, now)
    DocumentStore(other).save(new, expected_version=0, act=Act(COMMAND_LINE, "table.saved", "table"))
    other.close()
    until(lambda: plan(client)[0]["tables"] == {"rooms": 1})
