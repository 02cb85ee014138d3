"""A scenario outlives its county: exported, imported, stale, rebased, undone; on SQLite and PostgreSQL."""

import json
import random
import re

import pytest
from callers import call, finished
from toy_builds import built

from api.actions.check_plan import check_plan
from api.actions.scenarios.content import content_of, scenario_of
from api.actions.scenarios.form import read_contract
from api.actions.workplace import Workplace
from api.settings import Settings
from layers.records.audit import Act, Actor
from layers.records.scenario import NewScenario
from layers.records.scenario_revisions import RevisionStore
from layers.records.scenarios import ScenarioStore

QUESTION = {"service": "elder-centre", "p": 2}
NAMED = [
    {"op": "site-status", "target": "河口", "status": "required"},
    {"op": "road-closed", "target": "横1路"},
    {"op": "counted", "group": "80+"},
]


@pytest.fixture
def served(tmp_path, database_url):
    built(tmp_path / "files", tmp_path / "data")
    with call(Settings(data=tmp_path / "data", database_url=database_url)) as client:
        yield client


def made(client, edits=NAMED, **question):
    body = {"name": "甲", "question": {**QUESTION, **question}, "edits": edits}
    answer = client.post("/api/scenarios", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def run(client, scenario):
    answer = client.post(f"/api/scenarios/{scenario['id']}/runs")
    assert answer.status_code in (200, 202), answer.text
    return finished(client, answer.json()["run"])


def way(chance, steps):
    """Yield scenarios, each one random change of the one before it."""
    places, edits, question = ["东庄", "西庄", "李家", "河口", "府前社区"], {}, dict(QUESTION)
    for _step in range(steps):
        place = chance.choice(places)
        if chance.random() < 0.3:
            question = {**question, "limit_minutes": chance.randint(5, 60)}
        elif place in edits and chance.random() < 0.5:
            edits = {one: edit for one, edit in edits.items() if one != place}
        else:
            status = chance.choice(["required", "excluded", "closable"])
            edits = {**edits, place: {"op": "site-status", "target": place, "status": status}}
        yield read_contract({"name": "甲", "question": question, "edits": list(edits.values())}).on("0" * 16)


def test_undo_of_two_hundred_random_edits_gives_the_contents_of_the_way_there(database):
    store, act = RevisionStore(database), Act(Actor(), "scenario.saved", "scenario")
    first, *rest = way(random.Random(7), 201)
    kept = ScenarioStore(database).create(NewScenario("甲", None, "", "", content_of(first)), act=act)
    contents, head = [first.content_id], kept.head
    for scenario in rest:
        saved = store.save(kept.id, content_of(scenario), expected=head, act=act)
        head = saved.revision.n
        contents += [saved.revision.content_id] * saved.is_new
    assert len(contents) > 150
    for step, walked in ((store.undo, contents[-2::-1]), (store.redo, contents[1:])):
        for content_id in walked:
            revision = step(kept.id, expected=head, act=act).revision
            head = revision.n
            assert content_id == revision.content_id == scenario_of("", revision).content_id


def test_undo_over_http_gives_the_contents_of_the_way_there(served):
    scenario = made(served, [])
    contents, address = [scenario["content_id"]], f"/api/scenarios/{scenario['id']}"
    for one in way(random.Random(3), 12):
        scenario = served.put(address, json={**one.body(), "expected_revision": scenario["revision"]}).json()
        contents += [scenario["content_id"]] * scenario["changed"]
    back = [served.post(f"{address}/undo").json()["content_id"] for _ in contents[1:]]
    assert (len(back) > 6, back) == (True, contents[-2::-1])


def test_another_installation_gives_the_same_content_and_the_same_plan(served, tmp_path):
    ours = made(served)
    file = served.get(f"/api/scenarios/{ours['id']}/export").json()
    assert file["county"]["layers"].keys() >= {"roads", "villages"}
    built(tmp_path / "elsewhere" / "files", tmp_path / "elsewhere" / "data")
    settings = Settings(data=tmp_path / "elsewhere" / "data")
    with call(settings) as other:
        theirs = other.post("/api/scenarios/import", json=file)
        assert theirs.status_code == 201, theirs.text
        assert theirs.json()["content_id"] == ours["content_id"]
        assert other.get(f"/api/scenarios/{theirs.json()['id']}/export").json() == file
        plans = [run(client, one) for client, one in ((served, ours), (other, theirs.json()))]
        assert plans[0]["result"] == plans[1]["result"]
        assert plans[0]["result"]["status"] == "optimal"
        written = tmp_path / "plan.json"
        written.write_text(other.get(f"/api/runs/{plans[1]['id']}/plan-file").text, encoding="utf-8")
        assert check_plan(written, settings).verdict == "proven"


def test_over_a_foreign_county_all_faults_are_told_and_nothing_is_kept(served, tmp_path):
    conditions = {"status": {"李家": "excluded"}, "townships": [{"township": "河东乡", "least": 1}]}
    file = served.get(f"/api/scenarios/{made(served, [], **conditions)['id']}/export").json()
    changes = {
        "county_toml": ("371499", "371488"),
        "villages_csv": ("李家", "张家"),
        "townships_geojson": ("河东乡", "湖东乡"),
    }
    built(tmp_path / "foreign" / "files", tmp_path / "foreign" / "data", **changes)
    with call(Settings(data=tmp_path / "foreign" / "data")) as other:
        answer = other.post("/api/scenarios/import", json=file)
        codes = {fault["code"] for fault in answer.json()["faults"]}
        assert answer.status_code == 422
        assert codes == {"scenario-foreign-county", "unknown-place", "unknown-township"}
        assert other.get("/api/scenarios").json()["scenarios"] == []


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"question": {"service": "hub", "p": "x", "limit_minutes": -1}}, {"form-refused"}),
        ({"edits": [{"op": "none"}], "name": 7}, {"form-refused", "edit-unknown-op"}),
        ({"content_id": "f" * 64}, {"scenario-content-differs"}),
        ({"further": 1}, {"form-refused"}),
    ],
)
def test_a_file_that_was_changed_or_is_none_is_refused_with_every_fault(served, change, codes):
    file = served.get(f"/api/scenarios/{made(served, [])['id']}/export").json()
    answer = served.post("/api/scenarios/import", json={**file, **change})
    assert (answer.status_code, {fault["code"] for fault in answer.json()["faults"]}) == (422, codes)
    assert all(fault["expected"] for fault in answer.json()["faults"])
    assert len(served.get("/api/scenarios").json()["scenarios"]) == 1


def test_a_file_about_a_build_that_is_not_here_says_which_layers_differ(served, tmp_path):
    file = served.get(f"/api/scenarios/{made(served, [])['id']}/export").json()
    built(tmp_path / "newer" / "files", tmp_path / "newer" / "data", villages_csv=("李家", "张家"))
    with call(Settings(data=tmp_path / "newer" / "data")) as other:
        (fault,) = other.post("/api/scenarios/import", json=file).json()["faults"]
        assert fault["code"] == "scenario-unknown-build"
        kept = other.post("/api/scenarios/import?onto_current=true", json=file).json()
        assert kept["question"] == file["question"]
        assert kept["content_id"] != file["content_id"], "it is about another build"


def test_after_a_rebuilt_county_it_is_stale_runs_on_its_own_build_and_is_rebased_only_when_asked(served, tmp_path):
    scenario = made(served, [*NAMED, {"op": "site-status", "target": "西庄", "status": "excluded"}])
    gone = made(served, [], townships=[{"township": "河东乡", "least": 1}])
    before = run(served, scenario)["result"]
    changes = {"villages_csv": ("西庄", "北庄"), "townships_geojson": ("河东乡", "湖东乡")}
    version = built(tmp_path / "files", tmp_path / "data", **changes)
    shown = served.get(f"/api/scenarios/{scenario['id']}").json()
    assert shown["stale"]["current"] == version
    assert set(shown["stale"]["layers"]["changed"]) >= {"villages", "townships"}
    assert (shown["stale"]["layers"]["added"], shown["stale"]["other_county"]) == ([], False)
    assert shown["county"]["version"] != version
    assert run(served, scenario)["result"] == before, "on the build that it is pinned to"
    looked = served.post(f"/api/scenarios/{gone['id']}/rebase").json()
    assert looked["edits"][0] == {
        "part": "townships",
        "number": 1,
        "target": "河东乡",
        "outcome": "void",
        "reason": "no-township",
        "reason_words": "新数据里没有这个乡镇",
        "became": [],
    }
    assert (looked["saved"], looked["scenario"]["question"], looked["counts"]["void"]) == (None, QUESTION, 1)
    assert served.get(f"/api/scenarios/{gone['id']}").json()["revision"] == 1
    runs = served.get("/api/runs").json()["runs"]
    saved = served.post(f"/api/scenarios/{scenario['id']}/rebase", json={"expected_revision": 1}).json()["saved"]
    assert saved["edits"] == [*NAMED, {"op": "site-status", "target": "00002", "status": "excluded"}]
    assert (saved["revision"], saved["stale"], saved["county"]["version"]) == (2, None, version)
    assert served.get("/api/runs").json()["runs"] == runs, "nothing is computed anew"
    back = served.post(f"/api/scenarios/{scenario['id']}/undo").json()
    assert (back["content_id"], back["county"]["version"]) == (scenario["content_id"], before["county_version"])


def test_three_earlier_builds_stay_open_those_used_last(tmp_path):
    names = ["东庄", "南庄", "北庄", "上庄", "下庄"]
    versions = [built(tmp_path / name, tmp_path / "data", villages_csv=("东庄", name)) for name in names]
    at_work = Workplace(Settings(data=tmp_path / "data"))
    opened = [at_work.build_to_ask(version).county for version in versions]
    again = [at_work.build_to_ask(version).county for version in reversed(versions[1:])]
    assert again == opened[:0:-1], "the current one and the three used last are not opened again"
    assert at_work.build_to_ask(versions[0]).county is not opened[0]
    at_work.close()


def test_the_contract_file_is_plain_json(served):
    text = served.get(f"/api/scenarios/{made(served)['id']}/export").text
    assert json.loads(text)["edits"] == NAMED
    assert re.fullmatch(r"[0-9a-f]{64}", json.loads(text)["content_id"])
