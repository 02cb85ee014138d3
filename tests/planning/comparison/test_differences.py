"""Who gains and who loses: whole numbers that add up, and the losers as an independent table finds them."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from gis.cost_matrix import UNREACHABLE
from planning.comparison.difference import change_by_township, count_moved, count_person_seconds
from planning.comparison.losers import find_losers, sum_of_losers
from planning.comparison.scheme import Scheme, align


def scheme(key, seconds, *, people=None, ids=None, elders=None, townships=None):
    n = len(seconds)
    ids = [f"P{k}" for k in range(n)] if ids is None else ids
    return Scheme(
        key=key,
        ids=np.array(ids, object),
        names=np.array([f"村{id_}" for id_ in ids], object),
        townships=np.array(["镇"] * n if townships is None else townships, object),
        lon_lat=np.zeros((n, 2)),
        people=np.array([1] * n if people is None else people, np.int64),
        elders=None if elders is None else np.array(elders, np.int64),
        seconds=np.array([UNREACHABLE if one is None else one for one in seconds], np.int32),
    )


@st.composite
def counties(draw):
    """Two to six schemes over places that need not be the same, some served by no site."""
    known = [f"P{k}" for k in range(draw(st.integers(1, 8)))]
    people = draw(st.lists(st.sampled_from([0, 1, 7, 2**28]), min_size=len(known), max_size=len(known)))
    schemes = []
    for key in "0ABCDE"[: draw(st.integers(2, 6))]:
        ids = draw(st.lists(st.sampled_from(known), min_size=1, unique=True))
        times = st.one_of(st.none(), st.sampled_from([0, 299, 300, 600, 601, 2**20]))
        seconds = draw(st.lists(times, min_size=len(ids), max_size=len(ids)))
        counted = [people[known.index(id_)] for id_ in ids]
        towns = ["东" if id_ < "P3" else "" for id_ in ids]
        schemes.append(scheme(key, seconds, ids=ids, people=counted, elders=counted, townships=towns))
    return schemes


def table(schemes):
    """One row a place and scheme."""
    return pd.concat(
        pd.DataFrame(
            {
                "key": one.key,
                "id": one.ids,
                "people": one.people,
                "township": one.townships,
                "s": np.where(one.seconds < UNREACHABLE, one.seconds, np.nan),
            }
        )
        for one in schemes
    )


def beside(frame, before, after):
    """The places that both schemes have, with their times."""
    was, now = (frame[frame.key == key].set_index("id") for key in (before, after))
    return was.join(now["s"].rename("s_after"), how="inner")


def pairs(schemes):
    return [(one.key, other.key) for k, one in enumerate(schemes) for other in schemes[k + 1 :]]


@given(counties())
def test_gains_and_losses_of_every_pair_add_up_to_the_difference_of_totals(schemes):
    places, frame = align(schemes), table(schemes)
    for before, after in pairs(schemes):
        both = beside(frame, before, after).dropna()
        totals = [sum(int(p) * int(s) for p, s in zip(both.people, both[c], strict=True)) for c in ("s", "s_after")]
        found = count_person_seconds(places, before, after)
        assert found.net == found.gained - found.lost == totals[0] - totals[1]
        assert min(found.gained, found.lost) >= 0
        back = count_person_seconds(places, after, before)
        assert (back.gained, back.lost, back.net) == (found.lost, found.gained, -found.net)


@given(counties())
def test_everybody_at_places_that_both_have_is_counted_once(schemes):
    places, frame = align(schemes), table(schemes)
    for before, after in pairs(schemes):
        moved, both = count_moved(places, before, after).as_dict(), beside(frame, before, after)
        assert sum(moved.values()) == both.people.sum()
        assert moved["newly_served"] == both.people[both.s.isna() & both.s_after.notna()].sum()
        assert moved["no_longer_served"] == both.people[both.s.notna() & both.s_after.isna()].sum()
        assert moved["lose"] == both.people[both.s_after > both.s].sum()
        towns = change_by_township(places, before, after)
        for part in ("gain", "lose"):
            assert sum(one[part] for one in towns) == moved[part]
        assert sum(one["people"] for one in towns) == both.people.sum()


@given(counties())
def test_losers_are_those_that_an_independent_table_finds(schemes):
    places, frame = align(schemes), table(schemes)
    for before, after in pairs(schemes):
        both = beside(frame, before, after)
        lost = both[(both.people > 0) & both.s.notna() & (both.s_after.isna() | (both.s_after - both.s > 300))]
        found = find_losers(places, before, after)
        assert {str(places.ids[one.row]): one.people for one in found} == lost.people.to_dict()
        told = sum_of_losers(found)
        assert told == {"places": len(lost), "people": lost.people.sum(), "elders": lost.people.sum()}
        more = sum(one["lose_more"] for one in change_by_township(places, before, after))
        assert more == told["people"]


def test_five_minutes_are_no_loss_and_who_is_served_no_longer_comes_first():
    schemes = [scheme("A", [0, 0, 0, 100], people=[9, 2, 5, 1]), scheme("B", [300, 301, 400, None])]
    found = find_losers(align(schemes), "A", "B")
    assert [(one.row, one.more_s) for one in found] == [(3, None), (2, 400), (1, 301)]
    assert find_losers(align(schemes), "A", "B", more_than_s=400) == found[:1]


def test_elders_are_told_only_where_they_are_counted():
    found = find_losers(align([scheme("A", [0]), scheme("B", [900])]), "A", "B")
    assert [one.elders for one in found] == [None]
    assert sum_of_losers(found)["elders"] is None
    assert sum_of_losers([]) == {"places": 0, "people": 0, "elders": 0}


def test_a_place_that_only_one_scheme_has_is_nobodys_loss():
    places = align([scheme("A", [10, 20], ids=["P0", "P1"]), scheme("B", [5, 7], ids=["P2", "P0"], people=[3, 4])])
    assert places.ids.tolist() == ["P0", "P1", "P2"]
    assert places.people.tolist() == [1, 1, 3], "as the first scheme that has a place counts it"
    assert places.seconds["B"].tolist() == [7, UNREACHABLE, 5]
    assert find_losers(places, "A", "B") == []
    assert sum(count_moved(places, "A", "B").as_dict().values()) == 1
