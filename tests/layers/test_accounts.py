"""Accounts, their roles and their keys, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from signed_in import ADDED, NOW, account
from sqlalchemy import insert, select, text

from gis.faults import FaultsError
from layers.records.account_names import tidy_name
from layers.records.accounts import AccountStore, NewAccount
from layers.records.audit import COMMAND_LINE, Act, Actor, broken_links
from layers.records.database import Database
from layers.records.people import People
from layers.records.sessions import IDLE, SessionStore, hash_of
from layers.records.tables import audit, run
from layers.records.tables import session as session_table

CHANGED = Act(COMMAND_LINE, "account.changed", "account")


@pytest.fixture
def accounts(database: Database) -> AccountStore:
    return AccountStore(database)


@pytest.fixture
def sessions(database: Database) -> SessionStore:
    return SessionStore(database)


def _open(sessions: SessionStore, account_id: str | None, *, kind="browser", now=NOW, lasting=timedelta(days=7)):
    return sessions.open(account_id, kind, label="试", lasting=lasting, now=now, act=None)


def test_an_account_is_found_by_its_name_however_it_is_typed(database: Database, accounts: AccountStore) -> None:
    made = account(database, "Zhang", ("planner", "county", "371424"))
    for typed in ("zhang", " ZHANG ", "Ｚｈａｎｇ"):
        found = accounts.by_name(typed)
        assert found is not None
        assert found[0].id == made.id
    assert accounts.by_name("zhang3") is None
    assert accounts.by_name("") is None
    assert [grant.role for grant in found[0].grants] == ["planner"]


@pytest.mark.parametrize("name", ["", " ", "a b", "a\tb", "a\u200b\u0000", "x" * 61])
def test_names_that_nobody_can_type_are_refused(name: str) -> None:
    with pytest.raises(FaultsError):
        tidy_name(name)


def test_a_name_is_given_once_even_to_twenty_at_once(database: Database, accounts: AccountStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _number: _outcome(lambda: account(database, "li")), range(20)))
    assert sorted(outcomes) == ["account-name-taken"] * 19 + ["made"]
    assert len(accounts.everyone()) == 1
    with database.reading() as connection:
        assert broken_links(connection) == []
        assert len(connection.execute(select(audit)).all()) == 1


def test_the_first_account_is_made_once_and_receives_what_was_made_before(
    database: Database, accounts: AccountStore
) -> None:
    with database.writing() as connection:
        connection.execute(insert(run).values(_run("mine", None)))

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(
            pool.map(lambda n: _outcome(lambda: accounts.add_first(NewAccount(f"a{n}"), act=ADDED, now=NOW)), range(10))
        )
    assert sorted(outcomes) == ["accounts-exist"] * 9 + ["made"]
    made = [one.id for one in accounts.everyone()]
    with database.reading() as connection:
        assert connection.scalars(select(run.c.asked_by)).all() == made


def test_a_key_signs_in_until_it_is_old_idle_or_taken_back(database: Database, sessions: SessionStore) -> None:
    made = account(database, "wang", ("official", "county", "371424"))
    key, opened = _open(sessions, made.id)
    holder = sessions.holder_of(key, now=NOW)
    assert holder is not None
    assert (holder.name, holder.session, holder.grants) == ("wang", opened, made.grants)
    assert sessions.holder_of(key, now=NOW + IDLE + timedelta(seconds=1)) is None
    sessions.seen(opened, now=NOW + timedelta(hours=11))
    assert sessions.holder_of(key, now=NOW + timedelta(hours=20)) is not None
    assert sessions.holder_of(key, now=NOW + timedelta(days=7)) is None
    assert sessions.holder_of(key + "x", now=NOW) is None
    assert sessions.revoke(opened.id, account_id="somebody else", act=CHANGED, now=NOW) is False
    assert sessions.revoke(opened.id, account_id=made.id, act=CHANGED, now=NOW) is True
    assert sessions.holder_of(key, now=NOW) is None


def test_a_token_is_not_ended_by_a_quiet_night(database: Database, sessions: SessionStore) -> None:
    made = account(database, "wang")
    key, _session = _open(sessions, made.id, kind="token", lasting=timedelta(days=90))
    assert sessions.holder_of(key, now=NOW + timedelta(days=89)) is not None
    assert sessions.holder_of(key, now=NOW + timedelta(days=90)) is None


def test_one_time_keys_sign_nobody_in(database: Database, sessions: SessionStore) -> None:
    made = account(database, "wang")
    key, _session = _open(sessions, made.id, kind="invite")
    code, _session = _open(sessions, None, kind="setup")
    assert sessions.holder_of(key, now=NOW) is None
    assert sessions.holder_of(code, now=NOW) is None
    assert sessions.one_time(key, "invite", now=NOW) is not None
    assert sessions.one_time(key, "setup", now=NOW) is None
    assert sessions.one_time(key, "invite", now=NOW + timedelta(days=8)) is None


def test_changing_password_roles_or_disabling_ends_the_other_sessions(
    database: Database, accounts: AccountStore, sessions: SessionStore
) -> None:
    people = People(database)
    made = account(database, "wang", ("planner", "county", "371424"))
    heir = account(database, "li")
    with database.writing() as connection:
        connection.execute(insert(run).values(_run("theirs", made.id)))
    for change, links_stay in (
        (lambda keep: accounts.set_password(made.id, "new", act=CHANGED, now=NOW, keep_session=keep), False),
        (lambda _keep: people.set_grants(made.id, (), act=CHANGED, now=NOW), True),
        (lambda _keep: people.disable(made.id, act=CHANGED, now=NOW, heir=heir.id), False),
    ):
        _mine, here = _open(sessions, made.id)
        token, _session = _open(sessions, made.id, kind="token")
        link, _session = _open(sessions, made.id, kind="invite")
        change(here.id)
        assert sessions.holder_of(token, now=NOW) is None
        assert (sessions.one_time(link, "invite", now=NOW) is not None) == links_stay
    assert accounts.get(made.id).disabled_at == NOW
    with database.reading() as connection:
        assert connection.scalars(select(run.c.asked_by)).all() == [heir.id]
    key, _session = _open(sessions, made.id)
    assert sessions.holder_of(key, now=NOW) is None
    people.enable(made.id, act=CHANGED, now=NOW)
    assert sessions.holder_of(key, now=NOW) is not None


def test_the_session_at_hand_stays_when_its_owner_changes_the_password(
    database: Database, accounts: AccountStore, sessions: SessionStore
) -> None:
    made = account(database, "wang")
    (mine, here), (other, _there) = _open(sessions, made.id), _open(sessions, made.id)
    accounts.set_password(made.id, "new", act=CHANGED, now=NOW, keep_session=here.id)
    assert sessions.holder_of(mine, now=NOW) is not None
    assert sessions.holder_of(other, now=NOW) is None


def test_grants_that_were_taken_back_hold_no_more(database: Database, accounts: AccountStore) -> None:
    made = account(database, "wang", ("planner", "county", "371424"))
    later = NOW + timedelta(days=1)
    People(database).set_grants(made.id, (), act=CHANGED, now=later)
    (grant,) = accounts.get(made.id).grants
    assert grant.holds(NOW)
    assert not grant.holds(later)


def test_nothing_stored_signs_in(database: Database, sessions: SessionStore) -> None:
    made = account(database, "wang", password_hash="$argon2id$secret")
    keys = [_open(sessions, made.id, kind=kind)[0] for kind in ("browser", "token", "invite")]
    with database.reading() as connection:
        stored = {str(value) for row in connection.execute(select(session_table)) for value in row}
        assert not stored & set(keys)
        for value in stored:
            assert sessions.holder_of(value, now=NOW) is None
    assert {hash_of(key) for key in keys} <= stored


def test_changes_of_an_account_that_is_not_there_are_refused(database: Database) -> None:
    with pytest.raises(FaultsError):
        People(database).disable("nobody", act=CHANGED, now=NOW)
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit")).scalar() == 0


def test_the_chain_names_who_acted(database: Database, accounts: AccountStore) -> None:
    made = account(database, "wang")
    accounts.set_prefs(made.id, {"lang": "en"}, act=Act(Actor(made.id, "s", "10.0.0.1"), "x.y", "account", made.id))
    with database.reading() as connection:
        row = connection.execute(select(audit).order_by(audit.c.pos.desc())).first()
    assert (row.account_id, row.session_id, row.from_addr, row.action) == (made.id, "s", "10.0.0.1", "x.y")


def _outcome(make: Callable[[], object]) -> str:
    try:
        make()
    except FaultsError as error:
        return ", ".join(fault.code for fault in error.faults)
    return "made"


def _run(name: str, asked_by: str | None) -> dict[str, object]:
    return {
        "id": name, "kind": "plan", "question_id": "q", "question": {}, "county_version": "v", "code_version": "1",
        "lane": "short", "state": "queued", "asked_by": asked_by, "asked_at": datetime(2026, 1, 1, tzinfo=UTC),
        "attempts": 0, "seq": 1, "progress": {}, "summary": {},
    }  # fmt: skip
