"""What administrators do with accounts, on both databases: all of it or nothing, and somebody always stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from signed_in import NOW, account
from sqlalchemy import func, insert, select

from gis.faults import FaultsError
from layers.records.accounts import AccountStore, NewAccount
from layers.records.audit import COMMAND_LINE, Act, Actor
from layers.records.database import Database
from layers.records.grants import Grant
from layers.records.people import People
from layers.records.sessions import SessionStore
from layers.records.tables import audit, run

CHANGED = Act(COMMAND_LINE, "account.changed", "account")
BY_SOMEBODY = Act(Actor("somebody", "s", "10.0.0.1"), "account.changed", "account")
ROOT = ("administrator", "county", "*")
PLANNER = Grant("planner", "county", "371424", NOW)


@pytest.fixture
def people(database: Database) -> People:
    return People(database, counties=("*", "371424"))


def administrator(database, name, *, area="*", password_hash="h"):
    return account(database, name, ("administrator", "county", area), password_hash=password_hash)


def audit_rows(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(audit))


def codes(change) -> list[str]:
    with pytest.raises(FaultsError) as refused:
        change()
    return [fault.code for fault in refused.value.faults]


def test_an_invitation_is_an_account_without_a_password_and_a_link_for_a_week(database, people):
    made, key = people.invite(NewAccount("li", "李", (PLANNER,)), act=CHANGED, now=NOW)
    sessions = SessionStore(database)
    assert not made.has_password
    assert sessions.one_time(key, "invite", now=NOW + timedelta(days=6)).account_id == made.id
    assert sessions.one_time(key, "invite", now=NOW + timedelta(days=7)) is None
    assert sessions.holder_of(key, now=NOW) is None
    assert audit_rows(database) == 1


def test_an_invitation_that_is_refused_leaves_nothing(database, people):
    account(database, "li")
    rows = audit_rows(database)
    assert codes(lambda: people.invite(NewAccount("LI", "", (PLANNER,)), act=CHANGED, now=NOW)) == [
        "account-name-taken"
    ]
    assert codes(lambda: people.invite(NewAccount("w", ""), act=CHANGED, now=NOW, first=True)) == ["accounts-exist"]
    assert len(AccountStore(database).everyone()) == 1
    assert audit_rows(database) == rows


def test_roles_that_stay_are_left_alone_and_those_that_go_end(database, people):
    made = account(database, "li", ("planner", "county", "371424"), ("checker", "county", "371424"))
    later = NOW + timedelta(days=3)
    new = Grant("department", "unit", "水务局", later)
    people.set_grants(made.id, (PLANNER, new, new), act=CHANGED, now=later)
    grants = {one.role: one for one in AccountStore(database).get(made.id).grants}
    assert grants["planner"] == PLANNER
    assert grants["department"] == new
    assert grants["checker"].until_at == later
    assert len(AccountStore(database).get(made.id).grants) == 3


def test_sessions_end_only_if_the_roles_change_and_never_the_one_that_acts(database, people):
    made = account(database, "li", ("planner", "county", "371424"))
    sessions = SessionStore(database)

    def opened():
        return sessions.open(made.id, "browser", label="", lasting=timedelta(days=1), now=NOW, act=None)

    (key, here), (other, _there) = opened(), opened()
    people.set_grants(made.id, (PLANNER,), act=CHANGED, now=NOW)
    assert sessions.holder_of(key, now=NOW) is not None
    by_me = Act(Actor(made.id, here.id, ""), "account.changed", "account")
    people.set_grants(made.id, (), act=by_me, now=NOW)
    assert sessions.holder_of(key, now=NOW) is not None
    assert sessions.holder_of(other, now=NOW) is None


def test_whoever_changes_what_somebody_else_has_changed_is_told(database, people):
    made = account(database, "li")
    people.set_grants(made.id, (PLANNER,), act=CHANGED, now=NOW, version=made.version)
    rows = audit_rows(database)
    again = lambda: people.set_grants(made.id, (), act=CHANGED, now=NOW, version=made.version)  # noqa: E731
    assert codes(again) == ["account-moved-on"]
    assert AccountStore(database).get(made.id).grants == (PLANNER,)
    assert audit_rows(database) == rows


def test_a_reset_voids_the_password_ends_all_sessions_and_makes_a_link(database, people):
    made = account(database, "li", password_hash="h")
    sessions = SessionStore(database)
    key, _session = sessions.open(made.id, "token", label="", lasting=timedelta(days=1), now=NOW, act=None)
    first = people.reset(made.id, act=CHANGED, now=NOW)
    link = people.reset(made.id, act=CHANGED, now=NOW)
    assert not AccountStore(database).get(made.id).has_password
    assert sessions.holder_of(key, now=NOW) is None
    assert sessions.one_time(first, "invite", now=NOW) is None
    assert sessions.one_time(link, "invite", now=NOW) is not None


def test_what_is_somebodys_goes_to_an_heir_who_may_sign_in(database, people):
    gone, heir, disabled = account(database, "li"), account(database, "wang"), account(database, "zhao")
    people.disable(disabled.id, act=CHANGED, now=NOW)
    with database.writing() as connection:
        connection.execute(insert(run), [run_of("a", gone.id), run_of("b", gone.id), run_of("c", heir.id)])
    rows = audit_rows(database)
    for nobody in (gone.id, disabled.id, "nobody"):
        refused = lambda to=nobody: people.disable(gone.id, act=CHANGED, now=NOW, heir=to)  # noqa: E731
        assert codes(refused) == ["account-no-heir"]
    assert AccountStore(database).get(gone.id).disabled_at is None
    assert audit_rows(database) == rows
    assert people.disable(gone.id, act=CHANGED, now=NOW, heir=heir.id) == 2
    with database.reading() as connection:
        assert set(connection.scalars(select(run.c.asked_by))) == {heir.id}
        last = connection.execute(select(audit.c.detail).order_by(audit.c.pos.desc())).scalar()
    assert last == {"runs": 2}
    assert codes(lambda: people.disable(gone.id, act=CHANGED, now=NOW)) == ["account-is-disabled"]
    assert codes(lambda: people.reset(gone.id, act=CHANGED, now=NOW)) == ["account-is-disabled"]
    people.enable(gone.id, act=CHANGED, now=NOW)
    assert codes(lambda: people.enable(gone.id, act=CHANGED, now=NOW)) == ["account-is-enabled"]
    assert codes(lambda: people.enable("nobody", act=CHANGED, now=NOW)) == ["unknown-account"]


@pytest.mark.parametrize("act", [CHANGED, BY_SOMEBODY])
def test_the_last_administrator_stays(database, people, act):
    root = administrator(database, "root")
    administrator(database, "invited", password_hash=None)
    administrator(database, "elsewhere", area="999999")
    ending = (Grant("administrator", "county", "*", NOW, NOW + timedelta(days=9)),)
    rows = audit_rows(database)
    assert codes(lambda: people.set_grants(root.id, (PLANNER,), act=act, now=NOW)) == ["last-administrator"]
    assert codes(lambda: people.set_grants(root.id, ending, act=act, now=NOW)) == ["last-administrator"]
    assert codes(lambda: people.disable(root.id, act=act, now=NOW)) == ["last-administrator"]
    assert AccountStore(database).get(root.id).grants == root.grants
    assert audit_rows(database) == rows
    administrator(database, "other", area="371424")
    people.disable(root.id, act=act, now=NOW)


def test_the_last_administrator_is_reset_by_the_command_line_alone(database, people):
    root = administrator(database, "root")
    assert codes(lambda: people.reset(root.id, act=BY_SOMEBODY, now=NOW)) == ["last-administrator"]
    assert AccountStore(database).get(root.id).has_password
    people.reset(root.id, act=CHANGED, now=NOW)


@pytest.mark.parametrize("way", ["roles", "disable", "reset", "both"])
def test_of_two_administrators_who_remove_each_other_at_once_one_stays(database, people, way):
    ways = {
        "roles": lambda one: people.set_grants(one, (), act=BY_SOMEBODY, now=NOW),
        "disable": lambda one: people.disable(one, act=BY_SOMEBODY, now=NOW),
        "reset": lambda one: people.reset(one, act=BY_SOMEBODY, now=NOW),
    }
    pair = [administrator(database, name) for name in ("li", "wang")]
    both = [ways["roles"], ways["disable"]] if way == "both" else [ways[way]] * 2
    start = Barrier(2)

    def remove(change, one):
        start.wait()
        try:
            change(one.id)
        except FaultsError as error:
            return [fault.code for fault in error.faults]
        return []

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(remove, both, pair))
    assert outcomes == [[], ["last-administrator"]]


def test_who_was_last_at_work_when(database, people):
    one, never = account(database, "li"), account(database, "wang")
    sessions = SessionStore(database)
    for hours in (5, 1):
        at = NOW + timedelta(hours=hours)
        sessions.open(one.id, "browser", label="", lasting=timedelta(days=1), now=at, act=None)
    sessions.open(never.id, "invite", label="", lasting=timedelta(days=1), now=NOW, act=None)
    assert people.last_seen() == {one.id: NOW + timedelta(hours=5)}


def test_ended_sessions_are_counted(database, people):
    made = account(database, "li")
    for kind in ("browser", "token", "invite"):
        SessionStore(database).open(made.id, kind, label="", lasting=timedelta(days=1), now=NOW, act=None)
    assert people.end_sessions(made.id, act=CHANGED, now=NOW) == 2


def test_an_account_that_is_not_there_is_not_changed(database, people):
    changes = (
        lambda: people.set_grants("nobody", (), act=CHANGED, now=NOW),
        lambda: people.reset("nobody", act=CHANGED, now=NOW),
        lambda: people.rename("nobody", "x", act=CHANGED, now=NOW),
        lambda: people.end_sessions("nobody", act=CHANGED, now=NOW),
    )
    for change in changes:
        assert codes(change) == ["unknown-account"]
    assert audit_rows(database) == 0


def run_of(name: str, asked_by: str) -> dict[str, object]:
    return {
        "id": name, "kind": "plan", "question_id": "q", "question": {}, "county_version": "v", "code_version": "1",
        "lane": "short", "state": "done", "asked_by": asked_by, "asked_at": datetime(2026, 1, 1, tzinfo=NOW.tzinfo),
        "attempts": 0, "seq": 0, "progress": {}, "summary": {},
    }  # fmt: skip
