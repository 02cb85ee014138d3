"""The office's rules, small kinds and steps as a report meets them, over HTTP."""

from datetime import datetime

import pytest
from callers import call
from sqlalchemy import insert

from api.settings import Settings
from layers.records.tables import unit
from planning.tables.registry import TABLES


@pytest.fixture
def served(toy_data, tmp_path):
    with call(Settings(data=toy_data, database_url=f"sqlite:///{tmp_path / 'app.sqlite'}")) as client:
        yield client


@pytest.fixture
def place(served):
    county = served.app.state.workplace.county
    village, township = next(facts for facts in county.cell_facts.values() if facts[1])
    point = county.demand.loc[village].geometry
    return {"lon": point.x, "lat": point.y, "township": township}


def saved(served, kind, *rows):
    first = dict(TABLES[kind].defaults[0])
    body = {"rows": [*({**first, **row} for row in rows), *TABLES[kind].defaults], "expected_version": 0}
    answer = served.put(f"/api/tables/{kind}", json=body)
    assert answer.status_code == 200, answer.text


def reported(served, place, *, expect=201, **told):
    body = {"category": "traffic", "lon": place["lon"], "lat": place["lat"], "text": "坑", "idempotency_key": str(told)}
    answer = served.post("/api/incidents", json={**body, **told})
    assert answer.status_code == expect, answer.text
    return answer.json()


def departments(served, *codes):
    rows = [{"id": code, "kind": "department", "name": code, "areas": []} for code in codes]
    with served.app.state.workplace.database.get().writing() as connection:
        connection.execute(insert(unit), [{**one, "origin": "office", "version": 1} for one in rows])


def rule_of(case):
    return case["reason_params"]["table_rule"]


def test_the_rules_that_come_with_the_program_send_to_the_worker_of_the_cell(served, place):
    case = reported(served, place)
    assert (case["level"], case["role"], rule_of(case)) == ("grid", "A", "grid-worker")


def test_the_first_rule_that_matches_decides_and_its_name_stays_on_the_case(served, place):
    rule = {"rule": "急事到镇", "severity": "urgent", "area": place["township"], "level": "township", "post": "desk"}
    saved(served, "rules", rule)
    urgent, normal = (reported(served, place, severity=severity) for severity in ("urgent", "normal"))
    assert (urgent["level"], urgent["assignee"], urgent["reason"]) == ("township", None, "by-rule")
    assert (rule_of(urgent), urgent["tables"]["rules"]) == ("急事到镇", 1)
    assert (normal["level"], rule_of(normal)) == ("grid", "grid-worker")
    again = served.get(f"/api/incidents/{urgent['id']}").json()
    assert (rule_of(again), again["level"]) == ("急事到镇", "township")


def test_a_small_kind_says_how_bad_a_case_usually_is_and_who_enforces(served, place):
    case = reported(served, place, subcategory="traffic-accident")
    assert (case["severity"], case["step"]) == ("emergency", "accept")
    assert (rule_of(case), case["level"], case["reason"]) == (
        "mode-directed",
        "county",
        "unit-unknown",
    )
    assert reported(served, place, subcategory="traffic-accident", severity="normal")["severity"] == "normal"
    (fault,) = reported(served, place, subcategory="campus-surroundings", expect=422)["faults"]
    assert (fault["code"], fault["field"]) == ("unknown-subcategory", "subcategory")


def test_another_matter_is_routed_and_timed_again_by_the_tables(served, place):
    case = reported(served, place)
    told = {"move": "recategorise", "expected_version": case["version"], "key": "k", "data": {}}
    told["data"] = {"category": "environment", "subcategory": "environment-straw-burning"}
    answer = served.post(f"/api/incidents/{case['id']}/events", json=told)
    assert answer.status_code == 200, answer.text
    case = answer.json()
    assert (case["category"], case["severity"], rule_of(case)) == (
        "environment",
        "emergency",
        "mode-resident",
    )


def test_a_step_takes_as_long_as_the_table_says(served, place):
    rows = [dict(row) for row in TABLES["steps"].defaults]
    accept = next(row for row in rows if (row["severity"], row["step"]) == ("emergency", "accept"))
    accept["amount"] = 25
    answer = served.put("/api/tables/steps", json={"rows": rows, "expected_version": 0})
    assert answer.status_code == 200, answer.text
    case = reported(served, place, severity="emergency")
    wait = datetime.fromisoformat(case["step_due_at"]) - datetime.fromisoformat(case["reported_at"])
    assert round(wait.total_seconds()) == 25 * 60


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (
            "rules",
            {"rule": "环保", "category": "environment", "level": "county", "post": "department", "unit": "ecolgy"},
        ),
        (
            "subcategories",
            {"code": "party-x", "name_zh": "新", "name_en": "New", "mode": "directed", "unit": "ecolgy"},
        ),
    ],
)
def test_a_department_that_is_not_there_is_named_with_the_nearest_that_is(served, kind, row):
    departments(served, "ecology", "public-security")
    first = dict(TABLES[kind].defaults[0])
    category = {"category": "party"} if kind == "subcategories" else {}
    body = {"rows": [{**first, **category, **row}, *TABLES[kind].defaults], "expected_version": 0}
    answer = served.put(f"/api/tables/{kind}", json=body)
    (fault,) = answer.json()["faults"]
    assert (answer.status_code, fault["code"], fault["row"], fault["field"]) == (422, "table-unknown-unit", 1, "unit")
    assert "ecology" in fault["mend"]
    body["rows"][0]["unit"] = "ecology"
    assert served.put(f"/api/tables/{kind}", json=body).status_code == 200


def test_examples_that_name_departments_a_county_lacks_keep_no_table_from_being_saved_and_the_page_says_so(served):
    departments(served, "own-office", "ecology")
    rows = [dict(row) for row in TABLES["subcategories"].defaults]
    rows[0] |= {"mode": "directed", "unit": "own-office"}
    answer = served.put("/api/tables/subcategories", json={"rows": rows, "expected_version": 0})
    assert answer.status_code == 200, answer.text
    page = served.get("/tables/subcategories", headers={"Accept": "text/html"}).text
    assert "没有这些部门:公安局 (public-security)。" in page
    rows[0]["unit"] = "public-security"
    answer = served.put("/api/tables/subcategories", json={"rows": rows, "expected_version": 1})
    assert [(one["code"], one["row"]) for one in answer.json()["faults"]] == [("table-unknown-unit", 1)]
    departments(served, "public-security")
    assert "没有这些部门" not in served.get("/tables/subcategories", headers={"Accept": "text/html"}).text
