"""The pages about people: invitations, roles, resets, hand-overs; every fault beside its field, nothing half saved."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from callers import call
from people_site import people_site, rows_of
from signed_in import account, caller, key_for
from sqlalchemy import select

from api.settings import Settings
from layers.records.accounts import AccountStore
from layers.records.sessions import SessionStore
from layers.records.tables import audit


@pytest.fixture
def site(toy_data, tmp_path, database_url):
    with people_site(toy_data, tmp_path / "site", database_url) as app:
        yield app


@pytest.fixture
def database(site):
    return site.state.workplace.database.get()


@pytest.fixture
def root(database):
    return account(database, "root", ("administrator", "county", "*"), password_hash="h")


@pytest.fixture
def admin(site, database, root):
    return caller(site, key_for(database, root))


def problems(html):
    return {
        place: unescape(words) for place, words in re.findall(r'class="problem" id="([\w-]*?)-problem">([^<]*)', html)
    }


def link_in(html):
    return re.findall(r'<code class="once">[^<]*/welcome/([^<]+)</code>', html)


def test_the_list_says_who_may_what_where_and_when_they_were_here(admin, database):
    account(database, "li", ("township-desk", "township", "T1"), ("checker", "county", "999999"))
    page = unescape(admin.get("/people").text)
    assert "乡镇受理台 · 河西镇(T1)" in page
    assert "核查员 · 县 999999" in page
    assert "管理员 · 全部" in page
    assert "尚未登录" in page
    assert "待设置密码" in page
    english = unescape(admin.get("/people?lang=en").text)
    assert "township desk · 河西镇 (T1)" in english


def test_an_invitation_leads_to_a_page_that_shows_the_link_once(admin, site, database):
    rows = rows_of(database)
    form = {
        "name": "Li", "display": "李四", "role-0": "township-desk", "area_kind-0": "township", "area_code-0": "河西镇",
        "from-0": "", "until-0": "2099-12-31", "role-1": "", "area_kind-1": "county", "area_code-1": "typed in vain",
    }  # fmt: skip
    sent = admin.post("/people", data=form)
    assert sent.status_code == 303
    made = AccountStore(database).by_name("li")[0]
    assert sent.headers["location"] == f"/people/{made.id}"
    assert [(one.role, one.area_kind, one.area_code) for one in made.grants] == [("township-desk", "township", "T1")]
    assert rows_of(database) == rows + 1
    shown = admin.get(sent.headers["location"])
    (key,) = link_in(shown.text)
    assert f"http://127.0.0.1:8000/welcome/{key}" in shown.text
    assert link_in(admin.get(sent.headers["location"]).text) == []
    assert caller(site, "").get(f"/welcome/{key}").status_code == 200
    assert key not in str(admin.get("/people").text + admin.get("/audit").text)


def test_the_link_is_kept_from_scripts_other_sites_and_other_pages(admin):
    sent = admin.post("/people", data={"name": "li", "role-0": "planner", "area_kind-0": "county"})
    (cookie,) = sent.headers.get_list("set-cookie")
    assert {"HttpOnly", "SameSite=strict", f"Path={sent.headers['location']}"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "a b"}, {"name"}),
        ({"name": "ROOT"}, {"name"}),
        ({"display": "x" * 61}, {"display"}),
        ({"role-0": ""}, {"role-0"}),
        ({"role-0": "king"}, {"role-0"}),
        ({"area_kind-0": "township"}, {"area_kind-0"}),
        ({"area_code-0": "999999"}, {"area_code-0"}),
        ({"from-0": "x", "until-0": "2000-01-01"}, {"from-0", "until-0"}),
        (
            {"name": "", "role-0": "", "role-2": "checker", "area_kind-2": "cell", "area_code-2": "1"},
            {"name", "area_code-1"},
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(admin, database, change, wrong):
    rows = rows_of(database)
    form = {"name": "li", "display": "李", "role-0": "planner", "area_kind-0": "county", "area_code-0": "", **change}
    page = admin.post("/people", data=form)
    assert page.status_code == 422
    assert set(problems(page.text)) == wrong
    for place in wrong:
        assert f'aria-describedby="{place}-problem"' in page.text
    assert 'value="李"' in page.text or "display" in change
    assert len(AccountStore(database).everyone()) == 1
    assert rows_of(database) == rows


@pytest.mark.parametrize(
    "more",
    [
        {"role-" + "9" * 5000: "planner"},
        {"role-²": "planner", "role--1": "planner", "role-": "planner", "role-٣": "planner"},
        {f"role-{n}": "planner" for n in range(1, 400)},
        {"version": "9" * 5000},
        {"area_code-0": "\x00\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
        {"from-0": "9" * 5000, "until-0": "2026-12-01T00:00:00+99:99"},
    ],
)
def test_a_form_that_no_browser_sends_breaks_nothing(admin, database, more):
    made = account(database, "wang", ("checker", "county", "371499"))
    form = {"name": "li", "role-0": "planner", "area_kind-0": "county", **more}
    assert admin.post("/people", data=form).status_code in (303, 422)
    assert admin.post(f"/people/{made.id}/roles", data=form).status_code in (303, 422)


def test_another_row_keeps_what_was_typed_and_saves_nothing(admin, database):
    form = {"name": "li", "display": "", "role-0": "checker", "area_kind-0": "cell", "area_code-0": "<9>", "more": "1"}
    page = admin.post("/people", data=form)
    assert page.status_code == 200
    assert 'name="role-1"' in page.text
    assert '<option value="checker" selected>' in page.text
    assert 'value="&lt;9&gt;"' in page.text
    assert len(AccountStore(database).everyone()) == 1
    made = account(database, "wang", ("checker", "county", "371499"))
    rows = rows_of(database)
    page = admin.post(f"/people/{made.id}/roles", data={"role-0": "planner", "area_kind-0": "county", "more": "1"})
    assert 'name="role-1"' in page.text
    assert rows_of(database) == rows


def test_roles_are_changed_and_rows_without_one_are_left_out(admin, database):
    made = account(database, "li", ("planner", "county", "371499"), ("checker", "county", "371499"))
    form = {
        "version": "1", "role-0": "planner", "area_kind-0": "county", "area_code-0": "371499", "from-0": "2026-11-29",
        "role-1": "", "area_kind-1": "county", "role-2": "department", "area_kind-2": "unit", "area_code-2": "水务局",
    }  # fmt: skip
    sent = admin.post(f"/people/{made.id}/roles", data=form)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/people/{made.id}?done=roles")
    assert "角色已保存" in admin.get(sent.headers["location"]).text
    still = [one.role for one in AccountStore(database).get(made.id).grants if one.until_at is None]
    assert sorted(still) == ["department", "planner"]
    again = admin.post(f"/people/{made.id}/roles", data=form)
    assert again.status_code == 422
    assert "其他人刚刚改动过" in again.text


def test_an_administrator_who_is_the_last_stays(admin, database, root):
    rows = rows_of(database)
    for path, form in (("roles", {"role-0": "", "area_kind-0": "county"}), ("disable", {"heir": ""})):
        page = admin.post(f"/people/{root.id}/{path}", data=form)
        assert page.status_code == 422
        assert "最后一位管理员" in page.text
    page = admin.post(f"/people/{root.id}/reset")
    assert page.status_code == 422
    assert "我的账号" in page.text
    assert rows_of(database) == rows
    assert admin.get("/people").status_code == 200


def test_a_reset_shows_a_new_link_and_ends_the_sessions(admin, site, database):
    made = account(database, "li", ("planner", "county", "371499"), password_hash="h")
    theirs = caller(site, key_for(database, made))
    assert theirs.get("/account").status_code == 200
    sent = admin.post(f"/people/{made.id}/reset")
    assert len(link_in(admin.get(sent.headers["location"]).text)) == 1
    assert theirs.get("/account").status_code == 401
    assert not AccountStore(database).get(made.id).has_password


def test_disabled_then_enabled_again(admin, site, database, root):
    made = account(database, "li", ("planner", "county", "371499"), password_hash="h")
    theirs = caller(site, key_for(database, made))
    assert "heir-problem" in admin.post(f"/people/{made.id}/disable", data={"heir": made.id}).text
    assert "heir-problem" in admin.post(f"/people/{made.id}/disable", data={"heir": "\x00"}).text
    sent = admin.post(f"/people/{made.id}/disable", data={"heir": root.id})
    assert "账号已停用" in admin.get(sent.headers["location"]).text
    assert theirs.get("/account").status_code == 401
    assert admin.post(f"/people/{made.id}/disable").status_code == 422
    sent = admin.post(f"/people/{made.id}/enable")
    assert "账号已恢复" in admin.get(sent.headers["location"]).text


def test_ended_sessions_and_another_name(admin, database):
    made = account(database, "li")
    key = key_for(database, made)
    assert admin.post(f"/people/{made.id}/sessions").status_code == 303
    assert SessionStore(database).holder_of(key, now=datetime.now(UTC)) is None
    assert admin.post(f"/people/{made.id}/name", data={"display": " 李四 "}).status_code == 303
    assert AccountStore(database).get(made.id).display == "李四"
    page = admin.post(f"/people/{made.id}/name", data={"display": "\t"})
    assert set(problems(page.text)) == {"display"}


@pytest.mark.parametrize("name", ["none", "0" * 32, "%00", "a b", "x" * 300])
def test_nobody_of_that_name_is_there(admin, database, name):
    rows = rows_of(database)
    assert admin.get(f"/people/{name}").status_code == 404
    for path in ("roles", "name", "reset", "disable", "enable", "sessions"):
        assert admin.post(f"/people/{name}/{path}", data={"display": "x"}).status_code == 404
    assert rows_of(database) == rows


def test_in_solo_mode_nobody_is_invited_in_passing(toy_data, tmp_path):
    with call(Settings(data=tmp_path / "solo", database_url=f"sqlite:///{tmp_path / 'a.sqlite'}")) as client:
        assert "account add" in client.get("/people").text
        sent = client.post("/people", data={"name": "li", "role-0": "administrator", "area_kind-0": "county"})
        assert sent.status_code == 409
        assert "account add" in sent.text
        assert not AccountStore(client.app.state.workplace.database.get()).is_any()


def test_each_change_is_one_row_and_names_who_did_what_to_whom(admin, database, root):
    heir = account(database, "wang")
    made = account(database, "li", ("checker", "county", "371499"), password_hash="h")
    for path, form, action in (
        ("roles", {"role-0": "planner", "area_kind-0": "county"}, "account.roles-changed"),
        ("name", {"display": "李四"}, "account.renamed"),
        ("sessions", {}, "account.sessions-ended"),
        ("reset", {}, "account.reset"),
        ("disable", {"heir": heir.id}, "account.disabled"),
        ("enable", {}, "account.enabled"),
    ):
        rows = rows_of(database)
        assert admin.post(f"/people/{made.id}/{path}", data=form).status_code == 303, path
        assert rows_of(database) == rows + 1, path
        with database.reading() as connection:
            last = connection.execute(select(audit).order_by(audit.c.pos.desc()).limit(1)).one()
        assert (last.account_id, last.action, last.object_kind, last.object_id) == (root.id, action, "account", made.id)
        assert last.from_addr == "10.1.2.3"
        assert last.session_id
