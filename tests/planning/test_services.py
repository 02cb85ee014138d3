"""Every service can be asked for as it stands, and says where its defaults come from."""

import ast
import re
from pathlib import Path

import pytest

from gis.travel_modes import MODES
from maps import catalogue
from maps.catalogue import has_text
from planning.hub_rooms import ROOM_BASES
from planning.services import suits
from planning.siting import MODELS
from planning.tables.services import SERVICES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))
def test_defaults_are_complete_and_have_a_basis_in_words(service):
    assert service.mode in MODES
    assert (service.p is not None) == MODELS[service.model].needs_p
    assert {"model", "limit_minutes", "mode", "group", "candidates"} <= set(service.bases)
    assert ("p" in service.bases) == (service.p is not None)
    for code in service.bases.values():
        assert has_text(f"planning.basis.{code}"), code


def test_the_defaults_are_those_of_the_source_document():
    elders, hub, rooms = (SERVICES[name] for name in ("elder-centre", "hub", "service-room"))
    assert (elders.model, elders.p, elders.group, elders.mode, elders.limit_minutes) == (
        "p-median",
        5,
        "60+",
        "car",
        30,
    )
    assert (hub.model, hub.limit_minutes, hub.mode, hub.group) == ("lscp", 15, "e-bike", "all")
    assert (rooms.model, rooms.p, rooms.mode, rooms.group) == ("p-median", 102, "e-bike", "all")


def test_what_sites_cost_and_hold_by_default():
    money = {
        service.name: (
            service.opening_yuan,
            service.closing_yuan,
            service.included,
            service.extension_yuan,
            service.load_per_mille,
        )
        for service in SERVICES.values()
    }
    assert money == {
        "elder-centre": (38_310_000, 150_000, 300, 101_000, 40),
        "hub": (1_300_000, 0, 0, 0, 1000),
        "service-room": (72_000, 0, 0, 0, 1000),
    }
    assert SERVICES["service-room"].limit_minutes == 15


def test_room_bases_are_in_the_catalogue():
    for code in ROOM_BASES.values():
        assert has_text(f"planning.basis.{code}"), code


def test_no_service_is_named_in_code_outside_the_default_table():
    found = []
    for path in tracked_code():
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        else:
            words = re.findall(r"[\"'`]([\w-]+)[\"'`]", path.read_text(encoding="utf-8"))
        found += [f"{path}: {name}" for name in SERVICES if name in words]
    assert found == []


def tracked_code():
    folders = ("gis", "planning", "layers", "maps", "api")
    paths = [path for folder in folders for end in ("py", "js", "html") for path in (ROOT / folder).rglob(f"*.{end}")]
    default_table = ROOT / "planning" / "tables" / "services.py"
    return [path for path in paths if path != default_table and "vendor" not in path.parts]


@pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))
def test_the_catalogue_calls_the_three_as_their_table_does(service):
    for lang, name in service.names.items():
        assert catalogue.text(lang, f"page.service.{service.name}") == name


def test_what_sites_must_have():
    elders, hub, rooms = SERVICES.values()
    assert (hub.largest, hub.least_floor_area_m2, hub.has_rooms) == (30_000, 500, True)
    assert (elders.least_capacity, elders.least_m2_per_place, elders.capacity_unit) == (20, 35, "beds")
    assert (rooms.above, rooms.largest, elders.largest) == (elders.name, None, None)


def test_models_of_their_own_suit_services_with_rooms_and_those_below_another():
    elders, hub, rooms = SERVICES.values()
    assert [suits(one, "hubs") for one in (elders, hub, rooms)] == [False, True, False]
    assert [suits(one, "two-tiers") for one in (elders, hub, rooms)] == [False, False, True]
    assert all(suits(one, "p-median") for one in SERVICES.values())
