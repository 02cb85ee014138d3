"""Which open cases may be the same: by kind, distance and time, held against every pair by a second program."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from case_lives import REPORT
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from planning.incidents.duplicates import box_around, likely_same, metres_between
from planning.incidents.events import IncidentEvent
from planning.incidents.states import apply
from planning.incidents.subcategories import Subcategory

NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)
KINDS = {
    one.code: one
    for one in (
        Subcategory("traffic-road", "traffic", {}, radius_m=100, window=timedelta(hours=72)),
        Subcategory("traffic-accident", "traffic", {}, radius_m=200, window=timedelta(hours=1)),
        Subcategory("party-contact", "party", {}),
    )
}
A_DEGREE_M = 111_195


def case(name, *, north_m=0.0, minutes=0, kind="traffic-road", category="traffic"):
    told = {**REPORT, "id": name, "category": category, "lon": 117.0, "lat": 37.0 + north_m / A_DEGREE_M}
    told |= {"subcategory": kind} if kind else {}
    return apply(None, IncidentEvent(1, "reported", NOW + timedelta(minutes=minutes), told))


def found(one, *others):
    return [likely.case.id for likely in likely_same(one, others, kinds=KINDS)]


def test_the_nearest_comes_first_and_what_is_too_far_or_too_late_does_not():
    one = case("a")
    others = [
        case("far", north_m=101),
        case("late", north_m=1, minutes=72 * 60 + 1),
        case("second", north_m=99, minutes=-72 * 60),
        case("first", north_m=10, minutes=72 * 60),
        one,
    ]
    assert found(one, *others) == ["first", "second"]


@pytest.mark.parametrize(
    ("kind", "category", "expected"),
    [
        ("traffic-road", "traffic", ["a"]),
        (None, "traffic", ["a"]),  # it may be of that kind
        ("traffic-accident", "traffic", []),
        ("traffic-road", "party", []),
    ],
)
def test_two_kinds_are_not_one(kind, category, expected):
    assert found(case("b", kind="traffic-road"), case("a", kind=kind, category=category)) == expected


def test_a_case_without_a_kind_goes_by_the_narrowest_of_its_category():
    one = case("b", kind=None)
    assert found(one, case("near", north_m=99, minutes=59), case("late", minutes=61), case("far", north_m=150)) == [
        "near"
    ]


def test_a_kind_that_is_not_looked_for_finds_nothing():
    assert (
        found(case("b", kind="party-contact", category="party"), case("a", kind="party-contact", category="party"))
        == []
    )
    assert found(case("b", kind=None, category="party"), case("a", kind=None, category="party")) == []


def test_what_has_ended_is_no_duplicate():
    assert found(case("b"), replace(case("a"), state="closed")) == []


@given(lat=st.floats(-60, 60), lon=st.floats(-170, 170), north=st.floats(-3000, 3000), east=st.floats(-3000, 3000))
def test_distances_are_those_of_a_geodesic_and_the_box_holds_whatever_is_near_enough(lat, lon, north, east):
    one = replace(case("a"), lon=lon, lat=lat)
    there, high, _ = Geod(a=6_371_000, b=6_371_000).fwd(lon, lat, *_polar(north, east))
    other = replace(one, id="b", lon=there, lat=high)
    metres = metres_between(one, other)
    assert metres == pytest.approx((north**2 + east**2) ** 0.5, rel=0.002, abs=0.1)
    west, south, right, top = box_around(one, metres * 1.001 + 0.1)
    assert west <= there <= right
    assert south <= high <= top


def _polar(north, east):
    return math.degrees(math.atan2(east, north)), math.hypot(north, east)
