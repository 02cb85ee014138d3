"""The staff in memory: taken over once whoever asks, another process' change is seen, what the records have goes on."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from api.actions.staff.at_hand import StaffAtHand
from api.actions.workplace import Workplace
from api.settings import Settings
from layers.records.audit import COMMAND_LINE, Act
from layers.records.staff import PersonChange, PostChange, StaffChange, StaffStore

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
ACT = Act(COMMAND_LINE, "staff.added", "person")


@pytest.fixture
def at_work(toy_data, tmp_path, database_url):
    shutil.copytree(toy_data, tmp_path / "county")
    opened = Workplace(Settings(data=tmp_path / "county", database_url=database_url))
    yield opened
    opened.close()


def test_the_roster_is_taken_over_once_and_changes_of_another_process_are_seen(at_work):
    county, store = at_work.county_as_built, StaffStore(at_work.database.get())
    others = [StaffAtHand(at_work.database) for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda one: one.get(county), others * 4))
    assert {len(one.people) for one in found} == {14}
    assert len(store.rows().people) == 14
    assert others[0].name_of("00001A") == "网格员00001A"
    assert others[0].get(county) is others[0].get(county), "kept while nothing changes"
    change = StaffChange(
        [PersonChange("new", is_new=True, name="新人")],
        [PostChange("new", "assistant", "township", "T1", date(2026, 1, 1))],
    )
    store.save(change, act=ACT, now=NOW)
    until = time.monotonic() + 10
    while not all("new" in one.get(county).people for one in others):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert all(one.name_of("new") == "新人" for one in others)


def test_a_later_roster_that_cannot_be_read_leaves_those_whom_the_records_have(at_work, monkeypatch, caplog):
    county = at_work.county_as_built
    assert len(StaffAtHand(at_work.database).get(county).people) == 14
    monkeypatch.setitem(county.county.layers["roster"], "version", "0" * 16)
    county.county._frames.pop("roster", None)
    assert len(StaffAtHand(at_work.database).get(county).people) == 14
    assert "cannot be taken over" in caplog.text
