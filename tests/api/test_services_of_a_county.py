"""A service that only the county file has goes the whole way: command line, API, page, plan, proof and closed roads."""

import json

import openpyxl
import pytest
from callers import asked, call
from toy_county import lon_lat, write_toy_county
from typer.testing import CliRunner

from api.actions.page import plan_page
from api.actions.plan import make_plan
from api.actions.workplace import Workplace
from api.cli.commands import app
from api.settings import Settings
from layers.build import build_county
from planning.scenario.defaults import with_defaults
from planning.scenario.edits import Adopted, AdoptedSite
from planning.scenario.question import PlanQuestion

CLINIC = """
[services.clinic]
name_zh = "村卫生室"
name_en = "Village clinic"
mode = "walk"
limit_minutes = 15
floor_area_m2 = 80

[services.pharmacy]
name_zh = "药房"
mode = "walk"
limit_minutes = 60
only_where = "hub"

[services.vaccination]
name_zh = "接种点"
mode = "car"
limit_minutes = 30
only_where = "clinic"
"""
HUB = ("H1", "大王庄社区服务中心", "hub", "village", "T1", *lon_lat(1.1, 1), "")


@pytest.fixture(scope="module")
def clinic_data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clinic")
    toml = write_toy_county(folder / "files")
    toml.write_text(toml.read_text(encoding="utf-8") + CLINIC, encoding="utf-8")
    book = openpyxl.load_workbook(folder / "files" / "facilities.xlsx")
    book.active.append(HUB)
    book.save(folder / "files" / "facilities.xlsx")
    build_county(toml, data_dir=folder / "data")
    return folder / "data"


@pytest.fixture
def settings(clinic_data, tmp_path):
    return Settings(data=clinic_data, database_url=f"sqlite:///{tmp_path / 'app.sqlite'}")


@pytest.fixture
def client(settings):
    with call(settings) as made:
        yield made


@pytest.fixture
def run(clinic_data, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(clinic_data))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_the_command_line_plans_it_and_verify_proves_the_file(run, tmp_path):
    out = tmp_path / "plan.json"
    made = run("plan", "--service", "clinic", "--json", "--out", out)
    assert made.exit_code == 0, made.output
    plan = json.loads(made.stdout)
    assert (plan["service"], plan["model"], plan["mode"], plan["limit_minutes"]) == ("clinic", "lscp", "walk", 15)
    assert (plan["status"], plan["proof"], plan["objective"]) == ("optimal", "certificate", 5)
    assert plan["measures"]["people_within_limit"] == plan["measures"]["people_total"] == 3900
    assert {site["floor_area_m2"] for site in plan["facilities"]} == {80}
    checked = run("verify", out, "--json")
    assert (checked.exit_code, json.loads(checked.stdout)["verdict"]) == (0, "proven")
    assert "村卫生室" in run("plan", "--service", "clinic").output
    assert "Village clinic" in run("plan", "--service", "clinic", "--lang", "en").output


def test_the_api_answers_it_as_the_command_line_does(client, run):
    answer = asked(client, "/api/plans", {"service": "clinic"})
    told = json.loads(run("plan", "--service", "clinic", "--json").stdout)
    assert answer["result"]["opened"] == told["opened"]
    study = asked(client, "/api/studies", {"kind": "frontier", "plan_id": answer["id"], "count": 2})
    assert study["result"]["question"]["service"] == "clinic"
    closed = client.post("/api/closures", json={"closed": [], "plan_id": answer["id"]})
    assert closed.json()["group"] == "all"


def test_the_page_lists_it_with_its_name_its_symbol_and_its_defaults(settings):
    for lang, name in (("zh", "村卫生室"), ("en", "Village clinic")):
        html = plan_page(Workplace(settings).county, settings, lang=lang).html
        data = json.loads(html.split('id="page-data">')[1].split("</script>")[0])
        clinic = next(one for one in data["services"] if one["name"] == "clinic")
        assert (clinic["label"], clinic["defaults"]["mode"], clinic["bases"]["mode"]) == (name, "walk", "assumption")
        symbols = data["theme"]["plans"]
        assert list(symbols)[-3:] == ["clinic", "pharmacy", "vaccination"]
        assert len({tuple(one.values()) for one in symbols.values()}) == len(symbols)


def test_a_service_that_there_is_not_is_refused_with_those_that_there_are(client, run):
    refused = client.post("/api/plans", json={"service": "clinics"})
    fault = refused.json()["faults"][0]
    assert (refused.status_code, fault["code"], fault["field"]) == (422, "unknown-service", "service")
    assert "hub" in fault["expected"]
    assert "pharmacy" in fault["expected"]
    assert "clinic" in fault["mend"]
    told = run("plan", "--service", "clinics")
    assert told.exit_code == 1
    assert "clinic, pharmacy" in told.output


def test_only_where_a_hub_stands_is_obeyed(run):
    plan = json.loads(run("plan", "--service", "pharmacy", "--model", "p-median", "--p", 2, "--json").stdout)
    assert (plan["status"], set(plan["opened"])) == ("optimal", {"00003", "H1"}), "the village 100 m away and the hub"
    three = json.loads(run("plan", "--service", "pharmacy", "--model", "p-median", "--p", 3, "--json").stdout)
    assert three["status"] == "infeasible"


def test_a_hub_of_an_adopted_scheme_takes_in_other_services(settings):
    hub = Adopted("hub", (AdoptedSite("00005"),))
    question = PlanQuestion("pharmacy", model="p-median", p=3, edits=(hub,))
    county = Workplace(settings).county
    plan = make_plan(county, with_defaults(question, county.tables.services))
    assert plan["status"] == "optimal"
    assert {"H1", "00003"} < set(plan["opened"])


def test_what_must_stand_elsewhere_and_what_stands_nowhere_is_told_in_words(client, run):
    asked_for = {"service": "pharmacy", "status": {"东庄": "required"}}
    fault = client.post("/api/plans", json=asked_for).json()["faults"][0]
    assert (fault["code"], fault["value"]) == ("site-elsewhere", "东庄")
    assert "社区综合服务中心" in fault["expected"]
    told = run("plan", "--service", "vaccination", "--lang", "en")
    assert told.exit_code == 1
    assert "nowhere does a “Village clinic” stand" in told.output


@pytest.mark.parametrize("service", ["clinic", "pharmacy", "vaccination", "hub", "elder-centre"])
def test_a_service_as_it_stands_needs_no_place_for_more_of_it(client, run, service):
    told = client.get("/api/scenarios/scheme-0", params={"service": service}).json()
    stands = {"hub": ["H1"], "elder-centre": ["F4"]}.get(service, [])
    assert (told["status"], told["opened"]) == ("as-it-stands" if stands else "no-service", stands)
    assert json.loads(run("scenario", "run", "--scheme-0", "--service", service, "--json").stdout) == told


def test_an_adopted_scheme_of_the_other_service_is_where_it_stands(client):
    lon, lat = lon_lat(0, 0)
    adopted = {"op": "adopted", "target": "clinic", "sites": [{"target": "00001", "name": "东庄", "at": [lon, lat]}]}
    body = {"service": "vaccination", "model": "p-median", "p": 1, "edits": [adopted]}
    plan = asked(client, "/api/plans", body)["result"]
    assert plan["status"] == "optimal"
    site = plan["facilities"][0]
    assert abs(site["lon"] - lon) + abs(site["lat"] - lat) < 1e-5
    assert "only-where-another" in plan["notes"]
