"""The p-center against trying everything, the published optima, and what must always be so."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import shortest_path
from siting_oracle import nearest, random_county
from siting_ruled import ruled_problems

from gis.cost_matrix import UNREACHABLE
from gis.faults import FaultsError
from planning.siting import SitingProblem, verify
from planning.siting.models.p_center import p_center
from planning.siting.proof.statements.p_center import STATEMENT

ORLIB = Path(__file__).parents[2].parent / "shared" / "bench" / "orlib"


def best_p_center(problem, p):
    """Return the least of all largest seconds, or None."""
    most = UNREACHABLE - 1 if problem.max_time_s is None else problem.max_time_s
    found = [
        int(nearest(problem, opened)[problem.weights > 0].max(initial=0))
        for opened in combinations(range(problem.values.shape[1]), p)
        if not problem.rules.broken_by(np.array(opened))
    ]
    return min((worst for worst in found if worst <= most), default=None)


def holds(problem, solution):
    """Whether plan and claims of an optimal solution are true."""
    opened = solution.opened
    return (
        not problem.rules.broken_by(opened)
        and list(STATEMENT.plan_faults(problem, solution)) == []
        and STATEMENT.objective(problem, solution) == solution.objective
        and STATEMENT.proven_bound(problem, solution) == solution.bound
    )


@settings(max_examples=120, deadline=None)
@given(ruled_problems(), st.data())
def test_equals_the_best_of_all_plans(problem, data):
    p = data.draw(st.integers(1, problem.values.shape[1]))
    solution, best = p_center(problem, p=p), best_p_center(problem, p)
    if best is None:
        assert solution.status == "infeasible"
        assert solution.reasons
        assert verify(problem, solution) == []
    else:
        assert (solution.status, solution.objective, solution.bound) == ("optimal", best, best)
        assert solution.proof == "certificate"
        assert holds(problem, solution)


@settings(max_examples=60, deadline=None)
@given(ruled_problems())
def test_one_more_site_is_never_worse_without_rules(problem):
    plain = SitingProblem.from_arrays(np.where(problem.reachable, problem.values, -1), problem.weights)
    objectives = [p_center(plain, p=p).objective for p in range(1, plain.values.shape[1] + 1)]
    found = [worst for worst in objectives if worst is not None]
    assert found == sorted(found, reverse=True)
    assert objectives[len(objectives) - len(found) :] == found, "more sites never make it infeasible"


@pytest.mark.parametrize("seed", range(3))
def test_no_changed_certificate_or_claim_passes(seed):
    problem = SitingProblem.from_arrays(*random_county(60, 40, seed=seed))
    solution = p_center(problem, p=6)
    proof = solution.certificate
    assert STATEMENT.proven_bound(problem, solution) == solution.objective
    greedier = replace(solution, bound=solution.bound + 1, objective=solution.objective + 1)
    assert STATEMENT.proven_bound(problem, greedier) is None, "6 sites do reach everyone within the optimum"
    assert STATEMENT.objective(problem, greedier) != greedier.objective
    for wrong in (
        replace(proof, sites=proof.sites + 1),
        replace(proof, multipliers=np.zeros_like(proof.multipliers)),
        replace(proof, multipliers=-proof.multipliers),
        replace(proof, branch=proof.branch[:-1]),
    ):
        assert STATEMENT.proven_bound(problem, replace(solution, certificate=wrong)) is None


@pytest.mark.parametrize("stop_at_once", [True, False])
def test_limits_are_results_and_not_exceptions(stop_at_once):
    problem = SitingProblem.from_arrays(*random_county(250, 250, seed=1))
    solution = p_center(problem, p=9, **({"stop": lambda: True} if stop_at_once else {"time_limit_s": 0.0}))
    assert solution.status == ("interrupted" if stop_at_once else "feasible")
    assert solution.bound < solution.objective
    assert holds(problem, solution)


def test_progress_only_gets_better():
    told = []
    p_center(SitingProblem.from_arrays(*random_county(150, 150)), p=7, report=told.append)
    incumbents = [progress.incumbent for progress in told]
    bounds = [progress.bound for progress in told]
    assert incumbents == sorted(incumbents, reverse=True)
    assert bounds == sorted(bounds)
    assert told[-1].gap == 0


def test_says_how_many_sites_it_takes_to_reach_everyone():
    problem = SitingProblem.from_arrays(np.where(np.eye(3, dtype=bool), 1, -1), [1, 1, 1])
    solution = p_center(problem, p=2)
    assert (solution.status, solution.proof) == ("infeasible", "certificate")
    assert solution.reasons[0] == ("too-few-sites", {"p": 2, "needed": 3})


@pytest.mark.parametrize("p", [None, 0, 3, 1.5])
def test_refuses_a_senseless_number_of_sites(p):
    with pytest.raises(FaultsError):
        p_center(SitingProblem.from_arrays([[1, 2]], [1]), p=p)


@pytest.mark.skipif(not ORLIB.is_dir(), reason="the OR-Library instances are not at hand")
@pytest.mark.parametrize("number", [1, 6, 13])
def test_or_library_optima_are_proven(number):
    lines = (ORLIB / "pcenteropt.txt").read_text().splitlines()[1:]
    optima = {name: int(worst) for name, _, worst in (line.split() for line in lines if line.strip())}
    rows = (ORLIB / f"pmed{number}.txt").read_text().splitlines()
    (n, _, p), *edges = ([int(figure) for figure in row.split()] for row in rows if row.strip())
    lengths = np.zeros((n, n))
    for i, j, length in edges:  # of repeated edges the last one counts
        lengths[i - 1, j - 1] = lengths[j - 1, i - 1] = length
    problem = SitingProblem.from_arrays(shortest_path(lengths, directed=False), np.ones(n))
    solution = p_center(problem, p=p)
    assert (solution.objective, solution.proof) == (optima[f"pmed{number}"], "certificate")
    assert holds(problem, solution)


def test_a_part_where_prices_settle_every_site_ends_plainly():
    """The limit of a township and the separation leave two sites; prices settle them before any branch."""
    problem = SitingProblem.from_arrays(
        [[1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1], [1, 0, 0, 1], [1, 1, 1, 0]],
        [0, 2, 5, 2, 0, 2],
        status=["candidate", "candidate", "closable", "candidate"],
        townships=list("AAAC"),
        township_limits={"C": (1, 1)},
        positions=[(2, 0), (3, 1), (2, 2), (4, 0)],
        separation_m=2.3,
    )
    solution = p_center(problem, p=2)
    assert (solution.status, solution.objective, solution.opened.tolist()) == ("optimal", 1, [2, 3])
    assert verify(problem, solution) == []
