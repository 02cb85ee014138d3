"""Which tables count for a service: asked often, never waited for long, and what was read last counts meanwhile."""

import threading
import time
from datetime import UTC, datetime

import pytest

from api.actions import tables_at_hand
from api.actions.tables_at_hand import TablesAtHand
from layers.records.audit import COMMAND_LINE, Act
from layers.records.database_faults import DatabaseDownError
from layers.records.documents import DocumentStore, NewDocument
from planning.tables.in_force import DEFAULTS
from planning.tables.registry import TABLES

pytestmark = pytest.mark.alone  # half a second is what a page waits for the tables


class AtHand:
    """A database that may be slow or away."""

    def __init__(self, database):
        self.database, self.asked = database, 0
        self.is_down = False
        self.gate = threading.Event()
        self.gate.set()

    def get(self):
        self.asked += 1
        self.gate.wait(10)
        if self.is_down:
            raise DatabaseDownError("silent")
        return self.database


@pytest.fixture
def at_hand(database):
    return AtHand(database)


@pytest.fixture
def tables(at_hand):
    made = TablesAtHand(at_hand)
    yield made
    at_hand.gate.set()
    made.close()


def save(database, version=0, area=500):
    rows = [dict(row) | {"base_m2": area} for row in TABLES["rooms"].defaults]
    now = datetime.now(UTC)
    new = NewDocument("rooms", {"rows": rows}, f"{area:064d}", now, now)
    DocumentStore(database).save(new, expected_version=version, act=Act(COMMAND_LINE, "table.saved", "table"))


def test_nothing_edited_is_the_program_s_own_and_one_object(tables):
    assert tables.get() is DEFAULTS
    assert tables.get() is tables.get()


def test_a_change_counts_at_once_where_it_was_made_and_soon_elsewhere(database, tables, monkeypatch):
    assert tables.get() is DEFAULTS
    save(database)
    tables.forget()
    first = tables.get()
    assert (first.versions(TABLES), first.rooms[0].base_m2) == ({"rooms": 1}, 500)
    assert tables.get() is first
    save(database, 1, 600)
    assert tables.get() is first, "asked a moment ago"
    time.sleep(tables_at_hand._FRESH_S + 0.05)
    assert tables.get().rooms[0].base_m2 == 600


def test_a_database_is_not_asked_at_every_question(at_hand, tables):
    for _ in range(50):
        tables.get()
    assert at_hand.asked == 1


def test_while_it_is_down_what_was_read_last_counts(database, at_hand, tables):
    save(database)
    known = tables.get()
    at_hand.is_down = True
    tables.forget()
    assert tables.get() is known
    asked = at_hand.asked
    assert tables.get() is known
    assert at_hand.asked == asked, "it is left alone for a while"


def test_before_anything_was_read_the_defaults_stand_in_and_say_so(at_hand, tables, monkeypatch):
    at_hand.is_down = True
    stand_in = tables.get()
    assert (stand_in.are_read, stand_in.rooms) == (False, DEFAULTS.rooms)
    at_hand.is_down = False
    monkeypatch.setattr(tables, "_fresh_until", 0.0)
    assert tables.get() is DEFAULTS


def test_nobody_waits_long_for_a_slow_database_and_its_answer_counts_when_it_comes(at_hand, tables):
    at_hand.gate.clear()
    begun = time.monotonic()
    assert not tables.get().are_read
    assert not tables.get().are_read
    assert time.monotonic() - begun < 1.5
    at_hand.gate.set()
    deadline = time.monotonic() + 5
    while not tables.get().are_read and time.monotonic() < deadline:
        time.sleep(0.02)
    assert tables.get() is DEFAULTS


def test_a_save_during_a_look_is_looked_for_again(database, at_hand, tables):
    assert tables.get() is DEFAULTS
    at_hand.gate.clear()
    tables.forget()
    looking = threading.Thread(target=tables.get)
    looking.start()
    tables.forget()  # somebody saves while the records are being asked
    save(database)
    at_hand.gate.set()
    looking.join()
    assert tables.get().versions(TABLES) == {"rooms": 1}
