"""Sites that somebody places by hand, answered at once: measured as any plan, beside the plan that is known."""

import json

import numpy as np
import pytest
from callers import asked
from toy_county import lon_lat

from api.actions import evaluation
from api.actions.posed import built_at
from gis.cost_matrix import UNREACHABLE
from planning.scenario.defaults import with_defaults
from planning.scenario.edits import Counted, Edit, PlacePeople, RoadClosed, RoadSlowed, Standard, told
from planning.scenario.question import PlanQuestion

SITES = {"service": "elder-centre", "sites": ["00003", "00005"]}
MINUTES = {"00001": 270, "00002": 450, "00003": 0, "00004": 180, "00005": 0, "00006": 540, "00007": 90}
"""By car: 90 s a kilometre on the row at y = 1, 180 on all other roads."""
ROW_CLOSED = [{"op": "road-closed", "target": "横1路"}]


def evaluated(client, lang="zh", **body):
    answer = client.post(f"/api/evaluations?lang={lang}", json={**SITES, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


def faults(answer):
    assert answer.status_code == 422, answer.text
    return [(one["code"], one["value"]) for one in answer.json()["faults"]]


def test_the_figures_of_two_sites_are_those_that_one_works_out_by_hand(client):
    plan = evaluated(client)["plan"]
    assert {row["demand_id"]: row["seconds"] for row in plan["allocation"]} == MINUTES
    assert (plan["status"], plan["proof"], plan["objective"], plan["bound"]) == ("as-placed", None, None, None)
    assert (plan["opened"], plan["p"], plan["sites"]) == (["00003", "00005"], 2, ["00003", "00005"])
    assert plan["measures"]["mean_s"] == pytest.approx(182.4)
    assert [site["people"] for site in plan["facilities"]] == [610, 140]
    assert (plan["broken"], plan["allocated_by"], plan["provisional"]) == ([], "nearest", False)
    assert "claim_id" not in plan


def test_edits_count(client):
    plan = evaluated(client, edits=ROW_CLOSED)["plan"]
    seconds = {row["demand_id"]: row["seconds"] for row in plan["allocation"]}
    assert seconds["00007"] == 3 * 180, "around by the row beside it"
    assert plan["edits_told"][0]["target"] == "横1路"


def test_the_proof_of_a_plan_with_just_these_sites_is_told_and_of_no_other(client):
    body = {"service": "elder-centre", "p": 2}
    best = asked(client, "/api/plans", body)["result"]
    found = evaluated(client, p=2, sites=best["opened"][::-1])
    answered = found["answered"]
    assert (answered["status"], answered["proof"], answered["gap"]) == ("optimal", "certificate", 0)
    assert answered["objective"] == best["objective"]
    assert found["plan"]["measures"] == best["measures"]
    assert [site["people"] for site in found["plan"]["facilities"]] == [
        site["people"] for site in best["facilities"][::-1]
    ], "in the order in which they are named"
    others = sorted({"00001", "00002", "00003"} - set(best["opened"]))[:2]
    assert evaluated(client, p=2, sites=others)["answered"] is None
    assert evaluated(client, p=3, sites=best["opened"])["answered"] is None, "of another question"
    assert evaluated(client, p=2, sites=best["opened"], edits=ROW_CLOSED)["answered"] is None


def test_what_does_not_hold_is_told_in_words_and_refuses_nothing(client):
    status = {"00001": "required", "李家": "excluded"}
    plan = evaluated(client, "en", status=status, separation_km=9, max_minutes=3)["plan"]
    assert [(one["code"], one["ids"]) for one in plan["broken"]] == [
        ("required", ["00001"]),
        ("excluded", ["00005"]),
        ("too-near", ["00003", "00005"]),
        ("too-long", ["00001", "00002", "00006"]),
    ]
    assert [one["words"] for one in plan["broken"]][2:] == [
        "大王庄, 李家 are 3,162 m apart, less than 9 km",
        "250 people of 3 places take longer than 3 min",
    ]


def test_beds_that_do_not_suffice_are_told_with_the_reason_and_the_overload(client):
    plan = evaluated(client, capacity=10)["plan"]
    assert (plan["allocated_by"], plan["provisional"]) == ("nearest", False)
    assert [(one["code"], one["params"]) for one in plan["broken"]] == [("overloaded", {"load": 25, "most": 10})]
    assert plan["reasons"]
    assert plan["measures"]["loads"]["sites_over_capacity"] == 1


def test_beds_that_suffice_elsewhere_send_people_there(client):
    plan = evaluated(client, capacity=20, limit_minutes=60)["plan"]
    assert (plan["allocated_by"], plan["broken"]) == ("capacity", [])
    assert max(site["load"] for site in plan["facilities"]) <= 20
    assert plan["measures"]["served_people"] == 750


def test_an_allocation_takes_a_few_seconds_at_most_and_is_then_provisional(client, monkeypatch):
    monkeypatch.setattr(evaluation, "LONGEST_S", 1e-9)
    assert evaluated(client, capacity=20)["plan"]["provisional"]


def test_all_that_is_wrong_is_told_at_once(client):
    body = {**SITES, "sites": ["大王庄", "南山", "东庄", "00001"], "edits": [{"op": "road-closed", "target": "无路"}]}
    assert sorted(faults(client.post("/api/evaluations", json=body))) == [
        ("ambiguous-place", "大王庄"),
        ("edit-unknown-road", "无路"),
        ("site-twice", "00001"),
        ("unknown-place", "南山"),
    ]
    assert faults(client.post("/api/evaluations", json={**SITES, "sites": []})) == [("sites-missing", "")]


def test_as_many_sites_as_a_question_may_name_may_be_sent(client):
    sites = [f"{k:012d}" for k in range(5000)]
    answer = client.post("/api/evaluations", json={**SITES, "sites": sites})
    assert {code for code, _ in faults(answer)} == {"unknown-place"}
    assert client.post("/api/evaluations", json={**SITES, "sites": [*sites, "x"]}).status_code == 422


def test_nothing_is_kept(client):
    evaluated(client)
    assert client.get("/api/runs").json()["runs"] == []


def drawn(rng) -> tuple[Edit, ...]:
    roads = ("横0路", "横1路", "横2路", "横3路", "纵0路", "纵2路", "纵4路")
    first, second = rng.choice(roads, 2, replace=False).tolist()
    made: list[Edit] = [RoadClosed(first), RoadSlowed(second, float(rng.integers(2, 9)))]
    made += [PlacePeople("00005", int(rng.integers(0, 900))), Standard(limit_minutes=float(rng.integers(1, 20)))]
    made += [Counted(base="registered")]
    return tuple(edit for edit in made if rng.random() < 0.5)


@pytest.mark.parametrize("seed", range(25))
def test_any_sites_under_any_edits_come_to_what_the_travel_times_say(client, seed):
    rng, at_hand = np.random.default_rng(seed), client.app.state.workplace.county
    edits = drawn(rng)
    question = PlanQuestion(str(rng.choice(["elder-centre", "service-room"])), edits=edits)
    problem = built_at(at_hand, with_defaults(question, at_hand.tables.services)).problem
    rows = sorted(rng.choice(len(problem.candidate_ids), int(rng.integers(1, 5)), replace=False).tolist())
    ids = [str(problem.candidate_ids[row]) for row in rows]
    body = {"service": question.service, "sites": ids, "edits": [told(edit) for edit in edits], "unlimited": True}
    plan = evaluated(client, **body)["plan"]
    nearest = problem.values[:, rows].min(axis=1)
    seconds = [None if one >= UNREACHABLE else int(one) for one in nearest]
    assert [row["seconds"] for row in plan["allocation"]] == seconds
    reached = nearest < UNREACHABLE
    assert plan["measures"]["people_total"] == int(problem.weights.sum())
    assert plan["measures"]["unreachable_people"] == int(problem.weights[~reached].sum())
    people = problem.weights[reached]
    if people.sum():
        mean = (nearest[reached].astype(np.int64) * people).sum() / people.sum()
        assert plan["measures"]["mean_s"] == pytest.approx(float(mean))
    within = int(problem.weights[nearest <= round(plan["limit_minutes"] * 60)].sum())
    assert plan["measures"]["served_people"] == within


def test_a_site_that_is_proposed_is_a_site(client):
    lon, lat = lon_lat(2, 0)
    proposed = {"op": "new-candidate", "target": "新点", "at": [lon, lat]}
    plan = evaluated(client, sites=["新点"], edits=[proposed])["plan"]
    assert [(site["id"], site["origin"]) for site in plan["facilities"]] == [("新点", "proposed")]
    assert {row["demand_id"]: row["seconds"] for row in plan["allocation"]}["00007"] == 180


def test_a_run_of_named_sites_is_as_placed_and_asked_once(client):
    run = asked(client, "/api/plans", SITES)
    shown = evaluated(client)["plan"]
    assert json.loads(json.dumps(run["result"])) == shown
    again = client.post("/api/plans", json=SITES)
    assert (again.status_code, again.json()["run"]["id"]) == (200, run["id"])


def test_what_asks_for_a_claim_or_a_choice_is_refused_and_the_rest_works(client):
    run = asked(client, "/api/plans", SITES)["id"]
    refused = client.get(f"/api/runs/{run}/plan-file")
    assert (refused.status_code, refused.json()["error"]) == (409, "plan-claims-nothing")
    assert faults(client.post("/api/studies", json={"kind": "why-here", "plan_id": run})) == [("study-of-placed", "")]
    closed = client.post("/api/closures", json={"plan_id": run, "closed": []}).json()
    assert closed["after"]["mean_s"] == pytest.approx(182.4)


def test_who_is_left_behind_is_told_without_a_run_as_with_one(client):
    body = {**SITES, "mode": "walk", "limit_minutes": 5}
    run = asked(client, "/api/plans", body)["id"]
    told_of_run = client.get(f"/api/runs/{run}/left-behind").json()
    now = client.post("/api/left-behind", json=body).json()
    assert now == told_of_run
    assert {one["id"] for one in now["places"]} == MINUTES.keys() - {"00003", "00005"}
    file = client.post("/api/left-behind?as=csv&lang=en", json=body)
    assert file.headers["content-disposition"] == 'attachment; filename="left-behind.csv"'
    assert len(file.content.decode("utf-8-sig").splitlines()) == 1 + len(now["places"])
    for kind, begins in (("xlsx", b"PK"), ("gpkg", b"SQLite")):
        assert client.post(f"/api/left-behind?as={kind}", json=body).content.startswith(begins)
    assert faults(client.post("/api/left-behind", json={**body, "sites": []})) == [("sites-missing", "")]
