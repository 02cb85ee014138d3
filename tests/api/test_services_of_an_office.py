"""A service that an office adds to its table is sited at once, with the costs that its other table says."""

import json

import pytest
from callers import asked
from edited_tables import workbook
from typer.testing import CliRunner

from api.cli.commands import app
from planning.tables.registry import TABLES

DAY_CARE = {
    **{column.name: 0 for column in TABLES["services"].columns if column.is_figure},
    **{column.name: "" for column in TABLES["services"].columns if not column.is_figure},
    "service": "day-care",
    "name_zh": "日间照料中心",
    "name_en": "Day care",
    "group": "60+",
    "model": "p-median",
    "p": 2,
    "limit_minutes": 20,
    "mode": "e-bike",
    "capacity_unit": "people",
    "load_per_mille": 1000,
    "has_rooms": "no",
    "basis": "民政局意见",
}
COST = {
    "service": "day-care",
    "opening_yuan": 9,
    "closing_yuan": 0,
    "included": 0,
    "extension_yuan": 0,
    "opening_basis": "合同价",
    "extension_basis": "",
}


def rows(kind, *more):
    return [*(dict(row) for row in TABLES[kind].defaults), *more]


def save(client, kind, *more):
    body = {"expected_version": 0, "rows": rows(kind, *more)}
    return client.put(f"/api/tables/{kind}", json=body)


def test_a_service_added_to_the_table_is_sited_at_once(client):
    assert client.post("/api/plans", json={"service": "day-care"}).status_code == 422
    assert save(client, "services", DAY_CARE).status_code == 200
    plan = asked(client, "/api/plans", {"service": "day-care"})["result"]
    assert (plan["model"], plan["p"], plan["mode"], plan["weights_basis"]) == ("p-median", 2, "e-bike", "age_60_plus")
    assert (plan["status"], plan["tables"]) == ("optimal", {"services": 1})
    page = client.get("/plan").text
    assert '"name":"day-care","label":"日间照料中心"' in page


def test_what_it_costs_stands_in_the_other_table_and_is_asked_for_before(client):
    assert save(client, "services", DAY_CARE).status_code == 200
    money = {"service": "day-care", "model": "budget", "budget_yuan": 20}
    fault = client.post("/api/plans", json=money).json()["faults"][0]
    assert (fault["code"], fault["field"]) == ("option-missing", "opening_yuan")
    assert client.post("/api/plans", json=money | {"opening_yuan": 10}).status_code in (200, 202)
    assert save(client, "unit-costs", COST).status_code == 200
    plan = asked(client, "/api/plans", money)["result"]
    assert (plan["status"], plan["spent_yuan"], plan["tables"]) == ("optimal", 18, {"services": 1, "unit-costs": 1})


def test_costs_of_a_service_that_there_is_not_are_refused_by_name(client):
    refused = save(client, "unit-costs", COST | {"service": "hubs"})
    fault = refused.json()["faults"][0]
    assert (refused.status_code, fault["code"], fault["row"], fault["value"]) == (422, "unknown-service", 4, "hubs")
    assert "elder-centre, hub, service-room" in fault["expected"]
    assert save(client, "services", DAY_CARE).status_code == 200
    assert save(client, "unit-costs", COST).status_code == 200


def test_the_command_line_refuses_the_same_and_writes_names_as_the_office_has_them(toy_data, tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", f"sqlite:///{tmp_path / 'app.sqlite'}")

    def run(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    costs, services = tmp_path / "costs.xlsx", tmp_path / "services.xlsx"
    costs.write_bytes(workbook("unit-costs", rows("unit-costs", COST)))
    services.write_bytes(workbook("services", rows("services", DAY_CARE)))
    told = run("table", "import", "unit-costs", costs)
    assert told.exit_code == 1
    assert "day-care" in told.output
    assert run("table", "import", "services", services).exit_code == 0
    assert run("table", "import", "unit-costs", costs).exit_code == 0
    plan = json.loads(run("plan", "--service", "day-care", "--json").stdout)
    assert plan["tables"] == {"services": 1, "unit-costs": 1}
    assert "日间照料中心" in run("plan", "--service", "day-care").output


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"service": "Day care"}, "service-bad-code", "service"),
        ({"service": "hub"}, "table-double-key", "service"),
        ({"name_zh": "民生服务室"}, "table-double-name", "name_zh"),
        ({"p": "不限"}, "service-without-p", "p"),
        ({"model": "lscp"}, "service-p-unused", "p"),
        ({"model": "hubs", "p": 0}, "service-model-unfit", "model"),
        ({"only_where": "clinic"}, "unknown-service", "only_where"),
        ({"above": "day-care"}, "service-its-own", "above"),
        ({"mode": "sledge"}, "table-unknown-choice", "mode"),
        ({"limit_minutes": 0}, "table-too-small", "limit_minutes"),
    ],
)
def test_one_wrong_cell_of_a_service_is_one_fault(client, changes, code, field):
    refused = save(client, "services", DAY_CARE | changes)
    told = [(fault["code"], fault["field"]) for fault in refused.json()["faults"]]
    assert (refused.status_code, told) == (422, [(code, field)])
