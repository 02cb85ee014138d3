"""A scheme adopted by its scenario: planned facilities in a new build, a register, and the way back."""

import json
import shutil

import pytest
from callers import call, finished
from toy_county import write_toy_county

from api.actions.scenarios.adopting import finish_moves
from api.settings import Settings
from layers.build import build_county
from layers.county import open_county
from layers.current import current_version
from layers.store import point_to

DECISION = {"decision": "示范发〔2026〕12号", "from_date": "2027-01-01"}


@pytest.fixture
def served(toy_data, tmp_path, database_url):
    shutil.copytree(toy_data, tmp_path / "data", dirs_exist_ok=True)  # the database has made the folder
    with call(Settings(data=tmp_path / "data", database_url=database_url)) as client:
        yield client


@pytest.fixture
def data(served):
    return served.app.state.settings.data


def made(client, edits, **question):
    body = {"name": "甲", "question": {"service": "elder-centre", **question}, "edits": edits}
    answer = client.post("/api/scenarios", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def placed(client, *sites, edits=()):
    return made(client, list(edits), sites=list(sites))["id"]


def adopt(client, scenario, **more):
    return client.post(f"/api/scenarios/{scenario}/adopt", json={**DECISION, **more})


def planned(data, version=None):
    facilities = open_county(data, version=version).table("facilities")
    return facilities[facilities["status"] == "planned"]


def test_the_sites_of_a_scheme_become_planned_facilities_of_a_new_version(served, data):
    before = current_version(data)
    answer = adopt(served, placed(served, "00003", "00006"))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["from_version"], told["to_version"], told["sites"]) == (before, current_version(data), 2)
    assert list(planned(data)["name"]) == ["大王庄", "河口"]
    assert list(planned(data)["kind"]) == ["elder-centre"] * 2
    assert list(planned(data)["township_id"]) == ["T1", "T2"]
    assert planned(data, before).empty
    register = served.get("/api/adoptions").json()["adoptions"]
    assert register == [told]
    assert (register[0]["decision"], register[0]["scenario"]) == (DECISION["decision"], "甲")
    layer = served.get("/api/layers/facilities").json()["features"]
    assert {one["properties"]["status"] for one in layer} == {"existing", "planned"}


def test_what_is_planned_does_not_stand_yet(served):
    today = served.get("/api/scenarios/scheme-0?service=elder-centre").json()
    adopt(served, placed(served, "00003"))
    now = served.get("/api/scenarios/scheme-0?service=elder-centre").json()
    assert now["opened"] == today["opened"]
    assert now["measures"] == today["measures"]


def test_withdrawn_the_county_is_the_version_that_it_was_and_the_register_keeps_both(served, data):
    before = current_version(data)
    adopted = adopt(served, placed(served, "00003")).json()
    answer = served.post(f"/api/adoptions/{adopted['id']}/withdraw", json={"reason": "预算未批"})
    assert answer.status_code == 200, answer.text
    assert current_version(data) == before
    assert list(planned(data, adopted["to_version"])["name"]) == ["大王庄"]  # earlier versions stay readable
    assert answer.json()["reason"] == "预算未批"
    assert served.get("/api/adoptions").json()["adoptions"] == [answer.json()]
    again = served.post(f"/api/adoptions/{adopted['id']}/withdraw", json={"reason": "再撤"})
    assert [fault["code"] for fault in again.json()["faults"]] == ["adoption-withdrawn"]


def test_a_computed_scheme_is_adopted_without_what_stands(served, data):
    scenario = made(served, [{"op": "site-status", "target": "F4", "status": "existing"}], p=2)["id"]
    assert adopt(served, scenario).json()["error"] == "scenario-not-computed"
    run = finished(served, served.post(f"/api/scenarios/{scenario}/runs", json={}).json()["run"])
    opened = [one for one in run["result"]["facilities"] if not one.get("stands")]
    assert len(run["result"]["facilities"]) == 2 > len(opened)
    assert adopt(served, scenario).status_code == 201
    assert set(planned(data)["name"]) == {one["name"] for one in opened}


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"decision": " "}, "adoption-bad-text"), ({"decision": "一\n二"}, "adoption-bad-text")],
)
def test_a_decision_needs_its_name(served, data, asked, code):
    answer = adopt(served, placed(served, "00003"), **asked)
    assert (answer.status_code, [one["code"] for one in answer.json()["faults"]]) == (422, [code])
    assert served.get("/api/adoptions").json()["adoptions"] == []
    assert planned(data).empty


def test_a_scheme_without_new_sites_and_one_of_an_earlier_county_are_refused(served, data):
    scenario, late = placed(served, "00003"), placed(served, "00006")
    assert adopt(served, scenario).status_code == 201
    for again in (scenario, placed(served, "00003")):
        assert [one["code"] for one in adopt(served, again).json()["faults"]] == ["adoption-nothing-new"]
    services = write_toy_county(data.parent / "files")
    path = services.parent / "villages.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("东庄", "新东庄"), encoding="utf-8")
    build_county(services, data_dir=data)
    assert [one["code"] for one in adopt(served, late).json()["faults"]] == ["adoption-other-build"]


def test_of_two_schemes_that_were_heard_at_once_both_can_be_adopted(served, data):
    first, second = placed(served, "00003"), placed(served, "00006")
    assert adopt(served, first).status_code == 201
    answer = adopt(served, second)
    assert answer.status_code == 201, answer.text
    assert list(planned(data)["name"]) == ["大王庄", "河口"]


def test_a_decision_that_was_cut_off_is_finished_at_the_next_start(served, data):
    adopted = adopt(served, placed(served, "00003")).json()
    point_to(data, adopted["from_version"])  # as a kill after the record leaves it
    finish_moves(served.app.state.workplace)
    assert current_version(data) == adopted["to_version"]


def test_the_audit_tells_the_decision(served):
    adopt(served, placed(served, "00003"))
    rows = served.app.state.workplace.database.get()
    with rows.reading() as connection:
        told = connection.exec_driver_sql("SELECT action, object_kind, detail FROM audit ORDER BY pos DESC").first()
    assert (told[0], told[1]) == ("adoption.made", "adoption")
    detail = json.loads(told[2]) if isinstance(told[2], str) else told[2]
    assert (detail["planned"], detail["adopted"]) == (1, 1)
