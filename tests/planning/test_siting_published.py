"""Published optima: OR-Library and San Francisco, each with a proof that the checker accepts."""

import numpy as np
import pytest
from benchmarks import siting_cases as cases

from planning.siting import MODELS, SitingProblem, verify

KNOWN = {kind: cases.published(kind) if cases.ORLIB.exists() else {} for kind in ("pmedopt", "pcenteropt")}
orlib = pytest.mark.skipif(not cases.ORLIB.exists(), reason=f"no OR-Library files at {cases.ORLIB}")
QUICK_MEDIANS = [number for number in range(1, 41) if number not in (36, 38, 39)]  # the bench asks for all
QUICK_CENTERS = [1, 2, 3, 4, 5, 8, 9, 10, 14, 15, 20, 25, 30, 34]


def pmed_problem(number):
    lengths, p = cases.pmed(number)
    return SitingProblem.from_arrays(lengths, np.ones(len(lengths), int)), p


def proven(problem, model, **options):
    solution = MODELS[model].solve(problem, **options)
    assert (solution.status, solution.proof) == ("optimal", "certificate")
    assert solution.bound == solution.objective
    assert verify(problem, solution) == []
    return solution


@orlib
def test_the_published_lists_name_all_forty():
    assert [sorted(known) for known in KNOWN.values()] == [list(range(1, 41))] * 2


@orlib
@pytest.mark.parametrize("number", QUICK_MEDIANS)
def test_p_median_meets_the_published_optimum(number):
    problem, p = pmed_problem(number)
    assert proven(problem, "p-median", p=p).objective == KNOWN["pmedopt"][number]


@orlib
@pytest.mark.parametrize("number", QUICK_CENTERS)
def test_p_center_meets_the_published_optimum(number):
    problem, p = pmed_problem(number)
    assert proven(problem, "p-center", p=p).objective == KNOWN["pcenteropt"][number]


@orlib
def test_the_last_of_two_edges_between_the_same_places_wins():
    lengths, _ = cases.pmed(1)
    edges = np.loadtxt(cases.ORLIB / "pmed1.txt", dtype=int, skiprows=1)
    given = {}
    for a, b, length in edges:
        given.setdefault(frozenset((a - 1, b - 1)), []).append(length)
    twice = {pair: told for pair, told in given.items() if len(set(told)) > 1}
    assert twice
    assert all(lengths[tuple(pair)] <= told[-1] for pair, told in twice.items())
    assert (lengths == lengths.T).all()


@pytest.fixture(scope="module")
def san_francisco():
    folder = cases.san_francisco_folder()
    if folder is None or not folder.exists():
        pytest.skip("the San Francisco case comes with spopt, which is not installed")
    return SitingProblem.from_arrays(*cases.san_francisco(folder))


def test_san_francisco_has_its_published_least_mean(san_francisco):
    objective = proven(san_francisco, "p-median", p=4).objective
    assert round(objective / int(san_francisco.weights.sum()) / 1000, 3) == 2982.127


def test_san_francisco_has_its_published_least_maximum(san_francisco):
    assert proven(san_francisco, "p-center", p=4).objective == 7_403_064


def test_san_francisco_has_its_published_greatest_coverage(san_francisco):
    assert proven(san_francisco, "mclp", p=4, limit_s=5_000_000).objective == 875_247


@pytest.mark.parametrize(("km", "sites"), [(5, 8), (8, 3), (10, 2)])
def test_san_francisco_has_its_published_fewest_sites(san_francisco, km, sites):
    assert proven(san_francisco, "lscp", limit_s=km * 1_000_000).objective == sites
