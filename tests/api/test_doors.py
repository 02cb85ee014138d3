"""Solo mode ends with the first administrator; signing in, one-time links, one's own account."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from callers import HERE, call
from signed_in import account, caller, key_for
from sqlalchemy import select
from starlette.testclient import TestClient

from api.access.passwords import hash_password
from api.actions.accounts.set_up import new_code
from api.auth import COOKIE
from layers.records.sessions import SessionStore
from layers.records.tables import audit

GOOD = "纸船 7 sails"
AGENT = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36"


@pytest.fixture
def served(settings):
    with call(settings) as client:
        yield client.app


@pytest.fixture
def database(served):
    return served.state.workplace.database.get()


def browser(app, *, address="10.1.2.3", base=HERE):
    client = TestClient(app, base_url=base, client=(address, 50000), follow_redirects=False)
    client.headers.update({"Accept": "text/html", "User-Agent": AGENT})
    return client


def send(client, path, **fields):
    return client.post(path, content=urlencode(fields), headers={"Content-Type": "application/x-www-form-urlencoded"})


def set_up(client, code, **changes):
    fields = {"name": "Wang", "display": "王主任", "password": GOOD, "again": GOOD, **changes}
    return send(client, "/setup", code=code, **fields)


def actions(database):
    with database.reading() as connection:
        return connection.scalars(select(audit.c.action).order_by(audit.c.pos)).all()


def test_with_the_first_administrator_solo_mode_is_over_at_once(served, database):
    code = new_code(database, now=datetime.now(UTC))
    here, far = caller(served, "", by="nothing", address="127.0.0.1"), browser(served)
    assert here.get("/api/county").status_code == 200
    assert far.get("/api/county").status_code == 401
    assert far.get(f"/setup?code={code}").status_code == 200
    made = set_up(far, code)
    assert (made.status_code, made.headers["location"]) == (303, "/plan")
    assert here.get("/api/county").json()["error"] == "sign-in-needed"
    assert far.get("/").headers["location"] == "/plan"
    told = far.get("/api/me").json()
    assert (told["name"], [grant["role"] for grant in told["grants"]]) == ("王主任", ["administrator", "planner"])
    assert actions(database) == ["account.first"]
    for again in (set_up(browser(served), code), browser(served).get("/setup")):
        assert again.status_code == 404
    assert new_code(database, now=datetime.now(UTC)) is None


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({"code": "made-up"}, 403, "设置码"),
        ({"password": "short", "again": "short"}, 422, "至少"),
        ({"again": "something else 8"}, 422, "两次"),
        ({"password": "wang wang 123", "again": "wang wang 123"}, 422, "用户名"),
        ({"password": "1111111111", "again": "1111111111"}, 422, "不易猜到"),
        ({"name": "王 主任"}, 422, "空格"),
        ({"name": ""}, 422, "用户名应为"),
    ],
)
def test_a_wrong_set_up_is_told_beside_its_field_and_changes_nothing(served, database, changes, status, told):
    code = changes.get("code", new_code(database, now=datetime.now(UTC)))
    client = browser(served)
    answer = set_up(client, code, **{name: value for name, value in changes.items() if name != "code"})
    assert answer.status_code == status
    assert told in answer.text
    assert GOOD not in answer.text
    assert actions(database) == []
    assert browser(served, address="127.0.0.1").get("/api/county").status_code == 200


def test_everything_wrong_with_a_set_up_is_told_at_once(served, database):
    code = new_code(database, now=datetime.now(UTC))
    told = set_up(browser(served), code, name="", display="王\n主任", password="short", again="other").text
    for field in ("name", "display", "password", "again"):
        assert f'id="{field}-problem"' in told
    assert "用户名应为" in told
    assert actions(database) == []


@pytest.mark.parametrize("name", ["w", "a", "li", "王"])
def test_a_short_name_stands_in_many_a_good_password(served, database, name):
    code = new_code(database, now=datetime.now(UTC))
    good = "sailing 王 away 7"
    assert set_up(browser(served), code, name=name, password=good, again=good).status_code == 303


@pytest.fixture
def wang(database):
    return account(database, "wang", ("planner", "county", "*"), password_hash=hash_password(GOOD))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_signing_in_leads_on_and_the_cookie_is_for_this_service_alone(served, wang, scheme):
    client = browser(served, base=HERE.replace("http", scheme))
    assert client.get("/api/county").status_code == 401
    answer = send(client, "/sign-in", name="WANG", password=GOOD, next="/account?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?x=1")
    cookie = answer.headers["set-cookie"].lower()
    assert {"httponly", "samesite=lax"} <= set(cookie.split("; "))
    assert ("secure" in cookie.split("; ")) is (scheme == "https")
    assert "Chrome · Windows" in client.get("/account").text


@pytest.mark.parametrize("next_", ["//evil.example/", "https://evil.example/", "/\\evil.example", "x", "/a\nb"])
def test_nobody_is_led_elsewhere(served, wang, next_):
    answer = send(browser(served), "/sign-in", name="wang", password=GOOD, next=next_)
    assert answer.headers["location"] == "/plan"


def test_wrong_names_and_wrong_passwords_are_told_alike(served, wang, database):
    account(database, "gone", password_hash=hash_password(GOOD))
    told = {
        send(browser(served), "/sign-in", name=name, password="no").text.replace(name, "")
        for name in ("wang", "nobody", "gone")
    }
    assert len(told) == 1
    assert actions(database).count("session.opened") == 0


def test_a_page_asked_for_without_a_session_is_the_sign_in_form_that_leads_back(served, wang):
    answer = browser(served).get("/account?done=session")
    assert answer.status_code == 401
    assert 'value="/account?done=session"' in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_what_was_typed_is_still_there_after_signing_in_again(served, wang):
    client = browser(served)
    refused = send(client, "/account/tokens", label="每月“统计”", days="30", password="never kept")
    assert refused.status_code == 401
    assert "never kept" not in refused.text
    carried = re.search(r'name="carried" value="([^"]*)"', refused.text)[1].replace("&#34;", '"').replace("&amp;", "&")
    entered = send(client, "/sign-in", name="wang", password=GOOD, next="/account/tokens", carried=carried)
    assert entered.status_code == 200
    assert 'action="/account/tokens"' in entered.text
    assert 'name="label" value="每月“统计”"' in entered.text
    assert client.cookies.get(COOKIE)


def test_a_token_does_what_its_owner_may_until_the_password_changes(served, wang, database):
    client = browser(served)
    send(client, "/sign-in", name="wang", password=GOOD)
    made = send(client, "/account/tokens", label="统计", days="30", reads_only="1")
    token = re.search(r'class="once">([^<]+)<', made.text)[1]
    program = caller(served, token, by="token")
    assert program.get("/api/me").json()["name"] == "wang"
    assert program.post("/api/plans", json={"service": "elder-centre"}).status_code == 403
    assert token not in client.get("/account").text
    for wrong, status in (({"old": "no"}, 403), ({"again": "x"}, 422)):
        form = {"old": GOOD, "password": "another 1 way", "again": "another 1 way", **wrong}
        assert send(client, "/account/password", **form).status_code == status
    changed = send(client, "/account/password", old=GOOD, password="another 1 way", again="another 1 way")
    assert changed.headers["location"] == "/account?done=password"
    assert program.get("/api/me").status_code == 401
    assert client.get("/api/me").status_code == 200
    assert actions(database)[1:] == ["session.opened", "token.made", "password.changed"]


def test_sessions_are_ended_by_their_owner_only(served, wang, database):
    other = account(database, "li")
    mine, theirs = key_for(database, wang), key_for(database, other)
    client = caller(served, mine)
    (li,) = SessionStore(database).of_account(other.id, now=datetime.now(UTC))
    assert client.post(f"/account/sessions/{li.id}/end").status_code == 404
    assert caller(served, theirs).get("/api/me").status_code == 200
    extra = key_for(database, wang, kind="token")
    (token,) = [one for one in SessionStore(database).of_account(wang.id, now=datetime.now(UTC)) if one.kind == "token"]
    assert client.post(f"/account/sessions/{token.id}/end").status_code == 303
    assert caller(served, extra, by="token").get("/api/me").status_code == 401
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    assert caller(served, mine).get("/api/me").status_code == 401


def test_a_one_time_link_works_once(served, wang, database):
    made = account(database, "li")
    key = SessionStore(database).open(
        made.id, "invite", label="", lasting=timedelta(days=7), now=datetime.now(UTC), act=None
    )[0]
    client = browser(served)
    assert "li" in client.get(f"/welcome/{key}").text
    refused = send(client, f"/welcome/{key}", password="short", again="other")
    assert refused.status_code == 422
    assert {"password-problem", "again-problem"} <= set(re.findall(r'id="([\w-]+)"', refused.text))
    assert send(client, f"/welcome/{key}", password=GOOD, again=GOOD).status_code == 303
    assert client.get("/api/me").json()["name"] == "li"
    for answer in (browser(served).get(f"/welcome/{key}"), send(browser(served), f"/welcome/{key}", password=GOOD)):
        assert answer.status_code == 404
    assert actions(database)[-1] == "password.chosen"


def test_whoever_must_change_the_password_does_nothing_else_first(served, database):
    made = account(database, "li", ("planner", "county", "*"), password_hash=hash_password(GOOD))
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE account SET must_change = 1")
    client = browser(served)
    assert send(client, "/sign-in", name=made.name, password=GOOD, next="/").headers["location"] == "/account"
    assert client.get("/api/county", headers={"Accept": "*/*"}).json()["error"] == "password-to-change"
    assert 'class="button primary" href="/account"' in client.get("/plan").text
    send(client, "/account/password", old=GOOD, password="another 1 way", again="another 1 way")
    assert client.get("/api/county").status_code == 200


def test_the_language_one_keeps_is_spoken_at_the_next_sign_in(served, wang):
    client = browser(served)
    send(client, "/sign-in", name="wang", password=GOOD)
    send(client, "/account/language", lang="en")
    elsewhere = browser(served)
    send(elsewhere, "/sign-in", name="wang", password=GOOD)
    assert "Change password" in elsewhere.get("/account").text


def test_records_that_are_lost_do_not_open_the_door_again(settings):
    with call(settings) as client:
        account(client.app.state.workplace.database.get(), "wang", ("planner", "county", "*"))
        assert client.get("/api/county").status_code == 401
    for file in settings.data.parent.glob("**/app.sqlite*"):
        file.unlink()
    lost = settings.model_copy(update={"database_url": settings.database_url.replace("app.sqlite", "new.sqlite")})
    with call(lost) as client:
        assert client.get("/api/county").status_code == 401
        code = new_code(client.app.state.workplace.database.get(), now=datetime.now(UTC))
        assert set_up(browser(client.app), code).status_code == 303
