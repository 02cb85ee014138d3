"""Everyone begins on a page that is theirs; what was under way when a session ended is told in words."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from callers import call
from signed_in import ADDED, account, caller, key_for
from starlette.testclient import TestClient

from api.access.passwords import hash_password
from layers.records.accounts import AccountStore, NewAccount
from layers.records.grants import Grant

GOOD = "纸船 7 sails"
TO_COME = datetime.now(UTC) + timedelta(days=20)


@pytest.fixture
def served(settings):
    with call(settings) as client:
        yield client.app


@pytest.fixture
def database(served):
    return served.state.workplace.database.get()


@pytest.fixture(scope="session")
def hashed():
    return hash_password(GOOD)


def send(client, path, **fields):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    return client.post(path, content=urlencode(fields), headers=headers)


def page_of(served, database, *grants, path):
    client = caller(served, key_for(database, account(database, "sun", *grants)))
    return unescape(client.get(path, headers={"Accept": "text/html"}).text)


@pytest.mark.parametrize(
    ("role", "first"),
    [("administrator", "/tables"), ("planner", "/plan"), ("county-desk", "/desk"), ("official", "/account")],
)
def test_signing_in_leads_to_a_page_that_may_be_opened(served, database, hashed, role, first):
    since = TO_COME if role == "official" else datetime(2026, 1, 1, tzinfo=UTC)
    grant = Grant(role, "county", "*", since, TO_COME + timedelta(days=30))
    AccountStore(database).add(NewAccount("li", "李强", (grant,), hashed), act=ADDED, now=datetime.now(UTC))
    client = caller(served, "", by="nothing")
    entered = send(client, "/sign-in", name="li", password=GOOD)
    assert (entered.status_code, entered.headers["location"]) == (303, first)
    assert client.get(first).status_code == 200


def test_a_role_to_come_is_told_with_its_days_and_the_start_page_leads_to_ones_own(served, database):
    first, last = datetime(2027, 1, 1, 16, tzinfo=UTC), datetime(2999, 3, 31, 16, tzinfo=UTC)
    grant = Grant("official", "county", "371499", max(first, TO_COME), last)
    made = AccountStore(database).add(NewAccount("sun", "孙浩", (grant,), None), act=ADDED, now=datetime.now(UTC))
    client = caller(served, key_for(database, made))
    assert re.search(r"审定人员 · 示范县\(371499\),\d{4}-\d\d-\d\d 至 2999-03-31", client.get("/account").text)
    led = client.get("/?lang=en", headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["location"]) == (303, "/account?lang=en")
    assert 'class="button primary" href="/"' in client.get("/people", headers={"Accept": "text/html"}).text


def test_a_desk_begins_with_reports_and_is_offered_no_plans(served, database):
    page = page_of(served, database, ("township-desk", "township", "T1"), path="/incidents")
    assert '"mayList":true' in page
    assert '<a href="/incidents" aria-current="page">事件上报</a>' in page
    assert 'href="/plan"' not in page


def test_who_may_not_read_reports_is_shown_no_list_of_them(served, database):
    page = page_of(served, database, ("planner", "county", "*"), path="/incidents")
    assert '"mayList":false' in page
    assert '<a href="/plan">方案工作台</a>' in page


def test_areas_of_ones_own_account_are_called_by_name(served, database):
    assert "乡镇受理台 · 河西镇(T1)" in page_of(served, database, ("township-desk", "township", "T1"), path="/account")


def stranger(served):
    return TestClient(served, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 5), follow_redirects=False)


def test_what_is_sent_again_after_signing_in_stands_there_in_words(served, database, hashed):
    account(database, "root", ("administrator", "county", "*"), password_hash=hashed)
    typed = {
        "name": "qian",
        "display": "钱丽",
        "role-0": "planner",
        "area_kind-0": "county",
        "role-1": "",
        "from-1": "x",
    }
    refused = send(stranger(served), "/people", **typed)
    carried = unescape(re.search(r'name="carried" value="([^"]*)"', refused.text)[1])
    entered = send(stranger(served), "/sign-in", name="root", password=GOOD, next="/people", carried=carried)
    told = re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", entered.text)
    assert told == [("用户名", "qian"), ("姓名", "钱丽"), ("角色", "规划人员"), ("范围", "县")]
    assert 'name="area_kind-0" value="county"' in entered.text


def test_a_button_or_a_file_is_not_sent_again_and_that_is_said(served, database):
    account(database, "root", ("administrator", "county", "*"))
    page = {"Accept": "text/html", "Referer": "http://127.0.0.1:8000/people/abc"}
    file = {"file": ("表.xlsx", b"\x00=&" * 40)}
    for answer in (
        stranger(served).post("/people/abc/reset", headers=page),
        stranger(served).post("/tables/rooms", headers=page, files=file),
    ):
        assert answer.status_code == 401
        assert "刚才的操作没有执行" in answer.text
        assert 'name="next" value="/people/abc"' in answer.text
        assert 'name="carried" value=""' in answer.text


@pytest.mark.parametrize("path", ["/people", "/people/new", "/audit", "/service", "/tables", "/account"])
def test_every_page_leads_to_all_pages_that_one_may_open(settings, path):
    with call(settings) as client:
        database = client.app.state.workplace.database.get()
        both = account(database, "both", ("administrator", "county", "*"), ("planner", "county", "*"))
        bar = caller(client.app, key_for(database, both)).get(path, headers={"Accept": "text/html"}).text
    for room in ("/plan", "/incidents", "/tables", "/people", "/audit", "/service", "/account"):
        assert f'<li><a href="{room}"' in bar
