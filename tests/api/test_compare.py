"""Schemes compared over HTTP: runs, scenarios and today; every figure is the plan's own, every mismatch a fault."""

import pandas as pd
import pytest
from callers import asked

from api.comparison_views import ComparisonAnswer

ELDERS = {"service": "elder-centre", "p": 2, "limit_minutes": 10}
WALK = {**ELDERS, "mode": "walk", "limit_minutes": 30}
PLACES = 7


def run_of(client, **question):
    return asked(client, "/api/plans", {**ELDERS, **question})


def scenario(client, name, question, edits=()):
    made = client.post("/api/scenarios", json={"name": name, "question": question, "edits": list(edits)})
    assert made.status_code == 201, made.text
    return made.json()["id"]


def compared(client, *references, lang="zh"):
    answer = client.get(f"/api/compare?runs={','.join(references)}&lang={lang}")
    assert answer.status_code == 200, answer.text
    return ComparisonAnswer.model_validate(answer.json()) and answer.json()


def refused(client, *references):
    answer = client.get(f"/api/compare?runs={','.join(references)}")
    assert answer.status_code == 422
    return {(fault["code"], fault["value"]) for fault in answer.json()["faults"]}


@pytest.fixture
def schemes(client):
    """Today, a run, and sites that somebody placed in a scenario with a road closed."""
    run = run_of(client)
    placed = scenario(
        client, "桥断", {**ELDERS, "sites": ["00005", "00006"]}, [{"op": "road-closed", "target": "横1路"}]
    )
    return {"run": run, "placed": placed, "told": compared(client, "today", run["id"], placed)}


def test_schemes_stand_in_their_order_under_their_keys_names_and_kinds(client, schemes):
    told = schemes["told"]
    assert [(one["key"], one["kind"], one["name"]) for one in told["schemes"]] == [
        ("0", "today", "现状"),
        ("A", "run", "总用时最短(p-中位),2 处"),
        ("B", "scenario", "桥断"),
    ]
    assert [one["reference"] for one in told["schemes"]] == ["today", schemes["run"]["id"], schemes["placed"]]
    assert [one["status"] for one in told["schemes"]] == ["as-it-stands", "optimal", "as-placed"]
    assert [one["proof"] for one in told["schemes"]] == [None, "certificate", None]
    assert told["differs"] == ["edits", "capacities"], "today's home has beds, the plans count none"
    assert told["limit_minutes"] == 10
    assert told["versions"] == {"differ": False, "layers": [], "places": [], "people": []}
    assert told["ages"] == ["age_60_plus", "age_65_plus", "age_80_plus", "age_5_14"]


def test_every_figure_is_the_plans_own(client, schemes):
    told, plan = schemes["told"], schemes["run"]["result"]
    shown = told["schemes"][1]
    assert shown["measures"].items() >= plan["measures"].items()
    assert shown["measures"]["by_age"] == plan["by_age"]
    assert shown["sites"] == plan["facilities"]
    assert shown["question"].items() <= plan.items()
    today = client.get("/api/scenarios/scheme-0?service=elder-centre&limit_minutes=10").json()
    assert told["schemes"][0]["measures"].items() >= today["measures"].items()
    assert told["schemes"][0]["sites"] == today["facilities"]
    rows = {row["code"]: row for row in told["measures"]}
    assert rows["mean_s"]["values"]["A"] == plan["measures"]["mean_s"]
    assert rows["mean_s"]["best"] == ["A"]
    assert rows["mean_s"]["definition"] == "有设施接收的人到其设施的用时,按人数加权平均。"
    assert rows["spent_yuan"]["best"] == []  # that today costs nothing is no price
    assert rows["spent_yuan"]["values"]["0"] == 0
    assert (rows["served_people"]["comparable"], rows["served_people"]["best"]) == (False, [])
    assert told["schemes"][1]["spent_yuan"] == plan["measures"]["spent_yuan"]


def test_differences_are_of_every_pair_and_follow_from_the_minutes_alone(client, schemes):
    told = schemes["told"]
    places = told["places"]
    assert [(one["from"], one["to"]) for one in told["differences"]] == [("0", "A"), ("0", "B"), ("A", "B")]
    assert {len(column) for name, column in places.items() if name != "seconds"} == {PLACES}
    frame = pd.DataFrame({name: places[name] for name in ("ids", "people", "elders")} | places["seconds"])
    for pair in told["differences"]:
        was, now = frame[pair["from"]], frame[pair["to"]]
        both = was.notna() & now.notna()
        person_seconds = int((frame.people * (was - now))[both].sum())
        assert pair["person_seconds"]["net"] == person_seconds
        assert pair["person_seconds"]["gained"] - pair["person_seconds"]["lost"] == person_seconds
        assert pair["people"]["lose"] == frame.people[both & (now > was)].sum()
        assert sum(pair["people"].values()) == frame.people.sum() == 750
        lost = frame[was.notna() & (now.isna() | (now - was > 300))]
        assert {one["id"] for one in pair["losers"]} == set(lost.ids)
        assert pair["losers_sum"] == {
            "places": len(lost),
            "people": lost.people.sum(),
            "elders": lost.elders.sum(),
        }
        assert sum(one["lose_more"] for one in pair["townships"]) == lost.people.sum()
    first = told["schemes"][0]["measures"]["mean_s"]
    assert told["differences"][0]["measures"]["mean_s"] == told["schemes"][1]["measures"]["mean_s"] - first
    losses = [(one["more_s"], one["people"]) for one in told["differences"][2]["losers"]]
    assert losses, "sites in the far corner are farther for most"
    assert losses == sorted(losses, key=lambda one: (one[0] is not None, -one[1] * (one[0] or 1)))


def test_the_seconds_of_a_plan_are_those_of_its_allocation(client, schemes):
    places, plan = schemes["told"]["places"], schemes["run"]["result"]
    assert places["ids"] == [one["demand_id"] for one in plan["allocation"]]
    assert places["seconds"]["A"] == [one["seconds"] for one in plan["allocation"]]


def test_what_is_done_to_each_site_is_told_with_its_yuan(client, schemes):
    actions = schemes["told"]["actions"]
    assert set(actions) == {"A", "B"}
    for key, done in actions.items():
        scheme = next(one for one in schemes["told"]["schemes"] if one["key"] == key)
        assert sum(one["yuan"] for one in done) == scheme["spent_yuan"]
        opened = {one["site"] for one in done if one["act"] != "close"}
        assert opened == {site["id"] for site in scheme["sites"]}
    assert [(one["act"], one["name"]) for one in actions["B"]] == [
        ("new", "李家"),
        ("new", "河口"),
        ("close", "河西镇敬老院"),
    ]


def test_a_scenario_without_sites_is_its_newest_finished_run(client):
    question = {**ELDERS, "mode": "e-bike", "limit_minutes": 11}  # that nobody else asks
    made = scenario(client, "两处", question)
    answer = client.get(f"/api/compare?runs=today,{made}")
    assert (answer.status_code, answer.json()["error"]) == (409, "scenario-not-computed")
    run = asked(client, f"/api/scenarios/{made}/runs", {})
    told = compared(client, f"{made}@1", run["id"], lang="en")
    assert [one["name"] for one in told["schemes"]] == ["两处", "两处"]
    assert told["schemes"][0]["measures"] == told["schemes"][1]["measures"]
    assert told["differences"][0]["people"]["same"] == 750
    assert told["differences"][0]["losers"] == []
    assert all(row["best"] == [] for row in told["measures"])
    assert told["measures"][0]["name"] == "People counted"


def test_other_modes_and_limits_are_compared_and_told(client):
    told = compared(client, run_of(client)["id"], run_of(client, mode="walk", limit_minutes=30)["id"])
    assert told["differs"] == ["mode", "limit_minutes"]
    assert told["limit_minutes"] is None
    within = next(row for row in told["measures"] if row["code"] == "people_within_limit")
    assert (within["comparable"], within["best"]) == (False, [])
    assert "people_within_limit" not in told["differences"][0]["measures"]


def test_today_counts_whom_the_first_other_scheme_counts(client):
    edits = [
        {"op": "counted", "group": "all", "base": "registered"},
        {"op": "place-people", "target": "00001", "people": 9},
    ]
    placed = scenario(client, "全部", {**WALK, "sites": ["00001"]}, [*edits, {"op": "road-closed", "target": "横1路"}])
    told = compared(client, placed, "today")
    assert [one["key"] for one in told["schemes"]] == ["A", "0"]
    assert told["base"] == "registered"
    assert sum(told["places"]["people"]) == sum((9, 450, 900, 800, 350, 260, 1100))
    assert told["versions"]["people"] == []
    today = told["schemes"][1]
    assert (today["mode"], today["limit_minutes"]) == ("walk", 30)
    assert [one["op"] for one in today["edits_told"]] == ["counted", "place-people"]


def test_people_who_moved_in_one_scheme_only_are_told_and_weigh_as_in_the_first(client):
    edits = [{"op": "place-people", "target": "00001", "people": 900}]
    more = scenario(client, "新村", {**ELDERS, "sites": ["00002"]}, edits)
    told = compared(client, run_of(client)["id"], more)
    assert told["versions"]["people"] == [
        {"id": "00001", "name": "东庄", "township": "河西镇", "people": {"A": 100, "B": 900}}
    ]
    assert sum(told["differences"][0]["people"].values()) == 750


def test_schemes_of_other_services_or_other_people_are_refused_all_at_once(client):
    first = run_of(client)["id"]
    rooms = run_of(client, service="service-room", mode="e-bike")["id"]
    registered = run_of(client, base="registered")["id"]
    older = scenario(client, "2030", {**ELDERS, "sites": ["00001"]}, [{"op": "counted", "year": 2030}])
    everyone = scenario(client, "全部", {**ELDERS, "sites": ["00001"]}, [{"op": "counted", "group": "80+"}])
    found = refused(client, first, rooms, registered, everyone)
    assert found == {
        ("compare-service", rooms),
        ("compare-group", rooms),
        ("compare-base", registered),
        ("compare-group", everyone),
    }
    assert older


def test_references_that_say_nothing_are_refused_all_at_once(client):
    run = run_of(client)["id"]
    assert refused(client, run) == {("compare-count", "1")}
    assert refused(client, "today", "today") == {("compare-twice", "today")}
    assert refused(client, run, run, "x@y", "x@0") == {
        ("compare-twice", run),
        ("compare-revision", "x@y"),
        ("compare-revision", "x@0"),
    }
    assert refused(client, *map(str, range(7))) == {("compare-count", "7")}
    assert client.get(f"/api/compare?runs={'x' * 601}").status_code == 422


def test_what_is_nobodys_or_nothing_is_refused_alike(client):
    answer = client.get(f"/api/compare?runs=today,{'0' * 32}")
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown-scheme")
    impossible = run_of(client, p=1, model="p-center", max_minutes=1, mode="walk")
    assert refused(client, "today", impossible["id"]) == {("compare-without-sites", impossible["id"])}


def test_sites_tell_the_year_in_which_a_phasing_opens_or_closes_them(client):
    money = {"opening_yuan": 100, "closing_yuan": 10}
    run = run_of(client, **money)
    before = compared(client, "today", run["id"])["actions"]["A"]
    assert not any("year" in one for one in before)
    study = asked(client, "/api/studies", {"kind": "phasing", "plan_id": run["id"], "yearly_budget_yuan": 120})
    years = study["result"]["phasing"]["years"]
    done = compared(client, "today", run["id"])["actions"]["A"]
    told = {one["site"]: one["year"] for one in done if "year" in one}
    assert told == {site: one["year"] for one in years for site in (*one["opened"], *one["closed"])}
    assert set(told.values()) == {1, 2}
    other = compared(client, "today", run_of(client, p=3, **money)["id"])["actions"]["A"]
    assert not any("year" in one for one in other), "another plan has not been phased"
