"""Plans over HTTP and on the command line: proven, recomputable, cancellable, refused in words."""

import json

import numpy as np
import pytest
from callers import asked, finished
from typer.testing import CliRunner

from api.cli.commands import app


@pytest.fixture
def run(toy_data, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))

    def call(*words):
        return CliRunner().invoke(app, list(words))

    return call


def test_a_plan_is_started_watched_and_comes_with_its_proof(client):
    plan = asked(client, "/api/plans", {"service": "elder-centre", "p": 2})["result"]
    assert (plan["status"], plan["proof"], plan["gap"]) == ("optimal", "certificate", 0)
    assert plan["objective"] == plan["bound"]
    assert len(plan["allocation"]) == 7
    assert len(plan["opened"]) == len(plan["facilities"]) == 2
    assert "beds-not-counted" in plan["notes"]
    assert "population-reconstructed" in plan["notes"]
    assert "times-leave-out" in plan["notes"], "turns, slopes, congestion and parking are said not to count"
    assert plan["measures"]["people_total"] == 750


def test_the_same_question_is_one_run(client):
    body = {"service": "hub", "limit_minutes": 7}
    first, again = (client.post("/api/plans", json=body).json()["run"] for _ in range(2))
    assert first["id"] == again["id"]


def test_a_hub_is_never_smaller_than_500_square_metres_and_follows_the_edited_table(client):
    first = asked(client, "/api/plans", {"service": "hub"})["result"]
    assert min(site["floor_area_m2"] for site in first["facilities"]) >= 500
    rooms = [{"room": "hall", "base_m2": 1000}]
    edited = asked(client, "/api/plans", {"service": "hub", "rooms": rooms})["result"]
    assert {site["floor_area_m2"] for site in edited["facilities"]} == {1200}, "and a fifth for circulation"


def test_an_infeasible_question_is_answered_with_its_reason(client):
    body = {"service": "elder-centre", "model": "lscp", "limit_minutes": 0.01, "mode": "walk"}
    plan = asked(client, "/api/plans", body)["result"]
    assert plan["status"] == "optimal", "everyone may have a site of their own"
    assert plan["objective"] == 7


@pytest.mark.parametrize(
    "body",
    [
        {"service": "airport"},
        {"service": "hub", "p": 0},
        {"service": "hub", "limit_minutes": -1},
        {"service": "hub", "p": "many"},
        {},
    ],
)
def test_a_wrong_question_is_refused_with_the_field(client, body):
    answer = client.post("/api/plans", json=body)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"]


def test_more_sites_than_candidates_is_a_fault_in_words(client):
    run = asked(client, "/api/plans", {"service": "elder-centre", "p": 50})
    assert (run["state"], run["result"]) == ("failed", None)
    assert run["error"]["faults"][0]["expected"]
    in_english = client.get(f"/api/runs/{run['id']}?lang=en").json()["run"]["error"]
    assert in_english["message"] != run["error"]["message"]
    again = client.post(f"/api/runs/{run['id']}/repeat").json()["run"]
    assert finished(client, again)["state"] == "failed"


@pytest.mark.parametrize("name", ["none", "a" * 32, "%00", "..%2f"])
def test_an_unknown_run_is_404(client, name):
    calls = [("GET", ""), ("GET", "/events"), ("GET", "/plan-file"), ("DELETE", ""), ("POST", "/repeat")]
    assert {client.request(method, f"/api/runs/{name}{end}").status_code for method, end in calls} == {404}


def test_the_command_line_gives_the_same_plan_and_the_matrix_behind_it(run, tmp_path):
    words = ("--service", "elder-centre", "--p", "2")
    plan = json.loads(run("plan", *words, "--model", "p-median", "--json").stdout)
    assert run("matrix", *words, "--out", str(tmp_path / "m.npz")).exit_code == 0
    with np.load(tmp_path / "m.npz") as file:
        values, weights = file["values"], file["weights"]
        columns = [file["destination_ids"].tolist().index(id_) for id_ in plan["opened"]]
        rows = file["origin_ids"].tolist()
    assert values.dtype == np.int32
    nearest = values[:, columns].min(axis=1)
    assert int(nearest @ weights) == plan["objective"]
    assert [row["seconds"] for row in plan["allocation"]] == nearest.tolist()
    assert [row["demand_id"] for row in plan["allocation"]] == rows


def test_info_map_and_plan_in_words(run, tmp_path):
    assert json.loads(run("info", "--json").stdout)["county"]["name"] == "示范县"
    assert "示范县" in run("info").stdout
    assert "已证明最优" in run("plan", "--service", "elder-centre", "--p", "2").stdout
    assert run("map", str(tmp_path / "out.html")).exit_code == 0
    assert "示范县" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_faults_are_told_on_the_command_line_without_a_trace(run, tmp_path):
    result = run("build", str(tmp_path / "nothing.toml"))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    checked = run("check", str(tmp_path), "--json")
    assert checked.exit_code == 1
    assert json.loads(checked.stdout)["errors"] >= 1


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--service", "hub", "--out"),
        ("matrix", "--service", "hub", "--out"),
        ("map",),
    ],
)
def test_an_unwritable_place_is_told_without_a_trace(run, tmp_path, words):
    told = run(*words, str(tmp_path / "missing" / "file"))
    assert told.exit_code == 1
    assert "missing" in told.output
    assert told.exception is None or isinstance(told.exception, SystemExit)
