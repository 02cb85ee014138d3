"""Every service can be asked for as it stands, and says where its defaults come from."""

import pytest

from gis.travel_modes import MODES
from maps.catalogue import has_text
from planning.hub_rooms import ROOM_BASES
from planning.services import SERVICES
from planning.siting import MODELS


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
