"""A stream ends soon after the right to it: signed out, disabled, another role, another owner of the run."""

import threading
from datetime import UTC, datetime

import pytest
from callers import call
from signed_in import account, key_for
from slow_plans import SLOW, SlowPlans, new_question, until

from api.auth import COOKIE
from api.settings import Settings
from layers.records.accounts import AccountStore, NewAccount
from layers.records.audit import COMMAND_LINE, Act
from layers.records.people import People

ACT = Act(COMMAND_LINE, "account.changed", "account")


def now():
    return datetime.now(UTC)


ENDINGS = {
    "signed out": lambda people, who, _other: people.end_sessions(who.id, act=ACT, now=now()),
    "disabled": lambda people, who, _other: people.disable(who.id, act=ACT, now=now()),
    "without the role": lambda people, who, _other: people.set_grants(who.id, (), act=ACT, now=now()),
}


@pytest.fixture
def slow(monkeypatch):
    monkeypatch.setattr("api.routes.runs._ASKED_AGAIN_S", 0.2)
    made = SlowPlans(monkeypatch)
    yield made
    made.gate.set()


@pytest.fixture
def client(toy_data, database_url):
    with call(Settings(data=toy_data, database_url=database_url)) as made:
        yield made


@pytest.fixture
def people(client):
    """An administrator, a planner who calls, and a colleague."""
    database = client.app.state.workplace.database.get()
    account(database, "root", ("administrator", "county", "*"), password_hash="h")
    wang, li = (account(database, name, ("planner", "county", "*")) for name in ("wang", "li"))
    client.cookies.set(COOKIE, key_for(database, wang))
    return People(database), wang, li


def listen(client, run, told):
    path = f"/api/runs/{run['id']}/events"
    thread = threading.Thread(target=lambda: told.append(client.get(path)), daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_may_no_longer_see_a_run_hears_no_more_of_it(client, people, slow, ending):
    run = client.post("/api/plans", json=new_question(SLOW)).json()["run"]
    until(lambda: slow.begun == [SLOW])
    told = []
    listener = listen(client, run, told)
    until(lambda: client.app.state.watch._watchers)
    ENDINGS[ending](*people)
    until(lambda: not client.app.state.watch._watchers)
    listener.join(5)
    assert not listener.is_alive()
    assert "event: end" not in told[0].text


def test_a_run_that_went_to_somebody_else_is_not_watched_on(client, people, slow, monkeypatch):
    monkeypatch.setattr("api.routes.runs._ASKED_AGAIN_S", 600)
    store, wang, li = people
    run = client.post("/api/plans", json=new_question(SLOW)).json()["run"]
    until(lambda: slow.begun == [SLOW])
    told = []
    listener = listen(client, run, told)
    until(lambda: client.app.state.watch._watchers)
    store.disable(wang.id, act=ACT, now=now(), heir=li.id)
    slow.step(bound=777)
    until(lambda: not client.app.state.watch._watchers)
    listener.join(5)
    assert "777" not in told[0].text


@pytest.mark.usefixtures("people")
def test_who_may_see_a_run_is_asked_again_and_hears_on(client, slow):
    run = client.post("/api/plans", json=new_question(SLOW)).json()["run"]
    until(lambda: slow.begun == [SLOW])
    told, asked = [], []
    real = client.app.state.door.holder_of
    client.app.state.door.holder_of = lambda key: asked.append(key) or real(key)
    listener = listen(client, run, told)
    until(lambda: len(asked) > 4)
    slow.gate.set()
    listener.join(10)
    assert "event: end" in told[0].text


def test_the_stream_of_solo_mode_ends_with_it(client, slow):
    run = client.post("/api/plans", json=new_question(SLOW)).json()["run"]
    until(lambda: slow.begun == [SLOW])
    told = []
    listener = listen(client, run, told)
    until(lambda: client.app.state.watch._watchers)
    AccountStore(client.app.state.workplace.database.get()).add_first(NewAccount("root"), act=ACT, now=now())
    listener.join(5)
    assert not listener.is_alive()
