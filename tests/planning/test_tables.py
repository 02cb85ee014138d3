"""Tables that an office edits: what they come with, what may stand in them, and everything that may not."""

import dataclasses
import json

import pytest

from gis.faults import FaultsError
from gis.travel_modes import MODES
from planning.hub_rooms import DEFAULT_ROOMS
from planning.incidents.categories import CATEGORIES
from planning.tables import speeds
from planning.tables.checking import GivenTable, check_table
from planning.tables.definition import Column, TableKind
from planning.tables.difference import difference
from planning.tables.in_force import DEFAULTS, Edition, Tables, default_edition
from planning.tables.registry import TABLES
from planning.tables.services import SERVICES

KINDS = sorted(TABLES)


def rows_of(kind, **changes):
    """Return the default rows as JSON would bring them, the first with changes."""
    rows = [dict(row) for row in TABLES[kind].defaults]
    rows[0] |= changes
    return rows


def faults_of(kind, rows):
    with pytest.raises(FaultsError) as refused:
        check_table(TABLES[kind], GivenTable(rows))
    return [(fault.code, fault.row, fault.field) for fault in refused.value.faults]


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_program_comes_with_is_sound_and_stays_itself(kind):
    table = TABLES[kind]
    rows = check_table(table, GivenTable(rows_of(kind)))
    assert rows == list(table.defaults)
    assert table.sha_of(rows) == table.sha_of(json.loads(json.dumps(rows)))
    assert all(set(row) == {column.name for column in table.columns} for row in table.defaults)


def test_version_0_means_exactly_the_defaults_of_the_code():
    assert DEFAULTS.rooms == DEFAULT_ROOMS
    assert DEFAULTS.services is SERVICES
    assert DEFAULTS.modes is MODES
    assert DEFAULTS.categories == CATEGORIES
    assert {kind: default_edition(kind).version for kind in KINDS} == dict.fromkeys(KINDS, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_default_rows_mean_the_same_when_they_are_read_as_a_table(kind):
    """A table saved as it comes changes nothing: least of all the name of a matrix."""
    same = Tables({kind: dataclasses.replace(default_edition(kind), version=1)})
    assert same.rooms == DEFAULTS.rooms
    assert same.services == DEFAULTS.services
    assert str(same.modes) == str(MODES)
    assert same.categories == DEFAULTS.categories
    assert same.category_names == DEFAULTS.category_names


def test_an_edited_table_counts_and_says_its_version():
    rooms = Edition("rooms", 3, tuple(rows_of("rooms", base_m2=200)), "sha")
    costs = Edition("unit-costs", 2, tuple(rows_of("unit-costs", opening_yuan=5, opening_basis="报价")), "other")
    car = [row | {"speed_kmh": 7} for row in rows_of("speeds") if row["mode"] == "car"]
    fast = Edition("speeds", 1, tuple(row for row in rows_of("speeds") if row["mode"] != "car") + tuple(car), "third")
    tables = Tables({"rooms": rooms, "unit-costs": costs, "speeds": fast})
    assert tables.rooms[0].base_m2 == 200
    assert tables.services["elder-centre"].opening_yuan == 5
    assert tables.services["elder-centre"].bases["opening_yuan"] == "报价"
    assert set(tables.modes["car"].speeds_kmh.values()) == {7.0}
    assert tables.modes["car"].access_kmh == 7
    assert tables.modes["walk"] == MODES["walk"]
    assert tables.versions(["rooms", "speeds", "deadlines"]) == {"rooms": 3, "speeds": 1}
    assert tables.shas(["rooms"]) == {"rooms": "sha"}
    assert len({tables.identity, DEFAULTS.identity, Tables(are_read=False).identity}) == 3


def test_the_order_of_a_table_with_fixed_rows_means_nothing():
    rows = rows_of("speeds")
    assert check_table(TABLES["speeds"], GivenTable(rows[::-1])) == list(TABLES["speeds"].defaults)
    turned = check_table(TABLES["rooms"], GivenTable(rows_of("rooms")[::-1]))
    assert [row["room"] for row in turned] == ["clinic", "after-school", "day-care", "hall"]


@pytest.mark.parametrize(
    ("kind", "changes", "code", "field"),
    [
        ("rooms", {"base_m2": "大"}, "table-not-a-number", "base_m2"),
        ("rooms", {"base_m2": "nan"}, "table-not-a-number", "base_m2"),
        ("rooms", {"base_m2": float("nan")}, "table-not-a-number", "base_m2"),
        ("rooms", {"base_m2": float("inf")}, "table-not-a-number", "base_m2"),
        ("rooms", {"base_m2": True}, "table-wrong-type", "base_m2"),
        ("rooms", {"base_m2": [1]}, "table-wrong-type", "base_m2"),
        ("rooms", {"base_m2": None}, "table-missing-value", "base_m2"),
        ("rooms", {"base_m2": ""}, "table-missing-value", "base_m2"),
        ("rooms", {"base_m2": -0.01}, "table-too-small", "base_m2"),
        ("rooms", {"base_m2": "-1e300"}, "table-too-small", "base_m2"),
        ("rooms", {"base_m2": 100_000.01}, "table-too-large", "base_m2"),
        ("rooms", {"base_m2": "1e999"}, "table-too-large", "base_m2"),
        ("rooms", {"base_m2": "1e-999"}, None, None),
        ("rooms", {"base_m2": 1.234}, "table-too-many-decimals", "base_m2"),
        ("rooms", {"base_m2": "1,234"}, "thousands-separator", "base_m2"),
        ("rooms", {"base_m2": "1,5"}, "decimal-comma", "base_m2"),
        ("rooms", {"base_m2": "1２３"}, None, None),
        ("rooms", {"base_m2": "120 平方米"}, "table-not-a-number", "base_m2"),
        ("rooms", {"base_m2": 0.1 + 0.2}, None, None),
        ("rooms", {"room": ""}, "table-missing-value", "room"),
        ("rooms", {"room": "房" * 41}, "table-text-too-long", "room"),
        ("rooms", {"room": "a\x00b"}, "control-character", "room"),
        ("rooms", {"room": "a\ud800"}, "control-character", "room"),
        ("rooms", {"room": "a\uffff"}, "control-character", "room"),
        ("rooms", {"room": "circulation"}, "table-room-taken", "room"),
        ("rooms", {"room": "day-care"}, "table-double-key", "room"),
        ("rooms", {"basis": "据" * 201}, "table-text-too-long", "basis"),
        ("rooms", {"basis": ""}, None, None),
        ("deadlines", {"workdays": 1.5}, "table-not-whole", "workdays"),
        ("deadlines", {"workdays": 61}, "table-too-large", "workdays"),
        ("deadlines", {"workdays": -1}, "table-too-small", "workdays"),
        ("deadlines", {"workdays": "当日"}, None, None),
        ("deadlines", {"workdays": "Same Day"}, None, None),
        ("deadlines", {"category": "weather"}, "table-unknown-choice", "category"),
        ("categories", {"category": "traffic"}, "table-double-key", "category"),
        ("categories", {"name_zh": ""}, "table-missing-value", "name_zh"),
        ("categories", {"name_zh": "民生"}, "table-double-name", "name_zh"),
        ("unit-costs", {"service": ""}, "table-missing-value", "service"),
        ("unit-costs", {"opening_yuan": 10**11 + 1}, "table-too-large", "opening_yuan"),
        ("speeds", {"mode": "scooter"}, "table-unknown-choice", "mode"),
        ("speeds", {"road_class": "canal"}, "table-unknown-choice", "road_class"),
        ("speeds", {"mode": "car"}, "table-double-key", "road_class"),
        ("speeds", {"road_class": "motorway"}, "table-unknown-key", "road_class"),
        ("speeds", {"speed_kmh": 0.2}, "table-speed-too-low", "speed_kmh"),
        ("speeds", {"speed_kmh": 0}, None, None),
        ("speeds", {"speed_kmh": 151}, "table-too-large", "speed_kmh"),
    ],
)
def test_one_wrong_cell_is_one_fault_at_its_place(kind, changes, code, field):
    if code is None:
        check_table(TABLES[kind], GivenTable(rows_of(kind, **changes)))
        return
    found = faults_of(kind, rows_of(kind, **changes))
    row = 2 if code in ("table-double-key", "table-double-name") and kind in ("rooms", "categories") else 1
    told = [fault for fault in found if fault[0] != "table-missing-row"]
    assert [(one[0], one[2]) for one in told] == [(code, field)]
    if kind != "speeds" and code not in ("table-double-key", "table-double-name"):
        assert told[0][1] == row


def test_everything_that_is_wrong_is_told_at_once():
    rows = rows_of("speeds")
    del rows[3]
    rows[0]["speed_kmh"] = "quick"
    rows[1]["speed_kmh"] = -3
    rows[2]["mode"] = "sledge"
    rows.append(dict(rows[10]))
    found = faults_of("speeds", rows)
    assert [fault[:2] for fault in found] == [
        ("table-not-a-number", 1),
        ("table-too-small", 2),
        ("table-unknown-choice", 3),
        ("table-double-key", 55),
    ]
    rows[2]["mode"] = "walk"
    assert ("table-missing-row", None, "road_class") in faults_of("speeds", rows)


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_without_rows_is_refused(kind):
    assert faults_of(kind, [])[0][0] == "table-empty"


def test_a_table_of_too_many_rows_is_refused_before_they_are_read():
    rows = [{"room": f"r{k}"} for k in range(21)]
    assert faults_of("rooms", rows)[-1][0] == "table-too-many-rows"


def test_columns_that_are_missing_or_unknown_are_named():
    rows = [{**row, "colour": "red"} for row in rows_of("rooms")]
    for row in rows:
        del row["minimum_m2"]
    assert faults_of("rooms", rows) == [
        ("table-unknown-column", None, "colour"),
        ("table-missing-column", None, "minimum_m2"),
    ]


def test_nobody_is_shut_out_of_every_road_or_of_the_way_to_it():
    rows = rows_of("speeds")
    for row in rows:
        if row["mode"] == "e-bike":
            row["speed_kmh"] = 0
    codes = {fault[0] for fault in faults_of("speeds", rows)}
    assert codes == {"table-no-open-road", "table-access-closed"}


def test_speeds_keep_the_classes_of_each_mode():
    modes = speeds.modes_of(TABLES["speeds"].defaults)
    assert {name: list(mode.speeds_kmh) for name, mode in modes.items()} == {
        name: list(mode.speeds_kmh) for name, mode in MODES.items()
    }


def test_a_difference_names_rows_and_cells():
    table = TABLES["rooms"]
    before = table.defaults
    after = [dict(before[0]) | {"base_m2": 130}, *before[2:], dict(before[1]) | {"room": "走廊"}]
    told = {(one.change, one.key): one.cells for one in difference(table, before, after)}
    assert told["changed", ("hall",)] == (("base_m2", 120, 130),)
    assert ("minimum_m2", None, 150) in told["added", ("走廊",)]
    assert ("minimum_m2", 150, None) in told["removed", ("day-care",)]
    assert difference(table, before, before) == []


def test_a_new_kind_of_table_is_one_record():
    hours = TableKind(
        "duty-hours",
        columns=(Column("desk", "text", characters=20), Column("until", "whole", unit="hour", maximum=24)),
        key=("desk",),
        defaults=({"desk": "county", "until": 18},),
        noun="incident-table",
        may_grow=True,
    )
    assert check_table(hours, GivenTable([{"desk": " 县 ", "until": "20"}])) == [{"desk": "县", "until": 20}]
