"""Plans about as good: found and counted as trying every plan would."""

from itertools import combinations

import numpy as np
import pytest
from siting_towns import county_of_24

from planning.siting import Solution, p_median
from planning.siting.study.alternatives import alternatives

SENSES = {"p-median": "min", "p-center": "min", "lscp": "min", "mclp": "max"}
LIMIT_S = 4
ROAD = np.array([[0, 0], [5000, 0], [10_000, 0], [15_000, 0]])


@pytest.mark.parametrize("model", ["p-median", "mclp"])
@pytest.mark.parametrize("ruled", [False, True])
def test_the_tree_finds_and_counts_what_trying_every_plan_finds(model, ruled):
    limits = {"townships": np.arange(24) % 3, "township_limits": {0: (1, 2), 1: (2, None)}} if ruled else {}
    problem, places = county_of_24(**limits)
    every = np.array([o for o in combinations(range(24), 5) if not problem.rules.broken_by(np.array(o))])
    seconds = problem.values[:, every].min(axis=2).astype(np.int64)
    limit_s = 600
    cost = (seconds if model == "p-median" else seconds > limit_s).T @ problem.weights
    optimum, least = every[cost.argmin()], int(cost.min())
    objective = int(problem.weights.sum()) - least if model == "mclp" else least
    sense = "max" if model == "mclp" else "min"
    plan = Solution(model, {"p": 5, "limit_s": limit_s}, "optimal", sense, "", objective, opened=optimum)
    found = alternatives(problem, plan, positions=places, count=5, apart_m=2500.0, within=0.15, nodes=50_000)
    assert found.complete
    assert found.counted
    assert found.largest_loss == objective * 15 // 100
    good = cost <= least + found.largest_loss
    gap = np.hypot(*(places[:, None] - places).transpose(2, 0, 1))
    apart = (gap[:, optimum].min(axis=1) >= 2500.0)[every].any(axis=1)
    assert (found.within, found.within_far) == (good.sum(), (good & apart).sum())
    listed = list(optimum)
    for alternative in found.plans:
        assert alternative.loss == cost[apart].min() - least
        assert set(alternative.far) == {j for j in alternative.opened if gap[j, listed].min() >= 2500.0} != set()
        assert set(alternative.opened) - set(alternative.entering) | set(alternative.leaving) == set(optimum.tolist())
        listed += alternative.opened
        apart = (gap[:, listed].min(axis=1) >= 2500.0)[every].any(axis=1)
    assert len(found.plans) == 5 or not apart.any()


def test_without_room_to_finish_at_least_is_said():
    problem, places = county_of_24()
    plan = p_median(problem, p=5)
    full = alternatives(problem, plan, positions=places, count=3, within=0.1)
    short = alternatives(problem, plan, positions=places, count=3, within=0.1, nodes=1)
    assert full.complete
    assert full.counted
    assert not short.complete
    assert not short.counted
    assert 1 < short.within <= full.within
    stopped = alternatives(problem, plan, positions=places, stop=lambda: True)
    assert (stopped.plans, stopped.complete, stopped.counted) == ((), False, False)
