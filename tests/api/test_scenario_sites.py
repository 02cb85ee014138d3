"""A scenario whose sites somebody placed: kept, undone, taken elsewhere, brought onto another build, computed."""

import json

import pytest
from callers import call, finished
from toy_county import lon_lat, write_toy_county
from typer.testing import CliRunner

from api.cli.commands import app
from api.settings import Settings
from layers.build import build_county

QUESTION = {"service": "elder-centre", "sites": ["00005", "东庄"]}
EDITS = [{"op": "road-closed", "target": "横1路"}]


def build(folder, data, **texts):
    toml = write_toy_county(folder)
    for old, new in texts.items():
        file = folder / "villages.csv"
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    build_county(toml, data_dir=data)


@pytest.fixture
def served(tmp_path):
    build(tmp_path / "files", tmp_path / "data")
    with call(Settings(data=tmp_path / "data")) as client:
        yield client


def kept(client, **question):
    body = {"name": "甲", "question": {**QUESTION, **question}, "edits": EDITS}
    answer = client.post("/api/scenarios", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_it_is_kept_changed_and_undone(served):
    first = kept(served)
    assert first["question"] == {"service": "elder-centre", "sites": ["00005", "东庄"]}
    address = f"/api/scenarios/{first['id']}"
    change = {"question": {**QUESTION, "sites": ["00002"]}, "edits": EDITS, "expected_revision": 1}
    moved = served.put(address, json=change).json()
    assert moved["content_id"] != first["content_id"]
    told = served.get(f"{address}/revisions/2").json()["difference"]["question"]
    assert told == [{"field": "sites", "before": ["00005", "东庄"], "after": ["00002"]}]
    assert served.post(f"{address}/undo").json()["content_id"] == first["content_id"]


@pytest.mark.parametrize("sites", [["00005", "00001", "00003"], ["00003", "00005", "00001"]])
def test_sites_have_their_numbers_by_the_order_in_which_they_are_named(served, sites):
    scenario = kept(served, sites=[*sites, sites[0]])
    assert scenario["question"]["sites"] == sites
    plan = served.post("/api/evaluations", json={**scenario["question"], "edits": EDITS}).json()["plan"]
    assert plan["opened"] == [one["id"] for one in plan["facilities"]] == sites
    table = served.get(f"/plan/sheet?scenario={scenario['id']}&lang=zh").text.partition('id="sites"')[2]
    names = [table.index(one["name"]) for one in plan["facilities"]]
    assert names == sorted(names)
    run = finished(served, served.post(f"/api/scenarios/{scenario['id']}/runs").json()["run"])
    assert run["result"]["opened"] == sites


def test_a_site_that_is_not_there_is_refused_by_name(served):
    body = {"name": "甲", "question": {**QUESTION, "sites": ["南山", "大王庄"]}}
    faults = served.post("/api/scenarios", json=body).json()["faults"]
    assert {(one["code"], one["value"]) for one in faults} == {("unknown-place", "南山"), ("ambiguous-place", "大王庄")}


def test_taken_elsewhere_it_is_the_same_content(served, tmp_path):
    ours = kept(served)
    file = served.get(f"/api/scenarios/{ours['id']}/export").json()
    build(tmp_path / "elsewhere" / "files", tmp_path / "elsewhere" / "data")
    with call(Settings(data=tmp_path / "elsewhere" / "data")) as other:
        theirs = other.post("/api/scenarios/import", json=file)
        assert theirs.status_code == 201, theirs.text
        assert theirs.json()["content_id"] == ours["content_id"]


def test_on_another_build_a_site_that_is_gone_is_void_and_told(served, tmp_path):
    ours = kept(served)
    before, after = (",".join(map(str, lon_lat(x, 0))) for x in (0, 2))
    build(tmp_path / "files", tmp_path / "data", **{f"东庄,T1,{before}": f"新庄,T1,{after}"})
    told = served.post(f"/api/scenarios/{ours['id']}/rebase", json={}).json()
    fates = [(one["part"], one["target"], one["outcome"]) for one in told["edits"]]
    assert fates == [("edit", "横1路", "kept"), ("sites", "00005", "kept"), ("sites", "东庄", "void")]
    assert told["scenario"]["question"]["sites"] == ["00005"]


def test_a_run_of_it_is_as_placed_under_its_edits(served):
    answer = served.post(f"/api/scenarios/{kept(served)['id']}/runs")
    assert answer.status_code in (200, 202), answer.text
    run = finished(served, answer.json()["run"])
    evaluated = served.post("/api/evaluations", json={**QUESTION, "edits": EDITS}).json()["plan"]
    assert (run["state"], run["lane"], run["result"]) == ("done", "short", evaluated)


def test_the_command_line_names_sites_and_says_that_nothing_was_chosen(toy_data, monkeypatch, tmp_path):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))

    def run(*words):
        return CliRunner().invoke(app, ["plan", "--service", "elder-centre", *words])

    sites = ("--site", "00003,李家", "--must", "东庄", "--lang", "en")
    made = json.loads(run(*sites, "--json").stdout)
    assert (made["status"], made["opened"]) == ("as-placed", ["00003", "00005"])
    words = run(*sites).stdout
    assert "Sites as placed" in words
    assert "东庄, required by the conditions, is not among the sites" in words
    assert "ptimal" not in words
    assert "按指定设施" in run(*sites[:2]).stdout
    file = tmp_path / "left.csv"
    assert run(*sites[:2], "--mode", "walk", "--limit", "5", "--left-behind", str(file)).exit_code == 0
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == 6
    refused = run(*sites, "--out", str(tmp_path / "plan.json"))
    assert refused.exit_code != 0
    assert not (tmp_path / "plan.json").exists()
