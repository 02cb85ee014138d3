"""Services of a county file: read with all faults at once, kept in the manifest, laid over the program's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from toy_county import write_toy_county

from gis.faults import Fault
from layers.build import build_county
from layers.county import open_county
from layers.county_file import parse_county_file
from layers.county_services import read_services
from planning.tables.in_force import DEFAULTS, Edition, Tables, default_edition
from planning.tables.services import SERVICES, TABLE

CLINIC = """
[services.clinic]
name_zh = "村卫生室"
name_en = "Village clinic"
mode = "walk"
limit_minutes = 15
floor_area_m2 = 80
"""


def services_of(text: str, folder: Path) -> tuple[list[dict], list[Fault]]:
    toml = write_toy_county(folder)
    toml.write_text(toml.read_text(encoding="utf-8") + text, encoding="utf-8")
    spec, faults = parse_county_file(toml)
    return [dict(row) for row in spec.services], faults


def found(**tables) -> tuple[list, list[tuple[str, str]]]:
    faults: list[Fault] = []
    rows = read_services({name.replace("_", "-"): table for name, table in tables.items()}, faults, "county.toml")
    return list(rows), [(fault.code, fault.field) for fault in faults]


SOUND = {"mode": "walk", "limit_minutes": 15}


def test_a_service_needs_only_how_people_go_and_how_far(tmp_path):
    rows, faults = services_of(CLINIC, tmp_path)
    assert faults == []
    assert rows[0].keys() == {column.name for column in TABLE.columns}
    service = DEFAULTS.with_county(rows).services["clinic"]
    assert (service.names["zh"], service.mode, service.limit_minutes, service.group) == ("村卫生室", "walk", 15, "all")
    assert (service.model, service.p, service.floor_area_m2, service.facility_kinds) == ("lscp", None, 80, ("clinic",))
    assert (service.opening_yuan, service.bases["opening_yuan"]) == (80 * 2600, "cost-of-floor-area")


def test_a_service_of_the_program_can_be_otherwise_in_a_county(tmp_path):
    rows, faults = services_of('[services.hub]\nlimit_minutes = 20\nopening_yuan = 7\nbasis = "县里规定"\n', tmp_path)
    hub = DEFAULTS.with_county(rows).services["hub"]
    assert (faults, hub.limit_minutes, hub.opening_yuan, hub.mode) == ([], 20, 7, "e-bike")
    assert hub.bases["limit_minutes"] == hub.bases["opening_yuan"] == "县里规定"
    assert hub.bases["mode"] == SERVICES["hub"].bases["mode"]
    assert list(DEFAULTS.with_county(rows).services) == list(SERVICES)


@pytest.mark.parametrize(
    ("table", "code", "key"),
    [
        ({"limit": 15}, "unknown-key", ""),
        ({"mode": "sledge"}, "unknown-choice", ".mode"),
        ({"model": "budget"}, "unknown-choice", ".model"),
        ({"model": "p-median"}, "service-without-p", ".p"),
        ({"p": 3}, "service-p-unused", ".p"),
        ({"model": "hubs"}, "service-model-unfit", ".model"),
        ({"model": "two-tiers", "p": 3}, "service-model-unfit", ".model"),
        ({"group": "70+"}, "unknown-choice", ".group"),
        ({"capacity_unit": "horses"}, "unknown-choice", ".capacity_unit"),
        ({"only_where": "hubb"}, "unknown-service", ".only_where"),
        ({"only_where": "clinic"}, "service-its-own", ".only_where"),
        ({"above": "school"}, "unknown-service", ".above"),
        ({"limit_minutes": 0}, "table-too-small", ".limit_minutes"),
        ({"limit_minutes": float("nan")}, "table-not-a-number", ".limit_minutes"),
        ({"limit_minutes": "15"}, "wrong-type", ".limit_minutes"),
        ({"largest": 1.5}, "table-not-whole", ".largest"),
        ({"largest": True}, "wrong-type", ".largest"),
        ({"opening_yuan": -1}, "table-too-small", ".opening_yuan"),
        ({"has_rooms": "yes"}, "wrong-type", ".has_rooms"),
        ({"facility_kinds": [1]}, "wrong-type", ".facility_kinds"),
        ({"name_zh": ["x"]}, "wrong-type", ".name_zh"),
        ({"name_zh": "名" * 21}, "table-text-too-long", ".name_zh"),
        ({"name_zh": "社区综合服务中心"}, "table-double-name", ".name_zh"),
    ],
)
def test_one_wrong_value_is_one_fault_at_its_place(table, code, key):
    rows, faults = found(clinic={**SOUND, **table})
    assert faults == [(code, f"services.clinic{key}")]
    assert rows == [] or code == "table-double-name"


def test_everything_that_is_wrong_is_told_at_once():
    _rows, faults = found(clinic={"limits": 1, "group": "x"}, Day_care=SOUND, school="no table")
    assert sorted(faults) == [
        ("missing-key", "services.clinic.limit_minutes"),
        ("missing-key", "services.clinic.mode"),
        ("service-bad-code", "services.Day-care"),
        ("unknown-choice", "services.clinic.group"),
        ("unknown-key", "services.clinic"),
        ("wrong-type", "services.school"),
    ]


def test_only_a_county_with_services_of_its_own_has_them_in_its_version(tmp_path):
    plain = write_toy_county(tmp_path / "plain")
    own = write_toy_county(tmp_path / "own")
    own.write_text(own.read_text(encoding="utf-8") + CLINIC, encoding="utf-8")
    data = tmp_path / "data"
    without, with_clinic = (build_county(toml, data_dir=data).version for toml in (plain, own))
    assert "services" not in json.loads((data / "builds" / f"{without}.json").read_text(encoding="utf-8"))
    assert (open_county(data, version=without).services, without == with_clinic) == ((), False)
    assert [row["service"] for row in open_county(data, version=with_clinic).services] == ["clinic"]


def test_the_office_goes_before_the_county_and_the_county_before_the_program():
    rows, _ = found(hub={"limit_minutes": 20}, clinic=SOUND)
    unchanged = Tables({"services": default_edition("services")}, of_county=tuple(rows))
    assert unchanged.services["hub"].limit_minutes == 20, "a table saved as it comes says nothing"
    edited = tuple({**row, "limit_minutes": 25} for row in TABLE.defaults)
    office = Tables({"services": Edition("services", 2, edited, "sha")}, of_county=tuple(rows))
    assert office.services["hub"].limit_minutes == 25
    assert office.services["clinic"].limit_minutes == 15
    only_one = Tables({"services": Edition("services", 3, edited[:1], "sha")})
    assert list(only_one.services) == [edited[0]["service"]], "what the office removed is gone"


def test_unit_costs_of_the_office_go_before_those_of_a_county_file():
    rows, _ = found(clinic={**SOUND, "opening_yuan": 9})
    cost = {**default_edition("unit-costs").rows[0], "service": "clinic", "opening_yuan": 11}
    tables = Tables({"unit-costs": Edition("unit-costs", 1, (cost,), "sha")}, of_county=tuple(rows))
    assert tables.services["clinic"].opening_yuan == 11
    assert tables.services["hub"].opening_yuan == SERVICES["hub"].opening_yuan
