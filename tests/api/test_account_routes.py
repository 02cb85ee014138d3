"""Accounts for programs: the same rules as on the pages; one row of the audit a change, none for a refusal."""

import pytest
from people_site import administrator, people_site, rows_of
from signed_in import account, caller, key_for

from layers.records.accounts import AccountStore

PLANNER = {"role": "planner", "area": {"kind": "county", "code": "371499"}}


@pytest.fixture
def site(toy_data, tmp_path, database_url):
    with people_site(toy_data, tmp_path / "site", database_url) as app:
        yield app


@pytest.fixture
def database(site):
    return site.state.workplace.database.get()


@pytest.fixture
def admin(site):
    return administrator(site, by="token")


def test_from_invitation_to_disabling_each_step_is_one_row(admin, site, database):
    rows = rows_of(database)

    def call(method, path, status, body=None):
        nonlocal rows
        answer = admin.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        rows += method != "GET"
        assert rows_of(database) == rows
        return answer.json()

    made = call("POST", "/api/accounts", 201, {"name": "Li", "display": "李四", "grants": [PLANNER]})
    assert made["link"].startswith("http://127.0.0.1:8000/welcome/")
    assert caller(site, "").get(made["link"]).status_code == 200
    path = f"/api/accounts/{made['account']['id']}"
    told = call("GET", path, 200)
    assert (told["name"], told["state"], told["last_seen"]) == ("li", "invited", None)
    assert told == made["account"]
    grants = [
        *told["grants"],
        {"role": "department", "area": {"kind": "unit", "code": "水务局"}, "until": "2099-01-01"},
    ]
    told = call("PUT", f"{path}/grants", 200, {"grants": grants, "version": told["version"]})
    assert [one["role"] for one in told["grants"]] == ["planner", "department"]
    assert told["grants"][0] == grants[0]
    assert told["grants"][1]["until"] == "2099-01-02T00:00:00+08:00"
    assert call("POST", f"{path}/reset", 200)["link"] != made["link"]
    assert caller(site, "").get(made["link"]).status_code == 404
    heir = account(database, "wang")
    rows += 1
    told = call("POST", f"{path}/disable", 200, {"heir": heir.id})
    assert (told["state"], told["runs_handed_over"]) == ("disabled", 0)
    assert call("POST", f"{path}/enable", 200)["state"] == "invited"
    assert [one["name"] for one in call("GET", "/api/accounts", 200)] == ["li", "root", "wang"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"name": "root", "grants": [PLANNER]}, "account-name-taken"),
        ({"name": "", "grants": [PLANNER]}, "account-bad-name"),
        ({"name": "li", "grants": []}, "grants-none"),
        ({"name": "li", "grants": [{"role": "king"}]}, "grant-unknown-role"),
        (
            {"name": "li", "grants": [{"role": "checker", "area": {"kind": "cell", "code": "\u0000"}}]},
            "grant-unknown-cell",
        ),
        ({"name": "li", "grants": [{"role": "checker", "until": "yesterday"}]}, "grant-bad-day"),
        ({"name": "li", "grants": [{**PLANNER, "more": 1}]}, "extra_forbidden"),
        ({"name": "li", "grants": [PLANNER] * 51}, "too_long"),
        ({"name": "li", "password": "x", "grants": [PLANNER]}, "extra_forbidden"),
    ],
)
def test_what_cannot_be_made_is_refused_whole(admin, database, body, told):
    rows = rows_of(database)
    answer = admin.post("/api/accounts", json=body)
    assert answer.status_code == 422
    assert told in {fault["code"] for fault in answer.json()["faults"]}
    assert all(fault["expected"] for fault in answer.json()["faults"])
    assert len(AccountStore(database).everyone()) == 1
    assert rows_of(database) == rows


def test_the_last_administrator_stays_whatever_a_program_asks(admin, database):
    root = AccountStore(database).by_name("root")[0]
    rows = rows_of(database)
    for method, path, body in (
        ("PUT", "grants", {"grants": []}),
        ("PUT", "grants", {"grants": [{"role": "administrator", "until": "2099-01-01"}]}),
        ("POST", "disable", None),
    ):
        answer = admin.request(method, f"/api/accounts/{root.id}/{path}", json=body)
        assert [fault["code"] for fault in answer.json()["faults"]] == ["last-administrator"]
    assert [one["code"] for one in admin.post(f"/api/accounts/{root.id}/reset").json()["faults"]] == [
        "account-own-reset"
    ]
    assert rows_of(database) == rows


def test_what_is_seen_of_another_version_is_not_overwritten(admin, database):
    made = account(database, "li")
    path = f"/api/accounts/{made.id}/grants"
    assert admin.put(path, json={"grants": [PLANNER], "version": 1}).status_code == 200
    answer = admin.put(path, json={"grants": [], "version": 1})
    assert [fault["code"] for fault in answer.json()["faults"]] == ["account-moved-on"]


@pytest.mark.parametrize("version", [0, -1, 2**31, 10**30, "1", True])
def test_a_version_that_no_account_has_is_refused(admin, database, version):
    made = account(database, "li")
    answer = admin.put(f"/api/accounts/{made.id}/grants", json={"grants": [], "version": version})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["none", "%00", "0" * 32])
def test_an_account_that_is_not_there(admin, database, name):
    rows = rows_of(database)
    path = f"/api/accounts/{name}"
    answers = [admin.get(path), admin.put(f"{path}/grants", json={"grants": []})]
    answers += [admin.post(f"{path}/{verb}") for verb in ("reset", "disable", "enable")]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert rows_of(database) == rows


def test_changed_roles_hold_from_the_next_request_on(admin, site, database):
    made = account(database, "li", ("planner", "county", "371499"))
    theirs = caller(site, key_for(database, made))
    assert theirs.get("/api/county").status_code == 200
    admin.put(f"/api/accounts/{made.id}/grants", json={"grants": [{"role": "administrator"}]})
    assert theirs.get("/api/county").status_code == 401
    again = caller(site, key_for(database, made))
    assert again.get("/api/county").status_code == 403
    assert again.get("/api/accounts").status_code == 200
