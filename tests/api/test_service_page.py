"""The state of the service: what has to be done comes first, in words."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from people_site import administrator, people_site
from sqlalchemy import insert

from api.actions import service
from api.actions.backup import make_backup
from api.actions.service import part_words, service_state
from layers.records.audit import COMMAND_LINE, Act, record
from layers.records.database_facts import database_facts
from layers.records.database_faults import DatabaseDownError
from layers.records.tables import run

ALL_WELL = {"county": {"state": "ok"}, "database": {"state": "ok"}}
NOW = datetime(2026, 11, 29, 20, tzinfo=UTC)


@pytest.fixture
def site(toy_data, tmp_path, database_url):
    with people_site(toy_data, tmp_path / "site", database_url) as app:
        yield app


@pytest.fixture
def at_work(site):
    return site.state.workplace


@pytest.fixture
def roomy(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=50 << 30, total=100 << 30))


def backed_up(at_work, at, file="/kept/countygrid.zip"):
    with at_work.database.get().writing() as connection:
        record(connection, Act(COMMAND_LINE, "backup.made", "backup", "x.zip", {"file": file}), at=at)


def codes(at_work, *, parts=ALL_WELL, now=NOW):
    return [one["code"] for one in service_state(at_work, parts, now=now, lang="zh")["warnings"]]


def test_all_is_well_after_a_backup_on_a_roomy_disk(at_work, roomy):
    assert codes(at_work) == ["backup-never"]
    backed_up(at_work, NOW - timedelta(days=6, hours=23))
    assert codes(at_work) == []
    assert codes(at_work, now=NOW + timedelta(hours=2)) == ["backup-old"]


def test_a_backup_says_where_it_was_put_and_when(site, at_work, tmp_path):
    admin = administrator(site)
    made = make_backup(at_work.settings, tmp_path / "kept" / "b.zip", made_at=datetime.now(UTC))
    told = admin.get("/api/service").json()
    assert told["backup"]["file"] == str(made.path)
    assert told["backup"]["age_days"] < 0.1
    assert "backup-never" not in [one["code"] for one in told["warnings"]]
    assert str(made.path) in admin.get("/service").text
    assert "备份" in admin.get("/audit").text


def test_a_short_disk_comes_before_an_old_backup(at_work, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=(1024 << 20) - 1, total=1 << 40))
    assert codes(at_work) == ["disk-low", "backup-never"]


@pytest.mark.parametrize(("days", "told"), [(30, []), (29.9, ["certificate-short"]), (-1, ["certificate-over"])])
def test_a_certificate_is_warned_of_in_time(at_work, roomy, monkeypatch, days, told):
    backed_up(at_work, NOW)
    monkeypatch.setattr(service, "certificate_end", lambda _settings: NOW + timedelta(days=days))
    assert codes(at_work) == told
    state = service_state(at_work, ALL_WELL, now=NOW, lang="en")
    assert state["certificate"]["days_left"] == int(days // 1)


@pytest.mark.parametrize(("off", "told"), [(1.9, []), (2.5, ["clock-off"]), (-3, ["clock-off"]), (None, [])])
def test_clocks_that_differ_are_told(at_work, roomy, monkeypatch, off, told):
    backed_up(at_work, NOW)
    facts = database_facts(at_work.database.get())
    monkeypatch.setattr(service, "_facts", lambda _at_work: SimpleNamespace(**{**vars(facts), "off_s": off}))
    assert codes(at_work) == told


def test_what_the_database_says_of_itself(at_work):
    with at_work.database.get().writing() as connection:
        connection.execute(insert(run), [run_in(state, n) for n, state in enumerate(("failed", "done", "done"))])
    facts = database_facts(at_work.database.get())  # of states that no worker changes meanwhile
    assert facts.runs == {"done": 2, "failed": 1}
    assert facts.size_bytes > 50_000
    assert facts.revision == "0009"
    assert re.match(r"\d+\.\d+", facts.version)
    if facts.kind == "sqlite":
        assert facts.off_s is None
    else:
        assert abs(facts.off_s) < 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_part_that_does_not_work_is_told_in_words_with_what_to_do(at_work, lang):
    for name, state in (
        ("county", "no-county"), ("county", "county-lost"), ("layers", "damaged"), ("database", "silent"),
        ("database", "read-only"), ("data", "missing"), ("data", "not-writable"), ("data", "nearly-full"),
        ("cache", "not-writable"), ("jobs", "stopped"), ("jobs", "failing"), ("clocks", "late"),
        ("messages", "delayed"), ("messages", "stuck"),
    ):  # fmt: skip
        words = part_words(name, {"state": state}, lang)
        assert len(words) > 10, (name, state)
    told = service_state(at_work, {"jobs": {"state": "stopped"}}, now=NOW, lang=lang)["warnings"][0]
    assert told["code"] == "part-jobs"
    assert re.search("重启|start the service", told["words"])


def test_a_database_that_is_away_leaves_the_rest_told(at_work, monkeypatch):
    def away():
        raise DatabaseDownError("refused")

    monkeypatch.setattr(at_work.database, "get", away)
    told = service_state(at_work, {"database": {"state": "refused"}}, now=NOW, lang="en")
    assert [one["code"] for one in told["warnings"]] == ["part-database"]
    assert told["backup"] is None
    assert told["sizes"]["database_mb"] is None
    assert told["disk"] is not None


def test_files_of_results_are_counted(at_work):
    folder = at_work.settings.data / "files" / "ab"
    folder.mkdir(parents=True)
    (folder / "abc").write_bytes(b"x" * 3 * 2**20)
    assert service_state(at_work, ALL_WELL, now=NOW, lang="zh")["sizes"]["files_mb"] == 3.0


@pytest.mark.parametrize(("lang", "words"), [("zh", "需要处理"), ("en", "To be done")])
def test_the_page_begins_with_what_has_to_be_done(site, lang, words):
    page = unescape(administrator(site).get(f"/service?lang={lang}").text)
    assert page.index(words) < page.index("</h2>")
    assert "countygrid backup" in page
    assert "0009" in page


def run_in(state, number):
    return {
        "id": f"r{number}", "kind": "plan", "question_id": "q", "question": {}, "county_version": "v",
        "code_version": "1", "lane": "short", "state": state, "asked_at": NOW, "attempts": 0, "seq": 0, "progress": {},
        "summary": {},
    }  # fmt: skip
