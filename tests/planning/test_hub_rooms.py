"""Floor area of a hub: the table, and never under 500 m²."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.hub_rooms import (
    DEFAULT_ROOMS,
    MM2_PER_M2,
    ROOM_BASES,
    SMALLEST_HUB_M2,
    Room,
    hub_area_mm2,
    hub_program,
    room_areas_mm2,
    whole_figures,
)


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


@pytest.mark.parametrize(
    ("room", "people", "children", "mm2"),
    [
        (Room("r", base_m2=10), 5, 0, 12_000_000),  # a fifth on top for corridors
        (Room("r", base_m2=10, minimum_m2=11), 5, 0, 13_200_000),
        (Room("r", per_1000_people_m2=75), 1000, 0, 90_000_000),
        (Room("r", per_child_m2=1.2), 0, 100, 21_600_000),  # 15 of 100 come
        (Room("r", per_1000_people_m2=0.0015), 1, 0, 2),  # 1.8 mm² a person
        (Room("r", per_1000_people_m2=0.00125), 1, 0, 2),  # 1.5 mm²: halves are rounded up
        (Room("r", per_1000_people_m2=0.00119), 1, 0, 1),  # 1.428 mm²
    ],
)
def test_figures_of_the_table_are_rounded_once_to_the_nearest_square_millimetre(room, people, children, mm2):
    assert room_areas_mm2(people, children, whole_figures([room], ages_known=True)) == [mm2]


def test_without_ages_every_hundred_people_count_as_twelve_children():
    room = [Room("after-school", base_m2=10, per_child_m2=2)]
    guessed, known = (whole_figures(room, ages_known=ages) for ages in (False, True))
    assert guessed == ((12_000_000, 43_200, 0, 0),)
    assert room_areas_mm2(1000, 0, guessed) == room_areas_mm2(1000, 120, known) == [55_200_000]


@pytest.mark.parametrize(("children", "coming"), [(0, 0), (1, 1), (6, 1), (7, 2), (20, 3), (100, 15)])
def test_whoever_comes_in_part_comes(children, coming):
    assert hub_program(1, children=children).children == coming


@given(st.integers(0, 30_000), st.integers(0, 3_000))
def test_a_hub_is_its_rooms_and_no_less_than_the_smallest(people, children):
    figures = whole_figures(ages_known=True)
    area = hub_area_mm2(people, children, figures)
    assert area == max(SMALLEST_HUB_M2 * MM2_PER_M2, sum(room_areas_mm2(people, children, figures)))
    assert hub_program(people, children=children).floor_area_m2 == -(-area // MM2_PER_M2)


def test_small_tables_make_the_smallest_hub():
    tiny = whole_figures([Room("r", base_m2=1)], ages_known=True)
    assert hub_area_mm2(0, 0, tiny) == 500 * 10**6
    assert hub_area_mm2(0, 0, whole_figures([Room("r", base_m2=500)], ages_known=True)) == 600 * 10**6


@pytest.mark.parametrize(
    ("base_m2", "gross_mm2"), [(1.25e-6, 2), (1.2e-6, 1), (1.3e-6, 2), (0.1, 120_000), (3.75e-6, 5)]
)
def test_figures_are_rounded_once_to_whole_square_millimetres_halves_upwards(base_m2, gross_mm2):
    assert whole_figures([Room("hall", base_m2=base_m2)], ages_known=True) == ((gross_mm2, 0, 0, 0),)


@pytest.mark.parametrize(("children", "coming"), [(0, 0), (1, 1), (6, 1), (7, 2), (20, 3), (21, 4)])
def test_a_child_who_comes_in_part_needs_a_whole_place(children, coming):
    assert hub_program(100, children=children).children == coming


def test_where_ages_are_not_known_only_people_count():
    known, assumed = whole_figures(ages_known=True), whole_figures(ages_known=False)
    assert [figure[2] for figure in assumed] == [0] * len(DEFAULT_ROOMS)
    assert [figure[2] > 0 for figure in known] == [room.per_child_m2 > 0 for room in DEFAULT_ROOMS]
    for with_ages, without in zip(known, assumed, strict=True):
        assert abs(without[1] - (with_ages[1] + with_ages[2] * 12 / 100)) <= 1
