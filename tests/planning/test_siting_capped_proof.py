"""How proofs divide and narrow the plans, by sites, areas, counts and money: none that might be better is ever lost."""

from itertools import combinations

import numpy as np
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting.proof.capped_tree import CappedCertificate, divide
from planning.siting.proof.domain import Domain, Domains, Node
from planning.siting.rules import Rules

FREE, CLOSED, OPENED = 0, -1, 1


@st.composite
def parts(draw):
    """Some part of the plans of some question, and how it may be divided."""
    m = draw(st.integers(1, 6))
    areas = np.array(draw(st.lists(st.integers(0, 2), min_size=m, max_size=m)))
    yuan = draw(st.lists(st.integers(-3, 6), min_size=m, max_size=m))
    apart = [pair for pair in combinations(range(m), 2) if draw(st.integers(0, 5)) == 0]
    rules = Rules.from_arrays(m)
    rules = type(rules)(**{**vars(rules), "apart": np.array(apart, np.int64).reshape(-1, 2)})
    one, other = draw(st.integers(0, m)), draw(st.integers(0, m))
    fewest, limit = draw(
        st.sampled_from(((0, m), (0, m), (one, one), (one, one), (0, one), tuple(sorted((one, other)))))
    )
    budget = draw(st.sampled_from((None, None, -4, 0, 2, 5, 8, 12)))
    made = Domains(rules, fewest, limit, areas=areas, yuan=np.array(yuan, np.int64), budget=budget)
    subset = np.array([draw(st.booleans()) for _ in range(m)], np.int8)
    state = np.array(
        draw(st.lists(st.sampled_from((FREE, FREE, FREE, FREE, CLOSED, OPENED)), min_size=m, max_size=m)), np.int8
    )
    least = np.array(draw(st.lists(st.sampled_from((0, 0, 0, 0, 1, 2)), min_size=3, max_size=3)))
    most = np.array(draw(st.lists(st.sampled_from((6, 6, 4, 2, 1, 0)), min_size=3, max_size=3)))
    return made, Domain(state, areas, least, most, fewest, limit), about(areas, subset[None])


def about(areas, subsets):
    """Return a certificate that names areas and subsets, and nothing else."""
    nothing = np.zeros((0, 0), np.int64)
    return CappedCertificate(0, nothing, nothing, nothing.reshape(0), nothing.reshape(0), areas, subsets)


def plans(made, part):
    """All plans of a part, as sets of sites, that the question allows."""
    m = len(part.state)
    if not part.alive:
        return set()
    return {
        frozenset(plan)
        for size in range(part.fewest, part.limit + 1)
        for plan in combinations(range(m), size)
        if all(part.state[j] != CLOSED for j in plan)
        and all(part.state[j] != OPENED or j in plan for j in range(m))
        and not any(one in plan and other in plan for one, other in made.rules.apart)
        and (made.budget is None or sum(made.yuan[j] for j in plan) <= made.budget)
        and all(
            low <= sum(part.areas[j] == area for j in plan) <= high
            for area, (low, high) in enumerate(zip(part.least, part.most, strict=True))
        )
    }


@counted(good=50, lost=35)
@given(parts(), st.data())
@settings(max_examples=400, deadline=None)
def test_narrowing_loses_only_plans_that_cost_too_much(seen, made_and_part, data):
    made, part, _ = made_and_part
    huge = data.draw(st.sampled_from((1, 10**30)))
    figures = data.draw(st.lists(st.integers(-9, 9), min_size=len(part.state), max_size=len(part.state)))
    prices = np.array([v * huge for v in figures], object if huge > 1 else np.int64)
    total, enough = data.draw(st.integers(0, 9)) * huge, data.draw(st.integers(-20, 20)) * huge
    left, _ = made.narrow(part, prices, total, enough)
    good = {plan for plan in plans(made, part) if total + sum(prices[j] for j in plan) <= enough}
    seen["good"] += bool(good)
    seen["lost"] += plans(made, left) != plans(made, part)
    assert good <= plans(made, left) <= plans(made, part)


@counted(halves=150, refused=20, plans=25)
@given(parts(), st.integers(0, 60), st.integers(1, 3))
@settings(max_examples=600, deadline=None)
def test_the_halves_of_a_part_hold_all_its_plans(seen, made_and_part, branch, count):
    made, part, certificate = made_and_part
    branch %= len(part.state) + 5  # a site, an area, the subset, or nothing there is
    halves = divide(certificate, part, branch, count)
    m = len(part.state)
    seen["refused" if halves is None else "halves"] += 1
    if halves is None:
        assert branch >= m + 3
        return
    one, other = (plans(made, made.propagate(half)) for half in halves)
    seen["plans"] += bool(one and other)
    assert one | other == plans(made, part)
    assert not one & other


@counted(plans=20)
@given(parts(), st.integers(0, 6), st.lists(st.booleans(), min_size=6, max_size=6))
@settings(max_examples=300, deadline=None)
def test_the_halves_by_numbers_and_by_sets_hold_all_plans(seen, made_and_part, count, drawn):
    made, part, _ = made_and_part
    group, m = np.array(drawn[: len(part.state)]), len(part.state)
    few, many = (made.halves(Node(part, None), part.divide_by_count(count)), plans(made, part))
    assert plans(made, few[0].domain) == {plan for plan in many if len(plan) >= count}
    assert plans(made, few[1].domain) == {plan for plan in many if len(plan) < count}
    wide = part._replace(least=np.zeros(3, int), most=np.full(3, m))  # groups are for where no area has a limit
    inside, outside = (plans(made, made.propagate(half)) for half in wide.divide_by_set(group))
    chosen = set(np.flatnonzero(group).tolist())
    assert inside == {plan for plan in plans(made, wide) if plan & chosen}
    assert outside == {plan for plan in plans(made, wide) if not plan & chosen}
    seen["plans"] += bool(inside and outside)


def test_a_half_of_an_area_is_refused_unless_one_site_stands_in_it():
    certificate = about(np.array([0, 0, 1]), np.array([[1, 0, 0], [1, 0, 1], [0, 0, 0]], np.int8))
    one, several = np.array([1, 0]), np.array([3, 1])

    def part(most):
        return Domain(np.zeros(3, np.int8), certificate.areas, one, most, 0, 3)

    assert divide(certificate, part(np.array([1, 1])), 5, 0) is not None
    assert divide(certificate, part(several), 5, 0) is None  # two sites may stand there
    assert divide(certificate, part(np.array([1, 1])), 6, 0) is None  # the subset lies in two areas
    assert divide(certificate, part(np.array([1, 1])), 7, 0) is None  # or nowhere
