"""Plans over HTTP and on the command line: proven, recomputable, cancellable, refused in words."""

import json
import time

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli.commands import app


def wait_for(client, job, *, seconds=20):
    deadline = time.monotonic() + seconds
    while job["state"] == "running":
        assert time.monotonic() < deadline, job
        time.sleep(0.05)
        job = client.get(f"/api/plans/{job['id']}").json()
    return job


@pytest.fixture
def run(toy_data, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))

    def call(*words):
        return CliRunner().invoke(app, list(words))

    return call


def test_a_plan_is_started_watched_and_comes_with_its_proof(client):
    job = client.post("/api/plans", json={"service": "elder-centre", "p": 2})
    plan = wait_for(client, job.json())["result"]
    assert (plan["status"], plan["proof"], plan["gap"]) == ("optimal", "certificate", 0)
    assert plan["objective"] == plan["bound"]
    assert len(plan["allocation"]) == 7
    assert len(plan["opened"]) == len(plan["facilities"]) == 2
    assert "beds-not-counted" in plan["notes"]
    assert "population-reconstructed" in plan["notes"]
    assert "times-leave-out" in plan["notes"], "turns, slopes, congestion and parking are said not to count"
    assert plan["measures"]["people_total"] == 750


def test_the_same_question_is_one_job(client):
    body = {"service": "hub", "limit_minutes": 7}
    assert client.post("/api/plans", json=body).json()["id"] == client.post("/api/plans", json=body).json()["id"]


def test_a_hub_is_never_smaller_than_500_square_metres_and_follows_the_edited_table(client):
    first = wait_for(client, client.post("/api/plans", json={"service": "hub"}).json())["result"]
    assert min(site["floor_area_m2"] for site in first["facilities"]) >= 500
    rooms = [{"room": "hall", "base_m2": 1000}]
    edited = wait_for(client, client.post("/api/plans", json={"service": "hub", "rooms": rooms}).json())["result"]
    assert {site["floor_area_m2"] for site in edited["facilities"]} == {1200}, "and a fifth for circulation"


def test_an_infeasible_question_is_answered_with_its_reason(client):
    job = client.post(
        "/api/plans", json={"service": "elder-centre", "model": "lscp", "limit_minutes": 0.01, "mode": "walk"}
    )
    plan = wait_for(client, job.json())["result"]
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
    job = client.post("/api/plans", json={"service": "elder-centre", "p": 50}).json()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        answer = client.get(f"/api/plans/{job['id']}") if "id" in job else None
        if answer is None or answer.status_code == 422:
            break
        time.sleep(0.05)
    told = job if answer is None else answer.json()
    assert told["faults"][0]["expected"]


def test_an_unknown_plan_is_404(client):
    assert client.get("/api/plans/none").status_code == 404
    assert client.delete("/api/plans/none").status_code == 404


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
