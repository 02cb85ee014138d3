"""A changed table tried on the cases of the past weeks: by HTTP and on the command line, and nothing is saved."""

import json

import pytest
from callers import call
from edited_tables import workbook
from sqlalchemy import func, select
from typer.testing import CliRunner

from api.cli.commands import app
from api.settings import Settings
from layers.records.tables import document
from planning.tables.registry import TABLES


def rows_of(kind):
    return [dict(row) for row in TABLES[kind].defaults]


@pytest.fixture
def served(toy_data, database_url):
    with call(Settings(data=toy_data, database_url=database_url)) as client:
        yield client


@pytest.fixture
def reported(served):
    """Three cases in one cell, one of them urgent."""
    county = served.app.state.workplace.county
    cell, (village, township) = next((c, f) for c, f in county.cell_facts.items() if f[1])
    place = county.demand.loc[village].geometry
    for n, severity in enumerate(("normal", "normal", "urgent")):
        body = {"category": "traffic", "lon": place.x, "lat": place.y, "text": "坑", "idempotency_key": str(n)}
        assert served.post("/api/incidents", json={**body, "severity": severity}).status_code == 201
    return cell, township


def tried(served, kind, rows, **body):
    answer = served.post(f"/api/tables/{kind}/dry-run", json={"rows": rows, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_rule_for_a_township_is_tried_on_its_cases(served, reported):
    _, township = reported
    rule = {"rule": "急事", "severity": "urgent", "area": township, "level": "township", "post": "desk"}
    found = tried(served, "rules", [{**rows_of("rules")[0], **rule}, *rows_of("rules")])
    assert (found["cases"], found["rerouted"], found["deadlines"]) == (3, 1, [])
    assert found["routes"][0]["after"] == {"rule": "急事", "level": "township", "post": "desk", "unit": ""}
    database = served.app.state.workplace.database.get()
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(document)) == 0


def test_more_time_for_a_step_moves_the_deadlines_of_that_step(served, reported):
    rows = rows_of("steps")
    accept = next(row for row in rows if (row["severity"], row["step"]) == ("normal", "accept"))
    accept |= {"amount": 3, "unit": "workdays"}
    (moved,) = tried(served, "steps", rows)["deadlines"]
    assert (moved["step"], moved["count"], moved["later"]) == ("accept", 3, 2)
    assert moved["most_minutes"] > 24 * 60


def test_rules_are_held_against_the_townships_and_cells_of_the_county_everywhere_a_table_comes_in(served, reported):
    cell, township = reported
    first = rows_of("rules")[0]
    rows = [
        {**first, "rule": name, "area": area} for name, area in (("镇", township), ("格", cell), ("外", "371424999"))
    ]
    sent = [
        served.post("/api/tables/rules/dry-run", json={"rows": [*rows, first]}),
        served.put("/api/tables/rules", json={"rows": [*rows, first], "expected_version": 0}),
        served.post("/api/tables/rules.xlsx?file=t.xlsx", content=workbook("rules", [*rows, first])),
    ]
    for answer, from_row in zip(sent, (1, 1, 2), strict=True):
        assert answer.status_code == 422
        told = {(fault["code"], fault["row"]) for fault in answer.json()["faults"]}
        assert told == {("rule-never-first", from_row + 1), ("rule-unknown-area", from_row + 2)}


def test_the_command_tries_a_file_and_says_what_would_be(served, reported, tmp_path, monkeypatch):
    settings = served.app.state.workplace.settings
    monkeypatch.setenv("COUNTYGRID_DATA", str(settings.data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", settings.database_url)
    rows = [{**row, "workdays": 5} for row in rows_of("deadlines")]
    (tmp_path / "t.xlsx").write_bytes(workbook("deadlines", rows))
    told = CliRunner().invoke(app, ["table", "dry-run", "deadlines", str(tmp_path / "t.xlsx"), "--json"])
    assert told.exit_code == 0, told.output
    (whole,) = json.loads(told.stdout)["deadlines"]
    assert (whole["step"], whole["later"]) == ("whole", 3)
    for lang, words in (("zh", "推后 3"), ("en", "3 later")):
        told = CliRunner().invoke(app, ["table", "dry-run", "deadlines", str(tmp_path / "t.xlsx"), "--lang", lang])
        assert words in told.stdout
    refused = CliRunner().invoke(app, ["table", "dry-run", "rooms", str(tmp_path / "t.xlsx")])
    assert refused.exit_code == 1
