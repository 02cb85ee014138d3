"""What a claim tells of a contradiction is read by the checker: whatever is not so, or not asked, is refused."""

from dataclasses import replace

import pytest

from planning.siting import MODELS, Reason, SitingProblem, Solution, verify


def codes(problem, solution):
    return [fault.code for fault in verify(problem, solution)]


@pytest.mark.parametrize("reason", ["nobody-reaches", "unreachable-demand"])
@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("mclp", {"p": 1, "limit_s": 9}),
        ("budget-coverage", {"budget_yuan": 5, "limit_s": 9}),
        ("backup", {"p": 1, "limit_s": 9, "require_first": 0}),
    ],
)
def test_nobody_need_be_reached_where_people_only_count(model, asked, reason):
    problem = SitingProblem.from_arrays([[1, -1], [-1, -1]], [3, 4], demand_ids=["a", "b"], opening_costs=[1, 1])
    assert MODELS[model].solve(problem, **asked).status == "optimal"
    told = (Reason(reason, {"ids": ["b"], "count": 1}),)
    forged = Solution(model, asked, "infeasible", "max", "people", proof="enumerated", reasons=told)
    assert codes(problem, forged) == ["reason-false"]


TOWNS = {"townships": ["A", "A", "B"], "township_limits": {"A": (2, None), "B": (1, None)}}
ROADS = [[1, 5, 9], [5, 1, 9], [9, 9, 1]]


def by_counting():
    problem = SitingProblem.from_arrays(ROADS, [3, 4, 5], **TOWNS)
    return problem, MODELS["p-median"].solve(problem, p=2)


def on_its_word():
    problem = SitingProblem.from_arrays(ROADS, [3, 4, 5], positions=[(0, 0), (1, 0), (2, 0)], separation_m=1.5)
    return problem, MODELS["p-median"].solve(problem, p=3)


@pytest.mark.parametrize(("pose", "proof"), [(by_counting, "enumerated"), (on_its_word, "solver")])
def test_every_figure_of_a_reason_is_read(pose, proof):
    problem, solution = pose()
    assert (solution.proof, codes(problem, solution)) == (proof, [])
    for k, reason in enumerate(solution.reasons):
        wrong = [reason._replace(code="no-such-code"), reason._replace(params={**reason.params, "more": 1})]
        for name, figure in reason.params.items():
            rest = {key: value for key, value in reason.params.items() if key != name}
            wrong += [reason._replace(params=rest), reason._replace(params={**rest, name: None})]
            if name not in {"township", "possible", "needed"}:
                wrong.append(reason._replace(params={**rest, name: figure + 1}))
        wrong += [reason._replace(params={**reason.params, name: 2}) for name in reason.params.keys() & {"needed"}]
        wrong += [reason._replace(params={**reason.params, name: 3}) for name in reason.params.keys() & {"possible"}]
        for other in wrong:
            told = (*solution.reasons[:k], other, *solution.reasons[k + 1 :])
            assert codes(problem, replace(solution, reasons=told)), other


def test_a_reason_that_is_needless_is_refused():
    problem, solution = by_counting()
    assert codes(problem, replace(solution, reasons=solution.reasons + solution.reasons[:1]))
    assert codes(problem, replace(solution, reasons=(*solution.reasons, Reason("everyone-served", {}))))


def test_how_many_cannot_be_reached_is_counted():
    problem = SitingProblem.from_arrays([[1], [-1]], [3, 4])
    solution = MODELS["p-median"].solve(problem, p=1)
    assert codes(problem, solution) == []
    assert codes(problem, replace(solution, reasons=(Reason("unreachable-demand", {"ids": [1], "count": 2}),)))


def test_sites_that_the_rules_ask_for_bound_a_cover_with_room():
    rooms = {"capacities": [5, 5, 5], "loads": [1, 1, 1]}
    problem = SitingProblem.from_arrays(ROADS, [3, 4, 5], status=["existing", "required", "candidate"], **rooms)
    solution = MODELS["lscp"].solve(problem, limit_s=9)
    assert (solution.objective, solution.proof, codes(problem, solution)) == (2, "certificate", [])


NEAR = {"positions": [(0, 0), (1, 0), (2, 0)], "separation_m": 1.5}
TWO_TOWNS = {"townships": ["A", "A", "B"], "township_limits": {"A": (2, None)}}


@pytest.mark.parametrize(
    ("model", "asked", "rules", "proof", "parts"),
    [
        ("capacitated", {"p": 3}, NEAR, "certificate", {"sites-too-many", "too-near"}),
        ("capacitated", {"p": 1}, TWO_TOWNS, "enumerated", {"sites-too-few", "township-least"}),
        ("hubs", {"p": 3, "limit_s": 9}, NEAR, "certificate", {"sites-too-many", "too-near"}),
        ("hubs", {"p": 1, "limit_s": 5}, {}, "certificate", {"sites-too-few", "everyone-served", "limit-short"}),
        ("budget", {"budget_yuan": 9}, NEAR | TWO_TOWNS, "solver", {"too-near", "township-least"}),
        ("two-tiers", {"p": 3, "upper_p": 1}, NEAR, "certificate", {"sites-too-many", "too-near"}),
    ],
)
def test_a_proven_contradiction_says_what_it_is_made_of(model, asked, rules, proof, parts):
    problem = SitingProblem.from_arrays(ROADS, [3, 4, 5], **rules)
    upper = {"upper": problem} if model == "two-tiers" else {}
    solution = MODELS[model].solve(problem, **asked, **upper)
    own = {"capacitated": "rules-contradict", "budget": "rules-contradict", "hubs": "hubs-conflict"}
    first = set() if proof == "enumerated" else {own.get(model, "tiers-conflict")}
    assert {reason.code for reason in solution.reasons} == parts | first
    assert (solution.status, solution.proof) == ("infeasible", proof)
    assert verify(problem, solution, **upper) == []
    if first:
        forged = replace(solution, reasons=(*solution.reasons[:1], Reason("must-open", {"ids": [0], "count": 1})))
        assert [fault.code for fault in verify(problem, forged, **upper)] == ["reason-false"]
        parts_alone = replace(solution, proof="enumerated", solver="", reasons=solution.reasons[1:])
        assert verify(problem, parts_alone, **upper)


@pytest.mark.parametrize("model", ["p-median", "p-center"])
def test_the_longest_time_is_named_where_it_is_what_asks_for_more_sites(model):
    problem = SitingProblem.from_arrays(ROADS, [3, 4, 5], max_time_s=1)
    solution = MODELS[model].solve(problem, p=1)
    longest = Reason("max-time", {"max_time_s": 1, "ids": [], "count": 0})
    assert solution.reasons == (Reason("too-few-sites", {"p": 1, "needed": 3}), longest)
    assert (solution.proof, codes(problem, solution)) == ("certificate", [])


def test_rules_are_named_where_they_are_what_asks_for_more_sites():
    problem = SitingProblem.from_arrays(
        [[1, 1, -1], [9, 1, 9], [-1, 1, 1]], [3, 4, 5], status=["candidate", "excluded", "candidate"]
    )
    solution = MODELS["p-center"].solve(problem, p=1)
    assert "excluded-sites" in {reason.code for reason in solution.reasons}
    assert codes(problem, solution) == []
