"""Every kind of fault in the tables of small kinds, steps, rules, calendar and duty hours, at its row and column."""

import pytest

from gis.faults import FaultsError
from maps.catalogue import has_text, text
from maps.table_words import table_words
from planning.incidents.rules import Places
from planning.tables.checking import GivenTable, check_table
from planning.tables.registry import TABLES
from planning.tables.rules import rule_faults


def rows_of(kind):
    return [dict(row) for row in TABLES[kind].defaults]


def faults_of(kind, rows):
    with pytest.raises(FaultsError) as refused:
        check_table(TABLES[kind], GivenTable(rows), words=table_words(TABLES[kind], "zh"))
    return refused.value.faults


FIRST = [
    ("subcategories", {"code": ""}, "table-missing-value", "code"),
    ("subcategories", {"code": "Livelihood_Living"}, "subcategory-bad-code", "code"),
    ("subcategories", {"code": "livelihood"}, "subcategory-bad-code", "code"),
    ("subcategories", {"code": "traffic-living"}, "subcategory-other-parent", "code"),
    ("subcategories", {"category": "天气"}, "table-unknown-choice", "category"),
    ("subcategories", {"name_zh": ""}, "table-missing-value", "name_zh"),
    ("subcategories", {"name_en": "x" * 41}, "table-text-too-long", "name_en"),
    ("subcategories", {"severity": "很急"}, "table-unknown-choice", "severity"),
    ("subcategories", {"mode": "上门"}, "table-unknown-choice", "mode"),
    ("subcategories", {"mode": "directed"}, "subcategory-without-unit", "unit"),
    ("subcategories", {"unit": "公安局"}, "subcategory-unit-unused", "unit"),
    ("subcategories", {"radius_m": 50}, "subcategory-half-twin", "window_minutes"),
    ("subcategories", {"window_minutes": 50}, "subcategory-half-twin", "radius_m"),
    ("subcategories", {"radius_m": 5001, "window_minutes": 1}, "table-too-large", "radius_m"),
    ("subcategories", {"radius_m": "50米", "window_minutes": 1}, "table-not-a-number", "radius_m"),
    ("subcategories", {"question": "问" * 201}, "table-text-too-long", "question"),
    ("steps", {"step": "回访"}, "table-unknown-choice", "step"),
    ("steps", {"severity": "红色"}, "table-unknown-choice", "severity"),
    ("steps", {"unit": "天"}, "table-unknown-choice", "unit"),
    ("steps", {"clock": "钟"}, "table-unknown-choice", "clock"),
    ("steps", {"amount": 0}, "step-without-time", "amount"),
    ("steps", {"amount": 1.5}, "table-not-whole", "amount"),
    ("steps", {"amount": -1}, "table-too-small", "amount"),
    ("steps", {"amount": 721, "unit": "hours"}, "step-too-long", "amount"),
    ("steps", {"amount": 2, "unit": "workdays"}, "step-days-by-calendar", "clock"),
    ("steps", {"warn_percent": 101}, "table-too-large", "warn_percent"),
    ("steps", {"warn_percent": 0}, "table-too-small", "warn_percent"),
    ("steps", {"rest_village": 10_001}, "table-too-large", "rest_village"),
    ("steps", {"rest_township": 0}, "table-too-small", "rest_township"),
    ("rules", {"rule": ""}, "table-missing-value", "rule"),
    ("rules", {"rule": "规" * 41}, "table-text-too-long", "rule"),
    ("rules", {"category": "x"}, "table-unknown-choice", "category"),
    ("rules", {"time": "夜里"}, "table-unknown-choice", "time"),
    ("rules", {"level": "省"}, "table-unknown-choice", "level"),
    ("rules", {"post": "村长"}, "table-unknown-choice", "post"),
    ("rules", {"level": "county"}, "rule-post-elsewhere", "level"),
    ("rules", {"post": "department", "level": "county"}, "rule-without-unit", "unit"),
    ("rules", {"unit": "公安局"}, "rule-unit-unused", "unit"),
    ("rules", {"area": ""}, "table-missing-value", "area"),
    ("rules", {"area": "371424001"}, "rule-left-out", "rule"),
    ("calendar", {"day": "元旦"}, "table-not-a-day", "day"),
    ("calendar", {"day": "01/02/2027"}, "table-not-a-day", "day"),
    ("calendar", {"day": "2027-02-30"}, "table-no-such-day", "day"),
    ("calendar", {"day": "1927-01-01"}, "table-day-far", "day"),
    ("calendar", {"day": ""}, "table-missing-value", "day"),
    ("calendar", {"kind": "半天"}, "table-unknown-choice", "kind"),
    ("calendar", {"name": "节" * 41}, "table-text-too-long", "name"),
    ("duty-hours", {"from": "八点半"}, "table-not-a-time", "from"),
    ("duty-hours", {"from": "08:30:30"}, "table-not-a-time", "from"),
    ("duty-hours", {"to": "25:00"}, "table-no-such-time", "to"),
    ("duty-hours", {"to": "08:30"}, "duty-ends-first", "to"),
]
"""What is wrong with the first row."""


@pytest.mark.parametrize(("kind", "changes", "code", "field"), FIRST)
def test_one_wrong_cell_is_told_at_its_place_with_how_to_mend_it(kind, changes, code, field):
    rows = rows_of(kind)
    rows[0] |= changes
    found = [fault for fault in faults_of(kind, rows) if fault.code != "step-left-out"]
    words = table_words(TABLES[kind], "zh")
    assert [(fault.code, fault.field) for fault in found] == [(code, field)]
    assert found[0].row == (None if code == "rule-left-out" else 1)
    for lang in ("zh", "en"):
        assert has_text(f"fault.{code}.mend")
        told = found[0].params | {"value": found[0].value, "field": words.heading(field)}
        assert text(lang, f"fault.{code}.expected", **told)
        assert text(lang, f"fault.{code}.mend", **told)


def test_rows_that_stand_twice_are_told_whatever_the_order():
    for kind, column in (("subcategories", "code"), ("rules", "rule"), ("calendar", "day"), ("duty-hours", "from")):
        rows = rows_of(kind)
        found = faults_of(kind, [*rows, rows[0]])
        assert [(fault.code, fault.row, fault.field) for fault in found] == [
            ("table-double-key", len(rows) + 1, column)
        ]
    twice = faults_of("steps", [*rows_of("steps"), rows_of("steps")[3]])
    assert [(fault.code, fault.params["first"]) for fault in twice] == [("table-double-key", 4)]


def test_a_step_that_has_no_time_is_named_with_the_kinds_that_lack_it():
    rows = [row for row in rows_of("steps") if (row["severity"], row["step"]) != ("urgent", "accept")]
    own = rows_of("steps")[6] | {"category": "traffic"}
    assert own["step"] == "accept"
    (fault,) = faults_of("steps", [*rows, own])
    assert (fault.code, fault.row, fault.params["severity"], fault.params["step"]) == (
        "step-left-out",
        None,
        "紧急",
        "接单",
    )
    assert fault.params["category"] == "党建、民生、治安、环保、校园安全"
    only_here = [row for row in rows_of("steps") if row["step"] != "arrive" or row["severity"] == "emergency"]
    assert check_table(TABLES["steps"], GivenTable(only_here))


def test_an_emergency_that_waits_for_the_morning_is_refused():
    rows = rows_of("steps")
    rows[2]["clock"] = "working"
    assert [(fault.code, fault.row) for fault in faults_of("steps", rows)] == [("step-emergency-waits", 3)]


def test_a_rule_that_never_comes_first_is_named_with_those_that_take_its_cases():
    first, last = rows_of("rules")[0], rows_of("rules")[0]
    by_day = first | {"rule": "白天", "time": "duty", "category": "traffic"}
    at_night = first | {"rule": "夜间", "time": "off-duty"}
    dead = first | {"rule": "交通", "category": "traffic", "severity": "urgent"}
    (fault,) = faults_of("rules", [by_day, at_night, dead, last])
    assert (fault.code, fault.row, fault.field, fault.params["rule"]) == ("rule-never-first", 3, "rule", "白天、夜间")


def test_a_case_without_any_rule_is_told_in_words():
    rows = [rows_of("rules")[0] | {"severity": "urgent"}]
    (fault,) = faults_of("rules", rows)
    told = {name: fault.params[name] for name in ("category", "severity", "area", "time")}
    assert told == {"category": "党建", "severity": "特急", "area": "全县", "time": "工作时间"}


def test_areas_that_the_county_does_not_have_and_rules_behind_their_township_are_told_where_it_is_known():
    first = rows_of("rules")[0]
    rows = [
        first | {"rule": "镇", "area": "t-1"},
        first | {"rule": "格", "area": "c-1"},
        first | {"rule": "外", "area": "t-9"},
        first,
    ]
    found = list(rule_faults(rows, Places(("t-1",), {"c-1": "t-1"})))
    assert [(fault.code, fault.row) for fault in found] == [("rule-unknown-area", 2), ("rule-never-first", 1)]
    assert list(rule_faults(rows)) == []


def test_duty_that_overlaps_or_is_hardly_any_is_refused():
    rows = rows_of("duty-hours")
    rows[1]["from"] = "11:59"
    (fault,) = faults_of("duty-hours", rows)
    assert (fault.code, fault.row, fault.params["other"]) == ("duty-overlaps", 2, "08:30–12:00")
    assert [fault.code for fault in faults_of("duty-hours", [rows[0] | {"to": "09:00"}])] == ["duty-too-short"]
    within = [rows[0] | {"from": "00:00", "to": "24:00"}, rows[0], rows[1]]
    assert [fault.row for fault in faults_of("duty-hours", within)] == [2, 3]
    assert check_table(TABLES["duty-hours"], GivenTable([rows[0] | {"to": "12:00"}, rows[1] | {"from": "12:00"}]))


def test_a_break_of_weeks_is_a_month_mistyped_whether_it_begins_in_the_table_or_on_a_weekend():
    days = [f"2027-07-{day:02}" for day in range(5, 31) if (day - 3) % 7 > 1]
    rows = [{"day": day, "kind": "holiday", "name": "", "basis": ""} for day in days]
    (fault,) = faults_of("calendar", rows)
    assert (fault.code, fault.row, fault.params["count"], fault.params["last"]) == (
        "calendar-break-too-long",
        1,
        30,
        "2027-08-01",
    )
    assert check_table(TABLES["calendar"], GivenTable(rows[:9]))


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2027-2-6", "2027-02-06"),
        ("2027/02/06", "2027-02-06"),
        ("2027年2月6日", "2027-02-06"),
        ("２０２７.2.6", "2027-02-06"),
        ("2027-02-06 00:00:00", "2027-02-06"),
    ],
)
def test_days_are_understood_as_people_and_spreadsheets_write_them(written, stored):
    (row,) = check_table(TABLES["calendar"], GivenTable([rows_of("calendar")[0] | {"day": written}]))
    assert row["day"] == stored


@pytest.mark.parametrize(
    ("written", "stored"),
    [("8:30", "08:30"), ("08:30:00", "08:30"), ("8点30分", "08:30"), ("８:３０", "08:30"), ("00:00", "00:00")],
)
def test_times_are_understood_as_people_and_spreadsheets_write_them(written, stored):
    row = rows_of("duty-hours")[0]
    (read,) = check_table(TABLES["duty-hours"], GivenTable([row | {"from": written}]))
    assert read["from"] == stored
    for midnight in ("24:00", "1 day, 0:00:00"):
        assert check_table(TABLES["duty-hours"], GivenTable([row | {"to": midnight}]))[0]["to"] == "24:00"
