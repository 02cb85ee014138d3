"""Staff as records: taken over once, changed with a trace, names apart and erased in time; leave never overlaps."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from gis.faults import FaultsError
from layers.records.accounts import AccountStore, NewAccount
from layers.records.audit import COMMAND_LINE, Act
from layers.records.erasing import erase_due
from layers.records.leaves import LeaveChange, LeaveStore, NewLeave
from layers.records.own_persons import persons_of
from layers.records.staff import KEPT_AFTER_END, PersonChange, PostChange, StaffChange, StaffStore
from layers.records.staff_seed import Seed, SeedPerson, is_seeded, latest_seeded, seed_staff
from layers.records.tables import audit, secret
from planning.incidents.staff import Unit

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
ACT = Act(COMMAND_LINE, "staff.changed", "staff")
DAY = timedelta(days=1)


def worker(village, role="A", *, phone="13800001234", is_away=False):
    return SeedPerson(f"{role}-{village}", f"{village}网格员{role}", role, "village", village, "roster", phone, is_away)


FIRST = Seed("one", [worker("v1"), worker("v1", "B", is_away=True)], [Unit("u1", "department", "公安局")])


def seeded(database, seed=FIRST, *, at=NOW):
    return seed_staff(database, seed, act=dataclasses.replace(ACT, action="staff.seeded"), now=at)


def audit_rows(database):
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(audit))


def test_a_roster_is_taken_over_once_and_a_later_one_adds_only_where_nobody_is(database):
    assert seeded(database) == 2
    before = audit_rows(database), StaffStore(database).counter()
    assert seeded(database) == 0
    assert (audit_rows(database), StaffStore(database).counter()) == before
    store = StaffStore(database)
    store.save(StaffChange([PersonChange("A-v1", name="张三")]), act=ACT, now=NOW)
    later = Seed("two", [worker("v1"), dataclasses.replace(worker("v1", "B"), id="other"), worker("v2")])
    assert seeded(database, later, at=NOW + DAY) == 1
    rows = store.rows()
    assert {one.id for one in rows.people} == {"A-v1", "B-v1", "A-v2"}
    assert store.names(["A-v1", "A-v2"]) == {"A-v1": "张三", "A-v2": "v2网格员A"}
    assert [(one.person_id, one.until_at, one.reason) for one in rows.leaves] == [("B-v1", None, "roster")]
    assert [(one.id, one.kind, one.areas) for one in rows.units] == [("u1", "department", ())]
    assert is_seeded(database, "two")
    assert not is_seeded(database, "three")
    assert (latest_seeded(database).version, latest_seeded(database).added) == ("two", 1)


def test_a_change_is_all_or_nothing_counted_and_leaves_one_row(database):
    store = StaffStore(database)
    known = store.counter()
    change = StaffChange(
        [PersonChange("p1", is_new=True, name="李四", phone="13900000000")],
        [
            PostChange("p1", "A", "village", "v1", date(2026, 1, 1)),
            PostChange("p1", "team", "unit", "u1", date(2026, 2, 1)),
        ],
        expected_count=store.posts_counter(),
    )
    store.save(change, act=ACT, now=NOW)
    assert (audit_rows(database), store.counter()) == (1, known + 1)
    rows = store.rows()
    assert [(one.id, one.origin, one.version, one.ended_at) for one in rows.people] == [("p1", "office", 1, None)]
    assert {one.post for one in rows.posts} == {"A", "team"}
    with pytest.raises(FaultsError, match="staff-moved-on"):
        store.save(change, act=ACT, now=NOW)
    with pytest.raises(FaultsError, match="staff-moved-on"):
        store.save(StaffChange([PersonChange("p1", name="x", expected_version=9)]), act=ACT, now=NOW)
    assert (audit_rows(database), store.counter(), store.names(["p1"])) == (1, known + 1, {"p1": "李四"})


def test_a_number_is_seen_one_at_a_time_and_that_is_recorded(database):
    seeded(database)
    store = StaffStore(database)
    before = audit_rows(database)
    assert store.phone("A-v1", act=Act(COMMAND_LINE, "staff.phone-seen", "person")) == "13800001234"
    assert store.with_phone(["A-v1", "nobody"]) == {"A-v1"}
    with database.reading() as connection:
        assert audit_rows(database) == before + 1
        last = connection.execute(select(audit).order_by(audit.c.pos.desc()).limit(1)).one()
    assert (last.action, last.object_id) == ("staff.phone-seen", "A-v1")
    assert "138" not in str(last.detail)


def test_names_and_numbers_of_people_who_ended_are_erased_after_half_a_year_unless_they_come_back(database):
    seeded(database)
    store = StaffStore(database)
    posts = {one.person_id: one for one in store.rows().posts}

    def end(person, day):
        one = posts[person]
        row = PostChange(person, one.post, one.area_kind, one.area_code, one.from_on, day, one.id)
        store.save(StaffChange(posts=[row]), act=ACT, now=NOW)

    past = date(2026, 1, 31)
    end("A-v1", past)
    end("B-v1", past)
    end("B-v1", None)
    ended = {one.id: one.ended_at for one in store.rows().people}
    assert ended == {"A-v1": datetime(2026, 1, 31, 16, tzinfo=UTC), "B-v1": None}
    with database.reading() as connection:
        due = set(connection.scalars(select(secret.c.erase_after).where(secret.c.subject_id == "A-v1")))
    assert due == {ended["A-v1"] + KEPT_AFTER_END}
    assert erase_due(database, act=ACT).count == 2
    assert store.names(["A-v1", "B-v1"]) == {"B-v1": "v1网格员B"}
    assert store.phone("A-v1", act=ACT) == ""
    with database.reading() as connection:
        left = connection.scalar(text("SELECT count(*) FROM secret WHERE value LIKE '%v1网格员A%'"))
    assert left == 0


def test_an_account_stands_for_its_person_until_the_last_post_has_ended(database):
    made = AccountStore(database).add(NewAccount("li", "li"), act=ACT, now=NOW)
    days = {"future": datetime.now(UTC).date() + DAY, "past": date(2026, 1, 31), "none": None}
    for name, until in days.items():
        change = StaffChange(
            [PersonChange(name, is_new=True, name=name, account_id=made.id)],
            [PostChange(name, "assistant", "township", "t1", date(2026, 1, 1), until)],
        )
        StaffStore(database).save(change, act=ACT, now=NOW)
    assert persons_of(database, made.id) == {"future", "none"}
    assert persons_of(database, None) == set()


def test_leave_is_asked_decided_and_withdrawn_and_never_overlaps(database):
    seeded(database)
    store = LeaveStore(database)
    asked = store.ask(NewLeave("A-v1", NOW, NOW + 2 * DAY, "annual"), act=ACT, now=NOW)
    assert (asked.state, asked.version) == ("asked", 1)
    for first, last in ((NOW - DAY, NOW + DAY), (NOW + DAY, None), (NOW - DAY, None)):
        with pytest.raises(FaultsError) as refused:
            store.ask(NewLeave("A-v1", first, last), act=ACT, now=NOW)
        (fault,) = refused.value.faults
        assert (fault.code, fault.params["from"]) == ("leave-overlaps", "2026-12-01 09:00")
    store.ask(NewLeave("A-v1", NOW + 2 * DAY, NOW + 3 * DAY), act=ACT, now=NOW)
    with pytest.raises(FaultsError, match="leave-moved-on"):
        store.decide(asked.id, "approved", expected_version=2, act=ACT, now=NOW)
    assert store.decide(asked.id, "approved", expected_version=1, act=ACT, now=NOW).state == "approved"
    with pytest.raises(FaultsError, match="leave-decided-already"):
        store.decide(asked.id, "denied", expected_version=2, act=ACT, now=NOW)
    assert store.decide(asked.id, "withdrawn", expected_version=2, act=ACT, now=NOW).state == "withdrawn"
    store.ask(NewLeave("A-v1", NOW, NOW + DAY), act=ACT, now=NOW)
    with pytest.raises(FaultsError, match="unknown-leave"):
        store.get("none")
    listed = store.listed(since=NOW, people={"A-v1"}, states=("asked",))
    assert [one.from_at for one in listed] == [NOW, NOW + 2 * DAY]


def test_many_leaves_are_saved_together_or_not_at_all(database):
    seeded(database)
    store = LeaveStore(database)
    several = [NewLeave("A-v1", NOW, NOW + DAY), NewLeave("A-v1", NOW + DAY / 2, NOW + 2 * DAY)]
    with pytest.raises(FaultsError, match="leave-overlaps"):
        store.save(LeaveChange([(one, "approved") for one in several]), act=ACT, now=NOW)
    assert store.listed(since=NOW, people={"A-v1"}) == []
    known = store.counter()
    store.save(LeaveChange([(several[0], "approved")], expected_count=known), act=ACT, now=NOW)
    with pytest.raises(FaultsError, match="staff-moved-on"):
        store.save(LeaveChange([(several[1], "asked")], expected_count=known), act=ACT, now=NOW)
    assert [one.state for one in store.listed(since=NOW, people={"A-v1"})] == ["approved"]


def test_open_cases_of_somebody_are_told_the_one_due_first_before_the_others(database):
    row = text(
        "INSERT INTO incident (id, idempotency_key, county_version, lon, lat, created_at, state, category, seq, "
        "assignee) VALUES (:id, :id, 'v', 1, 2, '2026-03-02 01:00:00', :state, 'traffic', 2, :who)"
    )
    with database.writing() as connection:
        connection.execute(row, [{"id": i, "state": s, "who": w} for i, s, w in
            (("c1", "assigned", "p"), ("c2", "closed", "p"), ("c3", "accepted", "q"),
             ("c0", "assigned", "p"))])  # fmt: skip
        connection.execute(text("UPDATE incident SET created_at = '2026-03-02 02:00:00' WHERE id = 'c0'"))
    told = [(one.id, one.state) for one in LeaveStore(database).open_cases("p")]
    assert told == [("c1", "assigned"), ("c0", "assigned")]  # due at one moment: the longest reported first
