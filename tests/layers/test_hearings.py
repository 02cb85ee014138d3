"""Remarks on publications: received once, found by receipt, decided all or none, counted, erased for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from publication_rows import DECIDED, HEARD, OFFICIAL, WITHDRAWN, closed, published, remark
from scenario_rows import acts
from sqlalchemy import select

from gis.faults import FaultsError
from layers.records import hearings as hearings_module
from layers.records.comments import CommentStore
from layers.records.database import Database, open_database, sqlite_url
from layers.records.hearings import CONTACT_KEPT, HearingStore
from layers.records.publications import PublicationStore
from layers.records.remark import Decision, RemarkFilter, receipt_hash
from layers.records.tables import comment, secret

SLUG = "yanglao-2026"
ALL = RemarkFilter()


@pytest.fixture
def hearings(database: Database, data_dir: Path) -> HearingStore:
    published(database, data_dir)
    return HearingStore(database)


def test_a_remark_is_kept_and_found_by_its_receipt_alone(hearings: HearingStore) -> None:
    said = remark(1, about_kind="village", about_id="371424100201", village_id="371424100201", lon=116.9, lat=37.2)
    kept, is_new = hearings.receive(said, act=HEARD)
    assert (is_new, kept.text, kept.state, kept.answer, kept.by_id, kept.channel) == (
        True,
        said.text,
        "new",
        "",
        None,
        "web",
    )
    assert (kept.about_kind, kept.about_id, kept.village_id, kept.lon, kept.lat) == (
        *("village", "371424100201"),
        *("371424100201", 116.9, 37.2),
    )
    code = said.receipt
    assert len(code) == 14
    for written in (code, code.lower(), code.replace("-", " ")):
        assert hearings.by_receipt(SLUG, written) == kept
    for wrong in ("", "0" * 12, code[:-1], "\x00\ud800"):
        found = hearings.by_receipt(SLUG, wrong) if wrong else None
        assert found is None
    assert hearings.by_receipt("another-one", code) is None


def test_neither_key_nor_receipt_rest_as_they_were_given(database: Database, hearings: HearingStore) -> None:
    said = remark(1)
    hearings.receive(said, act=HEARD)
    with database.reading() as connection:
        row = connection.execute(select(comment)).one()
    assert row.receipt == receipt_hash(SLUG, said.receipt)
    assert said.key not in str(row)
    assert said.receipt not in str(row)


def test_the_same_key_is_the_same_remark_however_often_it_is_sent(database: Database, hearings: HearingStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: hearings.receive(remark(1), act=HEARD), range(8)))
    assert sum(is_new for _, is_new in answers) == 1
    assert len({one.id for one, _ in answers}) == 1
    with pytest.raises(FaultsError, match="remark-key-used"):
        hearings.receive(remark(1, text="另一句话"), act=HEARD)
    assert hearings.count(SLUG, ALL) == 1
    assert len(acts(database)) == 2


def test_after_its_time_only_staff_enter_and_after_its_withdrawal_nobody(
    database: Database, data_dir: Path, hearings: HearingStore
) -> None:
    late = closed(database, data_dir)
    with pytest.raises(FaultsError, match="publication-closed"):
        hearings.receive(remark(1, slug=late.slug), act=HEARD)
    entered, _ = hearings.receive(remark(1, slug=late.slug, channel="meeting"), act=DECIDED)
    assert (entered.by_id, entered.channel) == (OFFICIAL, "meeting")
    PublicationStore(database).withdraw(late.slug, "有误", act=WITHDRAWN)
    for channel in ("web", "paper"):
        with pytest.raises(FaultsError, match="publication-withdrawn"):
            hearings.receive(remark(2, slug=late.slug, channel=channel), act=HEARD)
    with pytest.raises(FaultsError, match="unknown-publication"):
        hearings.receive(remark(1, slug="none-of-these"), act=HEARD)


def test_names_and_numbers_rest_in_one_table_and_are_read_with_a_trace(
    database: Database, hearings: HearingStore
) -> None:
    kept, _ = hearings.receive(remark(1, name="王秀英", phone="13800000000"), act=HEARD)
    assert (kept.name, kept.phone) == ("", "")
    with database.reading() as connection:
        assert "王秀英" not in str(connection.execute(select(comment)).all())
        rows = connection.execute(select(secret).order_by(secret.c.field)).all()
    assert [(row.field, row.value) for row in rows] == [
        ("name", "王秀英"),
        ("phone", "13800000000"),
        ("text", kept.text),
    ]
    until = PublicationStore(database).get(SLUG)
    assert until is not None
    assert [row.erase_after for row in rows] == [until.closes_at + CONTACT_KEPT] * 2 + [None]
    person = hearings.with_person(SLUG, kept.id, act=replace(DECIDED, action="remark.opened"))
    assert person is not None
    assert (person.name, person.phone) == ("王秀英", "13800000000")
    assert acts(database)[1:] == [
        ("remark.received", "comment", kept.id, {"publication": SLUG, "channel": "web"}),
        ("remark.opened", "comment", kept.id, {}),
    ]


def test_remarks_are_decided_together_or_not_at_all(database: Database, hearings: HearingStore) -> None:
    kept = [hearings.receive(remark(number), act=HEARD)[0] for number in range(3)]
    good = [Decision(one.id, "accepted", f"答复{k}", 1) for k, one in enumerate(kept)]
    wrong = [good[0], replace(good[1], version=7), Decision("f" * 32, "hidden", "")]
    with pytest.raises(FaultsError) as error:
        hearings.decide(SLUG, wrong, act=DECIDED)
    assert [(one.code, one.row) for one in error.value.faults] == [("remark-moved-on", 2), ("unknown-remark", 3)]
    assert {one.state for one in hearings.find(SLUG, ALL)} == {"new"}
    assert len(acts(database)) == 4
    changed = hearings.decide(SLUG, good, act=DECIDED)
    assert [(one.state, one.answer, one.answered_by, one.version) for one in changed] == [
        ("accepted", f"答复{k}", OFFICIAL, 2) for k in range(3)
    ]
    assert acts(database)[-1] == ("remark.decided", "publication", SLUG, {"publication": SLUG, "count": 3})
    assert hearings.decide(SLUG, [replace(one, version=2) for one in good], act=DECIDED) == [], "nothing changes"
    assert len(acts(database)) == 5
    (hidden,) = hearings.decide(SLUG, [replace(good[0], state="hidden", version=None)], act=DECIDED)
    assert (hidden.state, hidden.answered_at) == ("hidden", changed[0].answered_at)
    assert acts(database)[-1][1:3] == ("comment", hidden.id)


def test_the_queue_is_filtered_and_paged_and_counted(hearings: HearingStore) -> None:
    for number in range(7):
        stance = "for" if number % 2 else "against"
        hearings.receive(remark(number, stance=stance, about_kind="site", about_id=f"s{number % 3}"), act=HEARD)
    newest = hearings.find(SLUG, ALL)
    hearings.decide(SLUG, [Decision(newest[0].id, "accepted", "好")], act=DECIDED)
    pages = [hearings.find(SLUG, ALL, limit=3, offset=start) for start in (0, 3, 6)]
    assert [one.id for page in pages for one in page] == [one.id for one in newest]
    assert {one.about_id for one in hearings.find(SLUG, RemarkFilter(about_kind="site", about_id="s1"))} == {"s1"}
    assert [hearings.count(SLUG, RemarkFilter(answered=one)) for one in (True, False)] == [1, 6]
    assert hearings.count(SLUG, RemarkFilter(state="accepted", channel="web")) == 1
    tally = hearings.tally(SLUG)
    assert (tally.total, tally.answered, tally.states) == (7, 1, {"accepted": 1, "new": 6})
    assert (tally.stances, tally.channels) == ({"against": 4, "for": 3}, {"web": 7})
    assert list(tally.subjects.items()) == [(("site", "s0"), 3), (("site", "s1"), 2), (("site", "s2"), 2)]


def test_what_is_erased_is_gone_from_the_file_and_its_answer_stays(data_dir: Path) -> None:
    said = "家里老人去不了县城。" * 500  # more than a page of the file
    database = open_database(sqlite_url(data_dir))
    published(database, data_dir)
    hearings = HearingStore(database)
    kept, _ = hearings.receive(remark(1, text=said, name="王秀英"), act=HEARD)
    hearings.decide(SLUG, [Decision(kept.id, "accepted", "已研究")], act=DECIDED)
    erased = hearings.erase(SLUG, kept.id, act=DECIDED)
    assert erased is not None
    assert (erased.text, erased.answer, erased.state) == (None, "已研究", "accepted")
    assert hearings.receive(remark(1, text=said), act=HEARD) == (erased, False), "its receipt is given again"
    assert hearings.erase(SLUG, "f" * 32, act=DECIDED) is None
    database.close()
    for file in data_dir.glob("app.sqlite*"):
        assert said.encode() not in file.read_bytes()
        assert "王秀英".encode() not in file.read_bytes()


def test_a_publication_takes_so_many_remarks(hearings: HearingStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearings_module, "MOST_REMARKS", 2)
    for number in range(2):
        hearings.receive(remark(number), act=HEARD)
    with pytest.raises(FaultsError, match="publication-too-many-remarks"):
        hearings.receive(remark(2), act=HEARD)
    assert hearings.receive(remark(1), act=HEARD)[1] is False


def test_what_colleagues_say_of_scenarios_is_no_remark(database: Database, hearings: HearingStore) -> None:
    kept, _ = hearings.receive(remark(1), act=HEARD)
    assert CommentStore(database).get(kept.id) is None
