"""Futures of schemes over HTTP and on the command line: a run like any other, the same figures from both."""

import json

import pytest
from callers import asked
from typer.testing import CliRunner

from api.actions.futures import make_futures
from api.cli.commands import app
from api.runs.futures_asked import futures_again

ELDERS = {"service": "elder-centre", "p": 2, "limit_minutes": 10}
KEYS = {"today", "p5", "median", "p95", "least", "most", "none"}


def run_of(client, **question):
    return asked(client, "/api/plans", {**ELDERS, **question})


def scenario(client, question, edits=()):
    made = client.post("/api/scenarios", json={"name": "桥断", "question": question, "edits": list(edits)})
    assert made.status_code == 201, made.text
    return made.json()["id"]


def futures(client, *runs, **options):
    return asked(client, "/api/futures", {"runs": list(runs), "count": 12, **options})


@pytest.fixture
def schemes(client):
    placed = scenario(client, {**ELDERS, "sites": ["00005", "00006"]}, [{"op": "road-closed", "target": "横1路"}])
    return ["today", run_of(client)["id"], placed]


def test_ranges_pairs_and_assumptions_of_schemes(client, schemes):
    run = futures(client, *schemes)
    found = run["result"]
    assert (run["kind"], run["state"], run["lane"]) == ("futures", "done", "long")
    assert [one["key"] for one in found["schemes"]] == list(found["ranges"]) == ["0", "A", "B"]
    assert (found["count"], found["computed"], found["seed"], found["limit"]) == (12, 12, 1, None)
    for spreads in found["ranges"].values():
        for spread in spreads.values():
            assert spread.keys() == KEYS
            assert spread["least"] <= spread["p5"] <= spread["median"] <= spread["p95"] <= spread["most"]
    plan = client.get(f"/api/runs/{schemes[1]}").json()["run"]["result"]
    for code, spread in found["ranges"]["A"].items():
        if code in plan["measures"]:
            assert spread["today"] == pytest.approx(plan["measures"][code])
    assert [(pair["first"], pair["second"]) for pair in found["pairs"]] == [("0", "A"), ("0", "B"), ("A", "B")]
    assert all(sum(one.values()) == 12 for pair in found["pairs"] for one in pair["figures"].values())
    assert [one["code"] for one in found["assumptions"]] == [
        "population-base", "ageing", "mortality", "speed-car", "capacity", "closed-road",
    ]  # fmt: skip
    assert all("依据" in one["words"] for one in found["assumptions"])
    assert all(one["name"] for one in found["figures"])
    assert sum(one["times"] for one in found["closed"]) == 12
    assert found["resolved"] == []


def test_the_same_question_is_one_answer_and_another_seed_another(client, schemes):
    first = futures(client, *schemes)
    assert futures(client, *schemes)["id"] == first["id"]
    other = futures(client, *schemes, seed=2)
    assert other["result"]["ranges"] != first["result"]["ranges"]
    more = futures(client, *schemes, count=13)
    assert more["result"]["count"] == 13


def test_questions_solved_anew_say_how_often_each_place_is_chosen(client, schemes):
    again = scenario(client, ELDERS)
    found = futures(client, *schemes, again, resolve=5)["result"]["resolved"]
    assert [one["keys"] for one in found] == [["A", "C"]], "one question is solved once, placed sites are not"
    assert found[0]["statuses"] == {"optimal": 5}
    assert sum(site["times"] for site in found[0]["chosen"]) == 5 * 2
    assert all(site["name"] for site in found[0]["chosen"])


def test_one_worker_or_two_the_figures_are_the_same(client, schemes):
    at_work = client.app.state.workplace
    run = at_work.runs.of_any(futures(client, *schemes, resolve=3)["id"])
    told = futures_again(run.question["asked"]).request
    at_hand = at_work.county_of(run.question)
    kept = make_futures(at_hand, told)
    for entry in at_hand.cache.folder.glob("futures-*"):
        entry.unlink()
    assert make_futures(at_hand, told, workers=1) == kept


def test_what_is_stopped_says_how_many_were_computed_and_is_no_answer(client, schemes):
    at_work = client.app.state.workplace
    run = at_work.runs.of_any(futures(client, *schemes)["id"])
    told = futures_again({**run.question["asked"], "seed": 99}).request
    found = make_futures(at_work.county_of(run.question), told, stop=lambda: True)
    assert (found["computed"], found["limit"]["code"]) == (0, "cancelled")
    assert futures(client, *schemes, seed=99)["result"]["computed"] == 12


def test_refusals_are_those_of_a_comparison_and_of_the_form(client, schemes):
    assert client.post("/api/futures", json={"runs": ["none", "today"]}).status_code == 404
    assert client.post("/api/futures", json={"runs": [schemes[1]]}).json()["faults"][0]["code"] == "compare-count"
    for wrong in ({"count": 0}, {"count": 10_000}, {"seed": -1}, {"resolve": 1000}, {"further": 1}):
        assert client.post("/api/futures", json={"runs": schemes, **wrong}).status_code == 422


def test_schemes_under_other_tables_are_refused(client, schemes):
    table = client.get("/api/tables/speeds").json()
    rows = [{**row, "speed_kmh": row["speed_kmh"] + 1} if row["mode"] == "car" else row for row in table["rows"]]
    changed = client.put("/api/tables/speeds", json={"rows": rows, "expected_version": table["version"]})
    assert changed.status_code in (200, 201), changed.text
    answer = client.post("/api/futures", json={"runs": [schemes[1], run_of(client)["id"]]})
    assert [fault["code"] for fault in answer.json()["faults"]] == ["futures-build"]


def test_the_command_line_says_the_same(client, schemes, settings, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(settings.data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", settings.database_url)
    words = ["futures", *schemes, "--count", "12", "--resolve", "3"]
    told = CliRunner().invoke(app, [*words, "--json"])
    assert told.exit_code == 0, told.output
    found = futures(client, *schemes, resolve=3)["result"]
    assert json.loads(told.output) == found
    for lang, word in (("zh", "更好"), ("en", "better")):
        spoken = CliRunner().invoke(app, [*words, "--lang", lang])
        assert spoken.exit_code == 0
        assert word in spoken.output
        assert "None" not in spoken.output
