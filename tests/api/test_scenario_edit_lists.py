"""Three hundred random lists of edits: matrix, weights and rules as a second program applies them to the arrays."""

import hashlib
from collections import Counter

import numpy as np
import pytest
from edit_oracle import Ways, edited_arcs, of, people_counted
from random_edits import Draws, shuffled, without_contradictions
from scattered_county import build_scattered_county
from toy_county import FACILITIES, lon_lat

from api.actions.open_county import OpenCounty
from api.actions.posed import built_at
from gis.cost_matrix import UNREACHABLE
from layers.cache import Cache
from layers.county import open_county
from planning.scenario import edits as kinds
from planning.scenario.defaults import with_defaults
from planning.scenario.question import Conditions, PlanQuestion
from planning.siting import rules
from planning.tables.in_force import DEFAULTS

LISTS = 150  # on each of two counties


@pytest.fixture(scope="module")
def scattered_data(tmp_path_factory):
    return build_scattered_county(tmp_path_factory.mktemp("scattered"))


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def asked(edits, **given):
    conditions = Conditions(capacity=given.pop("capacity", None))
    return with_defaults(
        PlanQuestion("elder-centre", p=2, conditions=conditions, edits=tuple(edits), **given), DEFAULTS.services
    )


def rows_of(snapped):
    walk = snapped.walk_ms.tolist()
    xy = np.asarray(snapped.xy)
    return [(int(a), float(f), w, p) for a, f, w, p in zip(snapped.arc, snapped.fraction, walk, xy, strict=True)]


def matrix_by_hand(at_hand, edits, candidates, mode):
    def metres_of(lon_lat_):
        return at_hand.metres_of(*lon_lat_)[0]

    network = at_hand.network(mode)
    arcs = edited_arcs(network, at_hand.roads, edits, metres_of, mode)
    ways = Ways(arcs, len(at_hand.roads), at_hand.roads, at_hand.tables.modes[mode].access_kmh)
    sites = rows_of(at_hand.snap_points(candidates.positions, mode=mode))
    seconds = ways.seconds(rows_of(at_hand.snapped_demand(mode)), sites)
    for row, id_ in enumerate(at_hand.demand.index.astype(str)):
        seconds[row, [k for k, site in enumerate(candidates.ids) if site == id_]] = 0
    return seconds


def candidates_by_hand(at_hand, edits):
    """Ids, and which stand: places, homes, new ones, then adopted ones that are none of these."""
    ids = at_hand.demand.index.astype(str).tolist()
    homes = [id_ for id_, row in at_hand.county.layer("facilities").iterrows() if row["kind"] == "elder-home"]
    stands = dict.fromkeys(ids, False) | dict.fromkeys(homes, True)
    stands |= {edit.target: False for edit in of(edits, kinds.NewCandidate)}
    for edit in of(edits, kinds.Adopted):
        stands |= {site.target: True for site in edit.sites if edit.target == "elder-centre"}
    return stands


def statuses_by_hand(edits, stands, names):
    status = {id_: "closable" if there else "candidate" for id_, there in stands.items()}
    for edit in of(edits, kinds.Adopted):
        status |= {site.target: "existing" for site in edit.sites if edit.target == "elder-centre"}
    for edit in of(edits, kinds.SiteStatus):
        id_ = edit.target if edit.target in status else names[edit.target]
        of_standing = {"required": "existing", "excluded": "closed"} if stands[id_] else {}
        status[id_] = of_standing.get(edit.status, edit.status)
    return status


def check(at_hand, built, edits, mode):
    candidates, problem = built.resolved.candidates, built.problem
    stands = candidates_by_hand(at_hand, edits)
    assert dict(zip(candidates.ids, candidates.stands.tolist(), strict=True)) == stands
    expected = matrix_by_hand(at_hand, edits, candidates, mode)
    found = np.where(problem.values >= UNREACHABLE, -1, problem.values)
    assert np.array_equal(found, expected)
    assert problem.weights.tolist() == people_counted(at_hand.demand, edits, base="resident", group="60+")
    names = {str(name): str(id_) for id_, name in at_hand.demand["name"].items()}
    status = [rules.STATUSES[k] for k in problem.rules.status]
    assert dict(zip(candidates.ids, status, strict=True)) == statuses_by_hand(edits, stands, names)
    if built.resolved.question.conditions.capacity is not None:
        check_capacities(built, edits)


def check_capacities(built, edits):
    candidates, capacity = built.resolved.candidates, built.problem.capacity
    for edit in [*of(edits, kinds.SiteCapacity), *of(edits, kinds.NewCandidate)]:
        if edit.capacity is not None:
            (row,) = candidates.rows_by_word[edit.target]
            assert capacity.capacities[row] == edit.capacity
            if candidates.stands[row]:
                assert capacity.included[row] == edit.capacity


def draws_of(at_hand, rng, mode):
    names = at_hand.demand["name"].astype(str)
    places = [*at_hand.demand.index.astype(str), *names[~names.duplicated(keep=False)]]
    pieces = [*at_hand.roads.index.astype(str), *at_hand.roads["name"].unique().tolist()[:3]]
    return Draws(rng, lon_lat, places=places, facilities=[*FACILITIES], roads=pieces, mode=mode)


@pytest.mark.parametrize("county", ["toy", "scattered"])
def test_300_random_lists_of_edits_are_what_a_second_program_makes_of_them(county, toy_data, scattered_data, tmp_path):
    data = {"toy": toy_data, "scattered": scattered_data}[county]
    before = hashes(data)
    at_hand = OpenCounty(open_county(data), cache=Cache(tmp_path), tables=DEFAULTS)
    rng = np.random.default_rng(len(county))
    seen: Counter[str] = Counter()
    for number in range(LISTS):
        mode = ("e-bike", "car", "walk")[number % 3]
        capacity = 300 if number % 2 else None

        def build(edits, *, mode=mode, capacity=capacity):
            return built_at(at_hand, asked(edits, mode=mode, capacity=capacity))

        edits, built = without_contradictions(draws_of(at_hand, rng, mode).edits(), build)
        seen.update(edit.op for edit in edits)
        check(at_hand, built, edits, mode)
        other = build(shuffled(rng, edits))
        assert_same(built, other)
    assert set(seen) == set(kinds.OPS)
    assert min(seen.values()) >= LISTS // 15
    assert hashes(data) == before


def assert_same(one, other):
    order = [
        {id_: k for k, id_ in enumerate(other.resolved.candidates.ids)}[id_] for id_ in one.resolved.candidates.ids
    ]
    assert np.array_equal(one.problem.values, other.problem.values[:, order])
    assert np.array_equal(one.problem.weights, other.problem.weights)
    assert np.array_equal(one.problem.rules.status, other.problem.rules.status[order])
    assert one.resolved.roads == other.resolved.roads
    assert one.resolved.question.limit_s == other.resolved.question.limit_s
