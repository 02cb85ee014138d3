"""Floor area of a hub: the table, and never under 500 m²."""

from hypothesis import given
from hypothesis import strategies as st

from planning.hub_rooms import DEFAULT_ROOMS, ROOM_BASES, Room, hub_program


def test_a_town_of_ten_thousand_by_hand():
    program = hub_program(10_000, children=1_000)
    assert program.children == 150
    assert dict(program.rooms) == {
        "hall": 220,
        "day-care": 750,
        "after-school": 280,
        "clinic": 80,
        "circulation": 266,
    }
    assert program.floor_area_m2 == 1_596


def test_never_under_500_square_metres():
    assert hub_program(0).floor_area_m2 == 540, "the rooms alone are more"
    assert hub_program(0, rooms=[Room("hall", base_m2=10)]).floor_area_m2 == 500


def test_without_ages_a_share_of_the_people_is_assumed():
    assert hub_program(1_000).children == hub_program(1_000, children=120).children == 18


def test_the_table_can_be_edited():
    program = hub_program(2_000, rooms=[Room("library", base_m2=400, per_1000_people_m2=50, minimum_m2=450)])
    assert program.rooms == (("library", 500), ("circulation", 100))
    assert program.floor_area_m2 == 600


def test_every_default_has_a_basis():
    assert set(ROOM_BASES) == {room.name for room in DEFAULT_ROOMS} | {"circulation"}


@given(st.integers(0, 100_000), st.integers(0, 20_000))
def test_more_people_never_need_less_and_rooms_add_up(people, children):
    program = hub_program(people, children=children)
    assert hub_program(people + 1, children=children + 1).floor_area_m2 >= program.floor_area_m2 >= 500
    assert program.floor_area_m2 == max(500, sum(area for _, area in program.rooms))
