"""Roads between villages: straight stretches and rounded bends, clear of everything, no two alike."""

import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.reconstruction.bends import Surroundings, bend_courses
from layers.reconstruction.courses import Course
from layers.reconstruction.local_roads import Links, draw_links
from layers.reconstruction.streets import VillagePlan

TURN = 12.0 + 1e-6
"""Degrees that a road may turn at one vertex."""
LONGER = 1.25
"""No road is longer than its straight line by more than a quarter."""

OUTLINE = shapely.box(0, 0, 9000, 9000)
RIVERS = np.array([shapely.LineString([(0, 4300), (3000, 4400), (6000, 4900), (9000, 5000)])])
MAIN_ROADS = np.array([shapely.LineString([(2600, 0), (3100, 9000)])])
NOBODY = shapely.Polygon()


def plan_village(middle, turn: float) -> VillagePlan:
    return VillagePlan(np.array(middle), half_m=130.0, turn=turn, street_m=1500.0, is_urban=False)


@pytest.fixture(scope="module")
def plans() -> list[VillagePlan]:
    """A hundred villages some 800 m apart, clear of border, river and main road."""
    rng = np.random.default_rng(11)
    spots = np.stack(np.meshgrid(np.arange(600, 8700, 820.0), np.arange(600, 8700, 820.0)), axis=2).reshape(-1, 2)
    spots += rng.uniform(-190, 190, spots.shape)
    far_m = shapely.distance(shapely.points(spots), shapely.union_all([*RIVERS, *MAIN_ROADS]))
    return [plan_village(spot, float(rng.normal(0, 0.09))) for spot in spots[far_m > 260]]


def draw(plans: list[VillagePlan], seed: int = 5) -> Links:
    rng = np.random.default_rng(seed)
    return draw_links(plans, outline=OUTLINE, rivers=RIVERS, main_roads=MAIN_ROADS, rng=rng)


@pytest.fixture(scope="module")
def links(plans: list[VillagePlan]) -> Links:
    return draw(plans)


def steps(line) -> np.ndarray:
    return np.diff(shapely.get_coordinates(line), axis=0)


def turns(line) -> np.ndarray:
    """Degrees by which a line turns at each vertex, to the left positive."""
    heading = np.arctan2(*steps(line).T[::-1])
    return np.degrees((np.diff(heading) + np.pi) % (2 * np.pi) - np.pi)


def straight_m(line) -> float:
    return float(np.hypot(*np.subtract(line.coords[-1], line.coords[0])))


def is_wet(links: Links) -> np.ndarray:
    return shapely.intersects(links.lines, RIVERS[0])


def test_no_road_has_a_corner(links):
    assert max(np.abs(turns(line)).max(initial=0.0) for line in links.lines) <= TURN


def test_roads_run_from_gate_to_gate_and_little_longer_than_straight(plans, links):
    for (a, b), (gate, other), line in zip(links.pairs, links.gates, links.lines, strict=True):
        ends = shapely.get_coordinates(line)[[0, -1]]
        assert np.array_equal(ends, [plans[a].gate(gate), plans[b].gate(other)])
        assert line.length <= LONGER * straight_m(line)


def test_most_roads_are_nearly_straight(links):
    longer = np.array([line.length / straight_m(line) for line in links.lines])
    assert 1.005 < np.median(longer) < 1.08


def test_roads_cross_neither_themselves_nor_each_other(links):
    assert shapely.is_simple(links.lines).all()
    one, other = shapely.STRtree(links.lines).query(links.lines, predicate="crosses")
    assert not len(one)
    assert not len(other)


def test_roads_stay_in_the_county_and_off_the_ground_of_villages(plans, links):
    assert shapely.covered_by(links.lines, OUTLINE.buffer(-15)).all()
    ground = shapely.buffer(shapely.points([plan.middle for plan in plans]), 0.97 * 130.0)
    assert not len(shapely.STRtree(ground).query(links.lines, predicate="intersects")[0])


def test_only_bridges_come_near_the_river_and_cross_it_at_a_right_angle(links):
    wet = is_wet(links)
    assert wet.sum() >= 2
    assert (shapely.distance(links.lines[~wet], RIVERS[0]) >= 69).all()
    for line in links.lines[wet]:
        at = line.project(line.intersection(RIVERS[0]))
        before, over, after = (np.array(line.interpolate(at + d).coords[0]) for d in (-44, 0, 44))
        assert np.hypot(*(before + after - 2 * over)) < 0.01
        where = RIVERS[0].project(shapely.Point(over))
        flow = np.subtract(*(RIVERS[0].interpolate(where + d).coords[0] for d in (30, -30)))
        cos = abs(flow @ (after - before)) / np.hypot(*flow) / np.hypot(*(after - before))
        assert np.degrees(np.arccos(cos)) > 89


def test_one_road_at_every_gate_continues_the_street(plans, links):
    headings: dict[tuple[int, int], list[float]] = {}
    for pair, gates, line in zip(links.pairs, links.gates, links.lines, strict=True):
        ways = steps(line)[0], -steps(line)[-1]
        for village, gate, way in zip(pair, gates, ways, strict=True):
            head = plans[village].gate(gate) - plans[village].middle
            cos = head @ way / np.hypot(*head) / np.hypot(*way)
            headings.setdefault((village, gate), []).append(np.degrees(np.arccos(min(cos, 1.0))))
    assert max(min(each) for each in headings.values()) < 1


def test_roads_differ_from_each_other(links):
    """The stairs of before were one shape: along, across, along, with a left turn and a right turn of the same size."""
    dry = links.lines[~is_wet(links)]
    bent = [turns(line) for line in dry]
    sides = [tuple(np.sign(turn[np.abs(turn) > 1]).astype(int)) for turn in bent]
    assert len(set(sides)) > len(dry) / 4
    commonest = max(sides.count(side) for side in set(sides))
    assert commonest < len(dry) / 8


def test_one_seed_is_one_set_of_roads(plans, links):
    again, other = draw(plans), draw(plans, seed=6)
    assert np.array_equal(again.pairs, links.pairs)
    assert (shapely.to_wkb(again.lines) == shapely.to_wkb(links.lines)).all()
    assert set(shapely.to_wkb(other.lines)) != set(shapely.to_wkb(links.lines))


def around(land=OUTLINE, water=NOBODY, beside=NOBODY, villages=()) -> Surroundings:
    return Surroundings(
        land=land, water=water, beside=beside, beside_m=100.0, villages=np.array(villages, dtype=object)
    )


def straight_road(x: float = 0.0) -> Course:
    gates = np.array([(x, 1000.0), (x, 2600.0)])
    return Course(gates, np.array([(0.0, 1.0), (0.0, -1.0)]))


def lay(courses: list[Course], surroundings: Surroundings, seed: int) -> np.ndarray:
    k = len(courses)
    rng = np.random.default_rng(seed)
    return bend_courses(courses, order=np.arange(k), fixed=np.zeros(k, bool), around=surroundings, rng=rng)


@pytest.mark.parametrize("seed", range(20))
def test_a_road_bends_only_where_there_is_room(seed):
    lane = shapely.box(-1, 900, 1, 2700)
    field = shapely.box(3, 1050, 900, 2550)
    wide = shapely.box(-9000, 0, 9000, 9000)
    assert lay([straight_road()], around(land=lane), seed)[0].equals(straight_road().line)
    assert not lay([straight_road()], around(land=wide, villages=[field]), seed)[0].intersects(field)
    assert not lay([straight_road()], around(land=wide, water=field), seed)[0].intersects(field)


@pytest.mark.parametrize("seed", range(20))
def test_neighbours_give_way_to_each_other(seed):
    wide = around(land=shapely.box(-9000, 0, 9000, 9000))
    lines = lay([straight_road(), straight_road(150.0), straight_road(300.0)], wide, seed)
    assert not shapely.crosses(lines[:-1], lines[1:]).any()
    assert not lines[0].crosses(lines[2])


def test_a_road_that_is_fixed_stays():
    course = dataclasses.replace(straight_road(), over=np.array([(200.0, 1800.0)]), tangents_m=np.array([90.0]))
    rng = np.random.default_rng(1)
    laid = bend_courses([course], order=np.array([0]), fixed=np.array([True]), around=around(), rng=rng)
    assert laid[0].equals(course.line)


@given(
    along=st.floats(150, 2500),
    leans=st.tuples(st.floats(-1.2, 1.2), st.floats(-1.2, 1.2)),
    leads=st.tuples(st.booleans(), st.booleans()),
    bends=st.lists(st.tuples(st.floats(-0.2, 0.2), st.floats(1, 300)), max_size=2),
)
def test_every_corner_is_rounded_and_every_end_kept(along, leans, leads, bends):
    gates = np.array([(0.0, 0.0), (along, 0.0)])
    heads = np.array([(np.cos(leans[0]), np.sin(leans[0])), (-np.cos(leans[1]), np.sin(leans[1]))])
    share = np.linspace(0, 1, len(bends) + 2)[1:-1]
    over = np.array([(s * along, aside * along) for s, (aside, _) in zip(share, bends, strict=True)]).reshape(-1, 2)
    line = Course(gates, heads, leads, over, np.array([tangent_m for _, tangent_m in bends])).line
    assert np.array_equal(shapely.get_coordinates(line)[[0, -1]], gates)
    assert np.abs(turns(line)).max(initial=0.0) <= TURN
    assert line.is_simple
