"""Scenarios over HTTP: kept, saved by two, undone, copied, put away; unknown and forbidden look alike."""

import json

import pytest
from callers import finished
from signed_in import account, caller, key_for

from api import scenario_views as views

QUESTION = {"service": "elder-centre", "p": 2}
CLOSED = {"op": "road-closed", "target": "横1路"}
FLOOD = {"op": "site-status", "target": "河口", "status": "excluded"}


def made(client, name="关横一路", edits=(CLOSED,), **question):
    body = {"name": name, "question": {**QUESTION, **question}, "edits": list(edits)}
    answer = client.post("/api/scenarios", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/scenarios/{answer.json()['id']}"
    return answer.json()


def put(client, scenario, edits, *, expected=None, **more):
    body = {"expected_revision": expected or scenario["revision"], "question": QUESTION, "edits": list(edits), **more}
    return client.put(f"/api/scenarios/{scenario['id']}", json=body)


def test_a_scenario_is_kept_as_it_was_asked_and_listed(client):
    first = made(client, p=2, limit_minutes=30.0)
    assert first["question"] == {**QUESTION, "limit_minutes": 30}, "what is not said is not made up"
    assert (first["edits"], first["revision"], first["level"], first["stale"]) == ([CLOSED], 1, "owner", None)
    assert client.get(f"/api/scenarios/{first['id']}").json() == first
    assert [one["id"] for one in client.get("/api/scenarios").json()["scenarios"]] == [first["id"]]


def test_the_second_of_two_writers_gets_the_difference_and_both_are_kept(client):
    scenario = made(client)
    won = put(client, scenario, [CLOSED, FLOOD]).json()
    assert (won["revision"], won["changed"]) == (2, True)
    lost = put(client, scenario, [])
    told = lost.json()
    assert (lost.status_code, told["error"], told["revision"], told["kept"]) == (409, "scenario-moved-on", 2, 3)
    assert told["difference"]["edits"] == [
        {"change": "removed", "before": one, "after": None} for one in (CLOSED, FLOOD)
    ]
    assert told["since"]["edits"] == [{"change": "added", "before": None, "after": FLOOD}]
    assert "3" in told["faults"][0]["mend"]
    assert scenario["id"] not in str(told["faults"])
    kept = client.get(f"/api/scenarios/{scenario['id']}/revisions/3").json()
    assert (kept["edits"], kept["aside"], kept["counts"], kept["parent"]) == ([], True, False, 1)
    assert client.get(f"/api/scenarios/{scenario['id']}").json()["edits"] == [CLOSED, FLOOD]


def test_a_revision_that_there_is_not_is_told_by_the_field_that_names_it(client):
    scenario = made(client)
    for answer in (
        put(client, scenario, [], expected=9),
        client.post(f"/api/scenarios/{scenario['id']}/rebase", json={"expected_revision": 9}),
    ):
        (fault,) = answer.json()["faults"]
        assert (fault["code"], fault["field"], fault["value"]) == (
            "unknown-scenario-revision",
            "expected_revision",
            "9",
        )


def test_undo_and_redo_walk_the_revisions_and_a_stale_step_is_told(client):
    scenario = made(client)
    address = f"/api/scenarios/{scenario['id']}"
    second = put(client, scenario, [CLOSED, FLOOD]).json()
    back = client.post(f"{address}/undo", json={"expected_revision": 2}).json()
    assert (back["content_id"], back["edits"]) == (scenario["content_id"], [CLOSED])
    assert client.post(f"{address}/undo", json={"expected_revision": 2}).json()["kept"] is None
    assert client.post(f"{address}/undo").status_code == 422, "there is nothing before the first"
    assert client.post(f"{address}/redo").json()["content_id"] == second["content_id"]
    listed = client.get(f"{address}/revisions").json()
    assert [(one["revision"], one["parent"], one["counts"]) for one in listed] == [(2, 1, True), (1, None, False)]
    shown = client.get(f"{address}/revisions/2").json()
    assert shown["difference"]["edits"] == [{"change": "added", "before": None, "after": FLOOD}]
    assert client.get(f"{address}/revisions/9").status_code == 404


def test_saving_may_rename_and_the_same_again_is_no_revision(client):
    scenario = made(client)
    renamed = put(client, scenario, [CLOSED], name="新名").json()
    assert (renamed["name"], renamed["revision"], renamed["changed"]) == ("新名", 1, False)
    other = put(client, scenario, [CLOSED], county="f" * 16)
    assert (other.status_code, other.json()["faults"][0]["code"]) == (422, "scenario-other-build")


def test_everything_that_is_wrong_is_told_and_nothing_is_kept(client):
    conditions = {"status": {"南庄": "required", "大王庄": "excluded"}}
    answer = client.post("/api/scenarios", json={"name": "\n", "question": {**QUESTION, **conditions}})
    codes = {fault["code"] for fault in answer.json()["faults"]}
    assert codes == {"scenario-bad-name", "unknown-place", "ambiguous-place"}
    bad = client.post("/api/scenarios", json={"name": "a", "question": QUESTION, "edits": [{"op": "x"}, {"op": "y"}]})
    assert (bad.status_code, len(bad.json()["faults"])) == (422, 2)
    gone = client.post("/api/scenarios", json={"name": "a", "question": QUESTION, "county": "f" * 16})
    assert gone.json()["faults"][0]["code"] == "scenario-unknown-build"
    for county in ("371488", "别县", {"name": "示范县", "code": "371488"}):
        other = client.post("/api/scenarios", json={"name": "a", "question": QUESTION, "county": county})
        assert other.json()["faults"][0]["code"] == "scenario-foreign-county"
    assert client.get("/api/scenarios").json()["scenarios"] == []


@pytest.mark.parametrize("county", ["371499", "示范县", {"code": "371499", "name": "旧名"}, ""])
def test_the_county_may_be_told_by_code_name_or_not_at_all(client, county):
    answer = client.post("/api/scenarios", json={"name": "a", "question": QUESTION, "county": county})
    assert answer.status_code == 201


def test_answers_have_the_forms_that_are_declared(client):
    scenario = made(client)
    address = f"/api/scenarios/{scenario['id']}"
    forms = {
        "": views.ScenarioAnswer,
        "/revisions/1": views.RevisionShown,
        "/export": views.ScenarioFile,
    }
    for path, form in forms.items():
        form.model_validate(client.get(address + path).json())
    views.ScenariosAnswer.model_validate(client.get("/api/scenarios").json())
    views.SavedScenario.model_validate(put(client, scenario, [FLOOD]).json())
    views.RevisionAnswer.model_validate(client.get(f"{address}/revisions").json()[0])
    views.RebaseAnswer.model_validate(client.post(f"{address}/rebase", json={"expected_revision": 2}).json())
    views.CommentAnswer.model_validate(client.post(f"{address}/comments", json={"text": "好"}).json())
    views.ShareAnswer.model_validate(client.post(f"{address}/shares", json={"role": "planner", "level": "read"}).json())
    today = client.get("/api/scenarios/scheme-0?service=elder-centre").json()
    assert views.SchemeZeroAnswer.model_validate(today).opened == ["F4"]
    assert client.get("/api/scenarios/scheme-0?service=airport").status_code == 422


@pytest.mark.parametrize("word", ["\x00", "%00", "a\ud800", "x" * 5000, "../../etc"])
def test_hostile_words_are_refused_in_words(client, word):
    scenario = made(client)
    address = f"/api/scenarios/{scenario['id']}"
    calls = [
        ("POST", "/api/scenarios", {"name": word, "question": QUESTION, "county": word}),
        ("POST", f"{address}/clone", {"name": "a", "revision": 10**9}),
        ("POST", f"{address}/comments", {"text": word * 500}),
        ("POST", f"{address}/shares", {"account": word, "level": "read"}),
        ("POST", f"{address}/shares", {"role": word, "level": "read"}),
        ("POST", "/api/scenarios/import", {"name": "a", "county": word, "question": {"service": word}, "edits": word}),
        ("PUT", address, {"expected_revision": 1, "question": QUESTION, "note": word + "\x00" * 300}),
    ]
    for method, path, body in calls:
        content = json.dumps(body).encode()
        answer = client.request(method, path, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code < 500, (method, path, answer.text)
        assert path.endswith("comments") or answer.json()["message"]
    for at in ("0001-01-01T00:00:00+23:59 abc", "9999-12-31T23:59:59-23:59 abc", "2026-01-01 x"):
        assert client.get("/api/scenarios", params={"after": at}).status_code == 422


def test_a_copy_and_the_archive(client):
    scenario = made(client)
    copy = client.post(f"/api/scenarios/{scenario['id']}/clone", json={"name": "副本"}).json()
    assert (copy["content_id"], copy["parent_id"]) == (scenario["content_id"], scenario["id"])
    assert client.delete(f"/api/scenarios/{scenario['id']}").json()["archived"]
    assert [one["id"] for one in client.get("/api/scenarios").json()["scenarios"]] == [copy["id"]]
    assert put(client, scenario, []).json()["faults"][0]["code"] == "scenario-archived"
    assert [one["id"] for one in client.get("/api/scenarios?archived=true").json()["scenarios"]] == [scenario["id"]]
    assert not client.post(f"/api/scenarios/{scenario['id']}/restore").json()["archived"]


def test_the_list_is_told_page_by_page(client):
    ids = {made(client, name=f"第{k}个")["id"] for k in range(5)}
    found, after = [], ""
    for _page in range(3):
        told = client.get("/api/scenarios", params={"limit": 2, "after": after}).json()
        found += [one["id"] for one in told["scenarios"]]
        after = told["following"]
    assert (set(found), len(found), after) == (ids, 5, None)
    assert client.get("/api/scenarios?after=nonsense").status_code == 422


def test_a_run_of_a_scenario_is_the_plan_and_remembers_its_revision(client):
    scenario = made(client, edits=())
    answer = client.post(f"/api/scenarios/{scenario['id']}/runs")
    run = finished(client, answer.json()["run"])
    assert run["scenario"] == {"id": scenario["id"], "revision": 1}
    plain = finished(client, client.post("/api/plans", json=QUESTION).json()["run"])
    assert run["result"] == plain["result"]
    put(client, scenario, [FLOOD])
    other = finished(client, client.post(f"/api/scenarios/{scenario['id']}/runs").json()["run"])
    assert other["scenario"]["revision"] == 2
    again = client.post(f"/api/scenarios/{scenario['id']}/runs", json={"revision": 1, "time_limit_s": 9})
    assert again.json()["run"]["scenario"]["revision"] == 1


@pytest.fixture
def office(client):
    database = client.app.state.workplace.database.get()

    def one(name):
        made = account(database, name, ("planner", "county", "*"))
        return made, caller(client.app, key_for(database, made))

    return one


def test_unknown_and_forbidden_look_alike_until_it_is_shared(office):
    (_, wang), (_, li) = office("wang"), office("li")
    scenario = made(wang)
    address = f"/api/scenarios/{scenario['id']}"

    def told(client, path):
        answer = client.get(path)
        return answer.status_code, answer.text

    assert told(li, address) == told(li, "/api/scenarios/" + "0" * 32) == told(li, "/api/scenarios/nothing")
    for verb, path in (("POST", "/runs"), ("POST", "/undo"), ("POST", "/rebase"), ("GET", "/export"), ("DELETE", "")):
        assert li.request(verb, address + path).status_code == 404
    share = wang.post(f"{address}/shares", json={"account": "li", "level": "read"}).json()
    assert li.get(address).json()["level"] == "read"
    assert put(li, scenario, []).status_code == 403
    assert li.post(f"{address}/comments", json={"text": "好"}).status_code == 403
    wang.post(f"{address}/shares", json={"role": "planner", "level": "comment"})
    said = li.post(f"{address}/comments", json={"text": "为什么关?"}).json()
    assert [one["text"] for one in wang.get(f"{address}/comments").json()] == ["为什么关?"]
    assert wang.delete(f"{address}/comments/{said['id']}").json()["erased"]
    wang.post(f"{address}/shares", json={"account": "li", "level": "edit"})
    assert put(li, scenario, []).json()["revision"] == 2
    assert li.delete(address).status_code == 403, "it is the owner's"
    assert wang.delete(f"{address}/shares/{share['id']}").status_code == 404, "it was replaced"
    for one in wang.get(f"{address}/shares").json():
        assert wang.delete(f"{address}/shares/{one['id']}").status_code == 200
    assert li.get(address).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"role": "grid-worker"}, "scenario-bad-share"),
        ({"role": "planner", "account": "li"}, "scenario-bad-share"),
        ({}, "scenario-bad-share"),
        ({"account": "nobody"}, "scenario-share-nobody"),
    ],
)
def test_it_is_shared_with_somebody_or_a_role_that_plans(office, body, code):
    _, wang = office("wang")
    scenario = made(wang)
    answer = wang.post(f"/api/scenarios/{scenario['id']}/shares", json={**body, "level": "read"})
    assert (answer.status_code, answer.json()["faults"][0]["code"]) == (422, code)
