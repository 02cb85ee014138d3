"""What is under way when a password, a right or a session ends comes to nothing, and no key is given twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import pytest
from people_site import people_site
from signed_in import account, caller, key_for
from sqlalchemy import select

from api.access import passwords
from api.access.passwords import hash_password
from layers.records.accounts import AccountStore
from layers.records.audit import COMMAND_LINE, Act
from layers.records.people import People
from layers.records.sessions import SessionStore
from layers.records.tables import audit, session

GOOD = "纸船 7 sails"
OTHER = "another 8 boats"
ENDINGS = {
    "disabled": lambda people, who, now: people.disable(who.id, act=_act(), now=now),
    "reset": lambda people, who, now: people.reset(who.id, act=_act(), now=now),
}


def browser(app):
    return caller(app, "", by="nothing")


def send(client, path, **fields):
    return client.post(path, content=urlencode(fields), headers={"Accept": "text/html"})


def _act():
    return Act(COMMAND_LINE, "account.changed", "account")


@pytest.fixture
def site(toy_data, tmp_path, database_url):
    with people_site(toy_data, tmp_path / "site", database_url) as app:
        yield app


@pytest.fixture
def database(site):
    opened = site.state.workplace.database.get()
    account(opened, "root", ("administrator", "county", "*"), password_hash="h")
    return opened


@pytest.fixture
def wang(database):
    return account(database, "wang", ("planner", "county", "*"), password_hash=hash_password(GOOD))


def meanwhile(monkeypatch, place, act):
    """Let something happen once a password has been looked at, and before anything is done with that."""
    real = getattr(passwords, place.rpartition(".")[2])

    def slow(*given):
        found = real(*given)
        act()
        return found

    monkeypatch.setattr(place, slow)


def open_sessions(database, who):
    kinds = ("browser", "token")
    asked = select(session.c.id).where(
        session.c.account_id == who.id, session.c.kind.in_(kinds), session.c.revoked_at.is_(None)
    )
    with database.reading() as connection:
        return connection.scalars(asked).all()


def actions(database):
    with database.reading() as connection:
        return connection.scalars(select(audit.c.action).order_by(audit.c.pos)).all()


@pytest.mark.parametrize("ending", ENDINGS)
def test_whoever_signs_in_while_their_password_ends_is_not_let_in(site, database, wang, monkeypatch, ending):
    end = ENDINGS[ending]
    meanwhile(
        monkeypatch, "api.actions.accounts.sign_in.is_password", lambda: end(People(database), wang, datetime.now(UTC))
    )
    client = browser(site)
    answer = send(client, "/sign-in", name="wang", password=GOOD)
    assert answer.status_code == 401
    assert not client.cookies
    assert open_sessions(database, wang) == []
    assert "session.opened" not in actions(database)


def test_a_password_changed_while_it_is_reset_stays_reset(site, database, wang, monkeypatch):
    client = caller(site, key_for(database, wang))
    meanwhile(
        monkeypatch,
        "api.actions.accounts.own.is_password",
        lambda: People(database).reset(wang.id, act=_act(), now=datetime.now(UTC)),
    )
    answer = send(client, "/account/password", old=GOOD, password=OTHER, again=OTHER)
    assert answer.status_code in (401, 403)
    assert not AccountStore(database).get(wang.id).has_password
    assert "password.changed" not in actions(database)


def test_a_one_time_link_used_twice_at_once_gives_one_password_and_one_session(site, database, monkeypatch):
    made = account(database, "li", ("planner", "county", "*"))
    link = People(database).reset(made.id, act=_act(), now=datetime.now(UTC))
    both = threading.Barrier(2)
    meanwhile(monkeypatch, "api.actions.accounts.welcome.hash_password", lambda: both.wait(10))
    words = (GOOD, OTHER)
    with ThreadPoolExecutor(2) as pool:
        given = list(pool.map(lambda word: send(browser(site), f"/welcome/{link}", password=word, again=word), words))
    assert sorted(answer.status_code for answer in given) == [303, 404]
    assert len(open_sessions(database, made)) == 1
    assert actions(database).count("password.chosen") == 1


def test_whoever_chose_a_password_that_was_reset_at_once_is_not_let_in(site, database, monkeypatch):
    made = account(database, "li", ("planner", "county", "*"))
    link = People(database).reset(made.id, act=_act(), now=datetime.now(UTC))
    real = AccountStore.set_password

    def then_reset(self, account_id, *given, **options):
        real(self, account_id, *given, **options)
        People(database).reset(made.id, act=_act(), now=datetime.now(UTC))

    monkeypatch.setattr(AccountStore, "set_password", then_reset)
    assert send(browser(site), f"/welcome/{link}", password=GOOD, again=GOOD).status_code == 401
    assert open_sessions(database, made) == []


def test_a_session_that_is_ended_makes_no_token_any_more(site, database, wang, monkeypatch):
    client = caller(site, key_for(database, wang))
    real = SessionStore.open

    def ended_first(self, *given, **options):
        People(database).end_sessions(wang.id, act=_act(), now=datetime.now(UTC))
        return real(self, *given, **options)

    monkeypatch.setattr(SessionStore, "open", ended_first)
    assert send(client, "/account/tokens", label="night").status_code == 401
    assert open_sessions(database, wang) == []


def test_a_token_makes_no_tokens_that_outlive_it(site, database, wang):
    client = caller(site, key_for(database, wang, kind="token"), by="token")
    assert send(client, "/account/tokens", label="night", days="365").status_code == 403
    assert len(open_sessions(database, wang)) == 1


@pytest.mark.parametrize("odd", ["\0", "a\0b", "\u202e"])
def test_what_no_database_keeps_is_dropped_from_a_label_and_names_no_session(site, database, wang, odd):
    client = caller(site, key_for(database, wang))
    made = send(client, "/account/tokens", label=f"night{odd}")
    assert made.status_code == 200
    assert "night" in made.text
    assert odd not in made.text
    assert send(client, "/account/tokens", label=odd.strip("ab")).status_code == 422
    assert client.post(f"/account/sessions/{quote(odd)}/end").status_code == 404
