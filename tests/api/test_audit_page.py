"""The page of the audit: what was done in words, filtered by the address; the same as an Excel file."""

import re
import time
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from audit_rows import BEGUN, write_rows
from openpyxl import load_workbook
from people_site import administrator, people_site, rows_of
from sqlalchemy import text as sql

from api.actions.audit import check_chain
from api.audit_words import AuditWords
from layers.records.accounts import AccountStore
from maps.catalogue import has_text

DISTINCT = (
    ("incident.reported", "incident"),
    ("incident.opened", "incident"),
    ("account.reset", "account"),
    ("weather.changed", "weather"),
)


@pytest.fixture
def site(toy_data, tmp_path, database_url):
    with people_site(toy_data, tmp_path / "site", database_url) as app:
        yield app


@pytest.fixture
def database(site):
    return site.state.workplace.database.get()


def written(database, count, **told):
    rows = (
        {"action": DISTINCT[n % 4][0], "object_kind": DISTINCT[n % 4][1], "object_id": f"i{n}", **told}
        for n in range(count)
    )
    write_rows(database, rows)


def positions(page):
    return [int(pos) for pos in re.findall(r'<tr><td data-label="[^"]*">(\d+)</td>', page.text)]


def links(page):
    return {words: unescape(href) for href, words in re.findall(r'<a[^>]*href="(\?[^"]*)"[^>]*>([^<]*)</a>', page.text)}


def test_the_newest_hundred_come_first_and_lead_to_the_rest(site, database):
    written(database, 248)
    admin = administrator(site)
    first = admin.get("/audit")
    assert positions(first) == list(range(249, 149, -1))
    second = admin.get(f"/audit{links(first)['较早 →']}")
    third = admin.get(f"/audit{links(second)['较早 →']}")
    assert positions(second) + positions(third) == list(range(149, 0, -1))
    assert "较早 →" not in links(third)
    assert "← 较新" not in links(first)
    assert positions(admin.get(f"/audit{links(third)['← 较新']}")) == positions(second)
    assert positions(admin.get(f"/audit{links(third)['最新']}")) == positions(first)


def test_every_filter_stands_in_the_address_and_stays_from_page_to_page(site, database):
    written(database, 900)
    admin = administrator(site)
    asked = "kind=incident&action=incident.opened&from=2026-11-01&to=2026-11-01&person=-"
    page = admin.get(f"/audit?{asked}")
    assert set(re.findall(r"data-label=\"操作\">([^<]*)<", page.text)) == {"查看事件"}
    older = links(page)["较早 →"]
    assert all(one in older for one in asked.split("&"))
    assert admin.get(f"/audit{older}").status_code == 200
    assert '<option value="incident.opened" selected>' in page.text
    assert 'value="2026-11-01"' in page.text
    other = re.search(r'class="language" href="([^"]*)"', page.text)[1]
    english = admin.get(f"/audit{unescape(other)}")
    assert positions(english) == positions(page)
    assert "opened an incident" in english.text
    assert positions(admin.get("/audit?object=i7")) == [8]
    root = AccountStore(database).by_name("root")[0]
    assert positions(admin.get(f"/audit?person={root.id}")) == []
    assert "没有符合条件的记录" in admin.get("/audit?object=none").text


def test_days_are_those_of_china_and_both_count(site, database):
    first = BEGUN - timedelta(hours=8)  # the midnight in China with which the first of November begins
    moments = [timedelta(microseconds=-1), timedelta(0), timedelta(days=1, microseconds=-1), timedelta(days=1)]
    write_rows(database, [{"at": first + moment} for moment in moments])
    admin = administrator(site)
    assert positions(admin.get("/audit?from=2026-11-01&to=2026-11-01")) == [3, 2]


def test_unknown_actions_and_details_are_shown_as_they_are(site, database):
    write_rows(database, [{"action": "weather.changed", "object_kind": "weather", "detail": {"wind": "<b>"}}])
    page = administrator(site).get("/audit")
    assert "weather.changed" in page.text
    assert "wind: &lt;b&gt;" in page.text


@pytest.mark.parametrize(("lang", "words"), [("zh", "单位造价"), ("en", "Unit costs")])
def test_tables_versions_and_languages_are_told_in_words(lang, words):
    audit = AuditWords({}, lang)
    assert words in audit.object("table", "unit-costs")
    told = audit.detail({"version": 3, "sha": "0123456789abcdef" * 4, "lang": "en"})
    assert "0123456789ab" in told
    assert "0123456789abc" not in told
    assert {"zh": "第 3 版", "en": "version 3"}[lang] in told
    assert {"zh": "语言:英文", "en": "language: English"}[lang] in told


def test_people_and_their_roles_are_told_by_name(site, database):
    admin = administrator(site)
    made = admin.post("/api/accounts", json={"name": "li", "display": "李四", "grants": [{"role": "planner"}]}).json()
    page = unescape(admin.get("/audit?action=account.invited").text)
    assert "账号 李四 (li)" in page
    assert "角色:规划人员 · 示范县(371499)" in page
    assert f"?object={made['account']['id']}" in page


@pytest.mark.parametrize("asked", ["from=x", "to=2026-02-30", "person=%00", "object=" + "x" * 101, "action=%0A"])
def test_what_cannot_be_asked_is_said_beside_its_field(site, database, asked):
    admin = administrator(site)
    page = admin.get(f"/audit?{asked}")
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert admin.get(f"/audit.xlsx?{asked}").status_code == 422


def test_looking_is_not_recorded(site, database):
    admin = administrator(site)
    rows = rows_of(database)
    admin.get("/audit")
    admin.get("/audit.xlsx")
    assert rows_of(database) == rows


def test_the_state_of_the_chain_is_told_without_reading_all_of_it(site, database):
    admin = administrator(site)
    assert "尚未完整校验过" in admin.get("/audit").text
    check_chain(site.state.settings)
    assert "校验至第 1 条,完整无改动" in admin.get("/audit").text
    is_sqlite = database.engine.dialect.name == "sqlite"
    with database.writing() as connection:
        off = "DROP TRIGGER audit_no_delete" if is_sqlite else "ALTER TABLE audit DISABLE TRIGGER audit_no_change"
        connection.execute(sql(off))
        connection.execute(sql("DELETE FROM audit"))
    page = admin.get("/audit").text
    assert "触发器缺失" in page
    assert "已对不上" in page
    check_chain(site.state.settings)
    assert "发现 2 处问题" in admin.get("/audit").text


def test_the_excel_file_holds_what_is_asked_for_as_text(site, database):
    written(database, 40, detail={"file": "=1+1", "sum": 123456789012345678})
    admin = administrator(site)
    answer = admin.get("/audit.xlsx?kind=incident&lang=en")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows())
    assert [cell.value for cell in rows[0]] == ["No.", "When", "Who", "From where", "What", "To what", "Detail"]
    assert [row[0].value for row in rows[1:]] == [
        str(n) for n in range(40, 0, -1) if DISTINCT[(n - 1) % 4][1] == "incident"
    ]
    assert {cell.data_type for row in rows for cell in row} == {"s"}
    assert rows[1][6].value == "file: =1+1; sum: 123456789012345678"


@pytest.mark.alone
def test_the_page_filters_many_rows_in_no_time(site, database):
    written(database, 5_000)
    admin = administrator(site)
    admin.get("/audit")
    begun = time.perf_counter()
    for asked in ("", "kind=account", "person=-&action=incident.opened&to=2026-11-01", "object=i77", "action=none"):
        assert admin.get(f"/audit?{asked}").status_code == 200
    assert time.perf_counter() - begun < 5  # a scan of all rows for each choice would take longer on any machine


def test_every_action_that_the_program_records_has_its_words():
    root = Path(__file__).parents[2]
    code = "\n".join(path.read_text() for room in ("api", "layers") for path in (root / room).rglob("*.py"))
    actions = set(re.findall(r'Act\(\s*[^"()]*(?:\([^()]*\))?[^"()]*"([a-z]+\.[a-z-]+)"', code)) | {"backup.made"}
    assert {"account.first", "session.opened", "incident.reported"} <= actions
    assert {action for action in actions if not has_text(f"audit.action.{action}")} == set()


def test_a_role_whose_words_are_not_known_stays_a_code():
    words = AuditWords({}, "en")
    assert words.detail({"roles": ["king@county:1", "planner@moon:1", "planner"]}) == (
        "roles: king@county:1, planner@moon:1, planner"
    )
