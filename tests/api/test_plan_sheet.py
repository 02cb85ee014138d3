"""The printed sheet over HTTP: of a run and of a scenario, every figure as the page has it, refusals in words."""

import re
from html import unescape

import pytest
from callers import asked

from api.actions.sheets.tables import people_in_classes
from api.actions.sheets.words import verdict_words
from maps.sheet.page import SHEET_POLICY
from planning.siting.proof.claim import read_claim

WALK = {"service": "elder-centre", "p": 2, "mode": "walk", "limit_minutes": 10}
CARRIES = {"service": "elder-centre", "model": "capacitated", "p": 3, "capacity": 60, "limit_minutes": 30}


@pytest.fixture
def run(client):
    return asked(client, "/api/plans", WALK)


def text_of(page):
    """What is read on a page."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def part(page, name):
    """What stands from the element of an id to the end of it, roughly: until the next id."""
    return text_of(re.search(rf'id="{name}".*?(?=id="|</html>)', page, flags=re.DOTALL).group())


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_of_the_plan_stands_on_the_sheet(client, run, paper, lang):
    plan = run["result"]
    answer = client.get(f"/plan/sheet?run={run['id']}&paper={paper}&lang={lang}")
    assert answer.status_code == 200
    figures = part(answer.text, "figures")
    found = plan["measures"]
    within, total = found["people_within_limit"], found["people_total"]
    assert f"{within:,}" in figures
    assert f"{total:,}" in figures
    for seconds in (found["mean_s"], found["p95_s"], found["worst_s"]):
        assert f"{seconds / 60:.1f}" in figures
    sites = part(answer.text, "sites")
    for site in plan["facilities"]:
        assert site["name"] in sites
        assert f"{site['people']:,}" in sites
    assert f"sheet-{paper.lower()}.css" in answer.text
    assert plan["county_version"][:12] in part(answer.text, "version")
    assert answer.headers["content-security-policy"] == SHEET_POLICY
    assert answer.headers["cache-control"] == "no-store"


def test_who_is_left_behind_stands_there_by_name_with_how_many_in_all(client, run):
    told = client.get(f"/api/runs/{run['id']}/left-behind").json()
    left = part(client.get(f"/plan/sheet?run={run['id']}").text, "left-behind")
    people = sum(one["people"] for one in told["places"])
    assert people > 0
    assert f"{len(told['places'])} 个村(居)、{people} 人" in left
    worst = max(told["places"], key=lambda one: one["seconds"])
    assert left.index(worst["name"]) == min(left.index(one["name"]) for one in told["places"])


def test_people_by_minutes_add_up_to_everyone(client, run):
    problem, solution = read_claim(client.get(f"/api/runs/{run['id']}/plan-file").json()["claim"])
    counts = people_in_classes(problem, solution)
    assert sum(counts) == run["result"]["measures"]["people_total"]
    sent = zip(problem.weights.tolist(), run["result"]["allocation"], strict=True)
    assert counts[0] == sum(people for people, one in sent if one["seconds"] <= 300)
    assert counts[-1] == 0


def test_sites_that_carry_loads_say_so(client):
    made = asked(client, "/api/plans", CARRIES)
    sites = part(client.get(f"/plan/sheet?run={made['id']}").text, "sites")
    for site in made["result"]["facilities"]:
        assert f"{site['load']:,} / {site['capacity']:,}" in sites


def test_a_scenario_is_printed_once_it_is_computed_under_its_name_with_its_edits(client):
    body = {"question": {"service": "elder-centre", "p": 2}, "edits": [{"op": "road-closed", "target": "横1路"}]}
    made = client.post("/api/scenarios", json={"name": "<b>桥断之后", **body}).json()
    address = f"/plan/sheet?scenario={made['id']}&n=1"
    refused = client.get(address)
    assert (refused.status_code, refused.json()["error"]) == (409, "scenario-not-computed")
    asked(client, f"/api/scenarios/{made['id']}/runs", {})
    page = client.get(address).text
    assert "<h1>&lt;b&gt;桥断之后</h1>" in page
    assert "<b>桥" not in page
    assert "封闭道路:横1路" in part(page, "edits")
    assert 'class="closed"' in page
    assert client.get(f"/plan/sheet?scenario={made['id']}&n=2").status_code == 404


def test_places_of_one_status_are_printed_together_by_name(client):
    edits = [{"op": "site-status", "target": place, "status": "excluded"} for place in ("00001", "00006")]
    question = {"service": "elder-centre", "sites": ["00002"]}
    made = client.post("/api/scenarios", json={"name": "不得设点", "question": question, "edits": edits}).json()
    told = part(client.get(f"/plan/sheet?scenario={made['id']}&n=1").text, "edits")
    names = [client.get(f"/api/search?q={place}").json()[0]["name"] for place in ("00001", "00006")]
    assert f"不得设点 2 处:{'、'.join(names)}" in told
    assert "00001" not in told


def test_sites_that_a_scenario_names_are_printed_at_once_with_what_they_break(client):
    question = {"service": "elder-centre", "p": 2, "sites": ["00001", "00006"], "mode": "walk", "limit_minutes": 5}
    made = client.post("/api/scenarios", json={"name": "手工布点", "question": {**question, "max_minutes": 20}}).json()
    told = client.post("/api/evaluations", json={**question, "max_minutes": 20}).json()["plan"]
    page = client.get(f"/plan/sheet?scenario={made['id']}").text
    verdict, figures = part(page, "verdict"), part(page, "figures")
    assert "按指定设施" in verdict
    assert told["broken"]
    assert told["broken"][0]["words"] in verdict
    assert f"{told['measures']['mean_s'] / 60:.1f}" in figures
    assert "与理论最优的差距" not in figures
    assert all(site["name"] in part(page, "sites") for site in told["facilities"])
    people = told["measures"]["outside_people"] + told["measures"]["over_capacity_people"]
    assert f"{people:,} 人" in part(page, "left-behind")
    run = asked(client, f"/api/scenarios/{made['id']}/runs", {})
    again = client.get(f"/plan/sheet?run={run['id']}").text
    assert part(again, "sites") == part(page, "sites")


def test_named_sites_that_a_plan_has_chosen_too_are_told_as_proven(client, run):
    question = {**WALK, "sites": run["result"]["opened"]}
    made = client.post("/api/scenarios", json={"name": "同解", "question": question}).json()
    page = client.get(f"/plan/sheet?scenario={made['id']}").text
    assert "已证明最优" in part(page, "verdict")


def test_the_badge_says_that_data_are_not_surveyed(client, run):
    assert "含模拟数据" in part(client.get(f"/plan/sheet?run={run['id']}").text, "badge")


@pytest.mark.parametrize("query", ["", "run=a&scenario=b"])
def test_a_sheet_is_of_one_thing(client, query):
    answer = client.get(f"/plan/sheet?{query}")
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["code"] == "sheet-of-one"


def test_what_is_not_there_or_has_no_plan_is_told(client):
    assert client.get("/plan/sheet?run=none").json()["error"] == "unknown-run"
    assert client.get("/plan/sheet?scenario=none").json()["error"] == "unknown-scenario"
    assert client.get("/plan/sheet?run=none&paper=A5").status_code == 422
    impossible = asked(client, "/api/plans", {**WALK, "p": 1, "model": "p-center", "max_minutes": 1})
    assert impossible["result"]["status"] == "infeasible"
    answer = client.get(f"/plan/sheet?run={impossible['id']}")
    assert (answer.status_code, answer.json()["error"]) == (409, "sheet-without-sites")


def test_nothing_on_the_sheet_needs_a_style_attribute_or_a_script_in_the_page(client, run):
    page = client.get(f"/plan/sheet?run={run['id']}").text
    assert " style=" not in page
    assert re.findall(r"<script[^>]*>", page) == ['<script type="module" src="/static/js/sheet/print.js">']


def test_a_plan_that_is_not_proven_says_how_far_a_better_one_could_be():
    plan = {
        "status": "feasible", "proof": None, "solver": "x", "objective": 110, "bound": 100, "gap": 0.1,
        "objective_unit": "sites", "reasons": [], "measures": {"people_total": 10, "unreachable_people": 0},
    }  # fmt: skip
    level, (words, more) = verdict_words(plan, "zh")
    assert level == "fair"
    assert "尚未证明" in words
    assert "10" in more
    assert verdict_words({**plan, "status": "optimal", "proof": "certificate"}, "zh")[0] == "good"
