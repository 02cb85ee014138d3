"""Messages: one row each, nobody's twice at once, tried for days, and sent again under the same key after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from layers.records.database import Database, open_database
from layers.records.message_tables import outbox as outbox_table
from layers.records.outbox import (
    GIVEN_UP_AFTER,
    KEPT,
    LEASE,
    LONGEST_REST,
    Message,
    Outbox,
    counts,
    forget_done,
    put,
    rest_after,
    try_stuck_again,
)
from layers.records.servers import machine, server_name
from layers.records.ticker import Ticker, last_made

NOON = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
AWAY = "000000000000-1-1-00000000"
"""A server of another machine."""
GONE = f"{machine()}-999999999-1-00000000"


def message(n: int = 0, channel: str = "webhook", *, is_urgent: bool = False) -> Message:
    return Message(f"case-{n}/assigned/{channel}", channel, "person:p1", "assigned", {"case": f"c{n}"}, is_urgent)


def kept(database: Database, *messages: Message, at: datetime = NOON) -> int:
    with database.writing() as connection:
        return put(connection, messages, now=at)


def state_of(database: Database) -> dict:
    with database.reading() as connection:
        return counts(connection)


def test_the_same_message_is_one_row_however_often_it_is_put(database):
    assert kept(database, message(1), message(2), message(1)) == 2
    assert kept(database, message(2), message(3), at=NOON + timedelta(hours=1)) == 1
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(outbox_table)) == 3


def test_a_message_goes_with_its_event_or_not_at_all(database):
    def fail_after_putting() -> None:
        with database.writing() as connection:
            put(connection, [message()], now=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_putting()
    assert state_of(database) == {}


def test_two_servers_never_hold_the_same_message(database):
    kept(database, *(message(n) for n in range(40)))

    def take_all(name: str) -> list[str]:
        box, mine = Outbox(database, owner=name), []
        while (taken := box.take("webhook", now=NOON)) is not None:
            mine.append(taken.id)
        return mine

    with ThreadPoolExecutor(4) as pool:
        held = list(pool.map(take_all, [f"{AWAY}{n}" for n in range(4)]))
    ids = [one for mine in held for one in mine]
    assert len(ids) == len(set(ids)) == 40


def test_a_lease_that_ended_or_whose_server_is_gone_frees_the_message_under_its_key(database):
    kept(database, message())
    away, me = Outbox(database, owner=AWAY), Outbox(database, owner=server_name())
    first = away.take("webhook", now=NOON)
    assert me.take("webhook", now=NOON + LEASE - timedelta(seconds=1)) is None
    again = me.take("webhook", now=NOON + LEASE + timedelta(seconds=1))
    assert (again.id, again.tries) == (first.id, 2)
    assert away.failed(first, "too late", now=NOON)
    assert state_of(database)["webhook"].error is None, "whoever lost the lease has no word"
    kept(database, message(2))
    Outbox(database, owner=GONE).take("webhook", now=NOON)
    assert me.take("webhook", now=NOON).message == message(2), "nobody waits for a server that is gone"


def test_a_gateway_down_for_an_hour_delays_and_loses_nothing(database):
    kept(database, message())
    box, now, tries, keys = Outbox(database, owner=server_name()), NOON, 0, set()
    while now < NOON + timedelta(hours=1):
        taken = box.take("webhook", now=now)
        if taken is not None:
            keys.add(taken.id)
            tries += 1
            assert box.failed(taken, "no-answer", now=now)
            assert box.take("webhook", now=now) is None, "it rests"
        now += timedelta(seconds=5)
    assert 8 <= tries <= 12
    told = state_of(database)["webhook"]
    assert (told.waiting, told.oldest_at, told.error) == (1, NOON, "no-answer")
    taken = box.take("webhook", now=now + LONGEST_REST)
    assert keys == {taken.id}
    box.sent(taken, now=now)
    told = state_of(database)["webhook"]
    assert (told.waiting, told.sent, told.error) == (0, 1, None)
    assert box.take("webhook", now=now + timedelta(days=30)) is None


def test_rests_double_and_end(database):
    rests = [rest_after(tries).total_seconds() for tries in (1, 2, 3, 4, 7, 8, 10_000)]
    assert rests == [15, 30, 60, 120, 900, 900, 900]


def test_after_days_a_message_is_stuck_and_visible_and_can_be_tried_again(database):
    kept(database, message())
    box, late = Outbox(database, owner=server_name()), NOON + GIVEN_UP_AFTER
    almost = late - timedelta(seconds=1)
    assert box.failed(box.take("webhook", now=almost), "refused", now=almost) is True
    assert box.failed(box.take("webhook", now=late + LONGEST_REST), "refused", now=late) is False
    told = state_of(database)["webhook"]
    assert (told.waiting, told.stuck, told.error) == (0, 1, "refused")
    assert box.take("webhook", now=late + timedelta(days=9)) is None
    with database.writing() as connection:
        assert try_stuck_again(connection, ["webhook"], now=late) == 1
    assert box.take("webhook", now=late).tries == 1


def test_in_quiet_hours_only_what_is_urgent_is_taken_and_channels_do_not_wait_for_each_other(database):
    kept(database, message(1, "sms"), message(2, "sms", is_urgent=True), message(3, "mail"))
    box = Outbox(database, owner=server_name())
    assert box.take("sms", only_urgent=True, now=NOON).message.data == {"case": "c2"}
    assert box.take("sms", only_urgent=True, now=NOON) is None
    assert box.take("mail", now=NOON).message.data == {"case": "c3"}
    assert box.take("sms", now=NOON).message.data == {"case": "c1"}


_SENDER = """
import sys, time
from layers.records.database import open_database
from layers.records.outbox import Outbox
from layers.records.servers import server_name
box = Outbox(open_database(sys.argv[1]), owner=server_name())
taken = box.take("webhook")
with open(sys.argv[2], "a") as out:
    out.write(taken.id + "\\n")
if sys.argv[3] == "hang":
    print("sent", flush=True)
    time.sleep(60)
box.sent(taken)
"""


def test_killed_between_sending_and_noting_it_is_sent_again_under_the_same_key(database_url, tmp_path):
    database = open_database(database_url)
    kept(database, message())
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", _SENDER, database_url, str(tmp_path / "wire")]
    with subprocess.Popen([*command, "hang"], env=environment, stdout=subprocess.PIPE) as killed:
        assert killed.stdout.readline() == b"sent\n"
        assert Outbox(database, owner=server_name()).take("webhook") is None, "it lives and holds its lease"
        os.kill(killed.pid, signal.SIGKILL)
    subprocess.run([*command, "go"], env=environment, check=True, timeout=60)
    first, second = (tmp_path / "wire").read_text().split()
    assert first == second
    assert state_of(database)["webhook"].sent == 1
    database.close()


def test_a_pass_is_one_servers_turn_until_it_ends_or_the_server_is_gone(database):
    me, far, dead = (Ticker(database, owner=name, lease=timedelta(seconds=0.2)) for name in (server_name(), AWAY, GONE))
    assert dead.begin("escalate")
    assert me.begin("escalate"), "its server is gone"
    assert me.begin("escalate"), "my own turn"
    assert not far.begin("escalate")
    assert last_made(database, "escalate") is None
    me.done("escalate")
    assert last_made(database, "escalate") is not None
    assert far.begin("escalate")
    assert not me.begin("escalate")
    time.sleep(0.25)
    assert me.begin("escalate"), "the lease has ended"


def test_what_is_done_is_forgotten_after_a_season_and_what_is_not_done_stays(database):
    kept(database, message(1), message(2), message(3), message(4))
    box, later = Outbox(database, owner=server_name()), NOON + KEPT
    box.sent(box.take("webhook", now=NOON), now=NOON)
    box.dropped(box.take("webhook", now=NOON), "nobody-to-tell")
    box.sent(box.take("webhook", now=NOON), now=NOON + timedelta(days=1))
    for at, left in ((later, 4), (later + timedelta(seconds=1), 2), (later + timedelta(days=2), 1)):
        with database.writing() as connection:
            forget_done(connection, now=at)
            assert connection.scalar(select(func.count()).select_from(outbox_table)) == left
    assert state_of(database)["webhook"].waiting == 1
