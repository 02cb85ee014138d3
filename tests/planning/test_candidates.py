"""Thinned candidates keep every corner, every township and every island."""

import numpy as np
import pytest

from maps.catalogue import has_text
from planning.candidates import choose_candidates


@pytest.fixture
def county():
    rng = np.random.default_rng(4)
    xy = rng.uniform(0, 40_000, (865, 2))
    weights = rng.integers(50, 3_000, 865)
    townships = np.array([f"t{int(x // 10_000)}{int(y // 14_000)}" for x, y in xy], object)
    components = np.zeros(865, int)
    components[:3] = 1
    return xy, weights, {"townships": townships, "components": components}


def test_all_points_are_candidates_when_the_model_can_take_them(county):
    xy, weights, kinds = county
    chosen = choose_candidates(xy, weights, **kinds, rule="all")
    assert chosen.indices.tolist() == list(range(865))
    assert (chosen.of, chosen.rule) == (865, "all-points")


def test_thinning_keeps_150_and_says_so(county):
    xy, weights, kinds = county
    chosen = choose_candidates(xy, weights, **kinds, rule="thinned", p=5)
    assert len(chosen.indices) == 150
    assert (chosen.of, chosen.rule) == (865, "heaviest-and-spread")
    assert (np.diff(chosen.indices) > 0).all()
    assert has_text(f"planning.candidates.{chosen.rule}")


def test_every_township_island_and_corner_is_represented(county):
    xy, weights, kinds = county
    chosen = choose_candidates(xy, weights, **kinds, rule="thinned").indices
    assert set(kinds["townships"][chosen]) == set(kinds["townships"])
    assert set(kinds["components"][chosen]) == {0, 1}
    away = np.hypot(*(xy[:, None] - xy[None, chosen]).transpose(2, 0, 1)).min(axis=1)
    assert away.max() < 5_000, "nobody is far from every candidate"
    assert int(np.argmax(weights)) in chosen


def test_many_sites_keep_a_choice_of_twice_as_many(county):
    xy, weights, kinds = county
    assert len(choose_candidates(xy, weights, **kinds, rule="thinned", p=102).indices) == 204


def test_the_choice_depends_on_nothing_but_the_data(county):
    xy, weights, kinds = county
    first = choose_candidates(xy, weights, **kinds, rule="thinned")
    second = choose_candidates(xy.copy(), weights.copy(), **kinds, rule="thinned")
    assert first.indices.tolist() == second.indices.tolist()


def test_places_on_top_of_each_other_are_chosen_once():
    xy, weights = np.zeros((400, 2)), np.ones(400, np.int64)
    same = np.zeros(400, int)
    chosen = choose_candidates(xy, weights, townships=same, components=same, rule="thinned").indices
    assert chosen.tolist() == list(range(150))
