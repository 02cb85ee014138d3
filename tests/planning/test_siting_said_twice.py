"""The checker shares plain data with the solvers, and no arithmetic: what both need is said twice, and alike."""

import ast
import inspect
from collections import Counter
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_ruled import ruled_problems

import planning.siting
from planning import hub_rooms
from planning.siting import Solution, kolm_pollak_costs
from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.linear.backup_rows import backup_question
from planning.siting.engine.linear.boxes import tighten
from planning.siting.engine.linear.question import LinearQuestion, crowded_groups
from planning.siting.proof import capped_question, growing_costs, hub_area, linear_certificate, linear_question
from planning.siting.proof.rules_kept import breaks
from planning.siting.proof.statements import backup
from planning.siting.rules import Rules

ROOM = Path(planning.siting.__file__).parent

DATA = {
    "gis.cost_matrix": {"UNREACHABLE"},
    "gis.faults": {"Fault", "FaultsError", "Param"},
    "planning.siting.problem": {"SitingProblem"},
    "planning.siting.options": {"LARGEST_FIGURE"},
    "planning.siting.rules": {"NO_TOWNSHIP", "STATUSES", "Rules"},
    "planning.siting.solution": {"Proof", "Reason", "Sense", "Solution", "Status", "Tier"},
}
"""What the checker may take from elsewhere: types, words and limits."""

LIBRARIES = {"numpy", "scipy"}

ASKED = {
    "planning.siting.proof.verify": {"verify"},
    "planning.siting.proof.statements.conflict": {"conflict_holds"},
}
"""Where solvers and studies ask the checker itself."""


def imports(folder):
    """Every name imported below a folder: (file, module, name)."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: a relative import"
                yield from ((path, node.module, alias.name) for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from ((path, alias.name, None) for alias in node.names)


def test_the_checker_imports_itself_libraries_and_plain_data_only():
    strange, known = [], 0
    for path, module, name in imports(ROOM / "proof"):
        top = module.split(".")[0]
        if top not in {"gis", "planning", "layers", "maps", "api"}:
            standard = top in LIBRARIES or top in __import__("sys").stdlib_module_names
            strange += [] if standard else [(path.name, module)]
        elif not module.startswith("planning.siting.proof"):
            known += 1
            strange += [] if name in DATA.get(module, ()) else [(path.name, module, name)]
    assert strange == []
    assert known > 50


def test_solvers_take_only_the_form_of_certificates_from_the_checker():
    """Dataclasses without methods, and marks of nodes: no function beside those that ask the checker."""
    seen = 0
    for folder in ("engine", "models", "study"):
        for path, module, name in imports(ROOM / folder):
            if not module.startswith("planning.siting.proof") or name in ASKED.get(module, ()):
                continue
            seen += 1
            taken = getattr(__import__(module, fromlist=[name]), name)
            if inspect.isclass(taken):
                own = [key for key, value in vars(taken).items() if inspect.isfunction(value) and key[0] != "_"]
                assert own == [], (path.name, name)
                assert module.rpartition(".")[2].endswith(("certificate", "_tree")), (path.name, module)
            else:
                assert isinstance(taken, int), (path.name, module, name)
    assert seen > 20


@st.composite
def money(draw):
    few, many = (st.lists(st.integers(-6, 9), min_size=low, max_size=low + 1, unique=True) for low in (1, 3))
    prices = draw(st.one_of(few, many))
    yuan = prices + draw(st.lists(st.sampled_from([0, *prices]), max_size=4))
    unit = draw(st.sampled_from([1, 10, 7]))
    return unit * np.array(yuan, np.int64), draw(st.none() | st.integers(-20 * unit, 40 * unit))


def questions(yuan, budget, **more):
    m = len(yuan)
    asked = {"costs": np.zeros((0, m), np.int64), "groups": np.zeros(0, np.int64), "shares": np.ones(1, np.int64)}
    asked |= {"per": 1, "rules": Rules.from_arrays(m), "sites": None, "site_costs": yuan, "budget": budget} | more
    return CappedQuestion(**asked), capped_question.CappedQuestion(**asked)


def test_what_can_be_spent_is_the_same_and_no_less_than_any_sum():
    exact, rounded = [], []

    @given(money())
    @settings(max_examples=300)
    def check(drawn):
        yuan, budget = drawn
        ours, theirs = questions(yuan, budget)
        assert ours.spendable == theirs.spendable
        if budget is None:
            assert theirs.spendable is None
            return
        if len(set(yuan.tolist()) - {0}) > 2:
            unit = int(np.gcd.reduce(yuan))
            rounded.append(unit > 1)
            assert theirs.spendable == budget // unit * unit
        sums = {sum(chosen) for k in range(len(yuan) + 1) for chosen in combinations(yuan.tolist(), k)}
        within = [total for total in sums if total <= budget]
        assert all(total <= theirs.spendable <= budget for total in within)
        if within and len(set(yuan.tolist()) - {0}) <= 2:
            exact.append(1)
            assert theirs.spendable == max(within)

    check()
    assert len(exact) > 20
    assert sum(rounded) > 10


@given(st.data())
@settings(max_examples=150)
def test_ceilings_and_the_worst_plan_are_the_same(data):
    n, m, g = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    cells = st.lists(st.integers(-1, 50), min_size=m, max_size=m)
    more = {
        "costs": np.array(data.draw(st.lists(cells, min_size=n, max_size=n)), np.int64),
        "groups": np.array(data.draw(st.lists(st.integers(0, g - 1), min_size=n, max_size=n)), np.int64),
        "shares": np.array(data.draw(st.lists(st.integers(1, 9), min_size=g, max_size=g)), np.int64),
        "per": data.draw(st.sampled_from([1, 1000])),
    }
    ours, theirs = questions(np.zeros(m, np.int64), None, **more)
    bound = data.draw(st.integers(0, 60_000))
    assert ours.group_cutoffs(bound) == theirs.group_cutoffs(bound)
    assert ours.worst == theirs.worst
    for cap, share in zip(theirs.group_cutoffs(bound), more["shares"].tolist(), strict=True):
        # the largest whole cost whose mean, rounded up, is below the bound
        assert -(-more["per"] * cap // share) < bound or cap < 0
        assert -(-more["per"] * (cap + 1) // share) >= bound


@given(ruled_problems(), st.integers(0, 12), st.booleans(), st.data())
@settings(max_examples=200)
def test_second_sites_are_stated_in_the_same_rows(problem, limit_s, first, data):
    m = len(problem.candidate_ids)
    options = {"p": data.draw(st.integers(1, m)), "limit_s": limit_s, "require_first": int(first)}
    solution = Solution("backup", options, "feasible", "max", "people")
    groups = len(backup._groups(problem, limit_s)[1])
    pairs = st.tuples(st.integers(0, max(0, groups - 1)), st.integers(0, m - 1))
    cuts = data.draw(st.lists(pairs, max_size=3 if groups else 0))
    asked = np.array(cuts, np.int64).reshape(len(cuts), 2)
    ours = backup_question(problem, options["p"], limit_s, require_first=first, cuts=asked)
    theirs = backup._question(problem, solution, asked.tolist())
    assert ours.rows.toarray().tolist() == theirs.rows.toarray().tolist()
    for name in ("cost", "least", "lowest", "highest"):
        assert getattr(ours, name).tolist() == getattr(theirs, name).tolist()


@given(st.integers(2, 7), st.data())
@settings(max_examples=200)
def test_groups_of_near_sites_are_the_same_and_say_every_pair(count, data):
    every = list(combinations(range(count), 2))
    pairs = sorted(data.draw(st.sets(st.sampled_from(every), min_size=1)))
    ours = [group.tolist() for group in crowded_groups(np.array(pairs), count)]
    theirs = list(linear_question.near_groups([list(pair) for pair in pairs]))
    assert ours == theirs
    assert {pair for group in theirs for pair in combinations(group, 2)} == set(pairs)


def test_boxes_are_narrowed_alike_and_nothing_cheap_is_lost():
    seen = Counter()

    @given(st.data())
    @settings(max_examples=300)
    def check(data):
        k, r = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
        whole = st.integers(-6, 6)
        rows = np.array(data.draw(st.lists(st.lists(whole, min_size=k, max_size=k), min_size=r, max_size=r)))
        cost = np.array(data.draw(st.lists(whole, min_size=k, max_size=k)))
        least = np.array(data.draw(st.lists(whole, min_size=r, max_size=r)))
        free = np.array(data.draw(st.lists(st.sampled_from([(0, 1), (0, 1), (0, 0), (1, 1)]), min_size=k, max_size=k)))
        heavy = data.draw(st.sampled_from([1, 1, 2**59]))
        u = np.array(data.draw(st.lists(st.integers(0, 5), min_size=r, max_size=r))) * heavy
        bound, scale = data.draw(st.integers(-9, 9)), data.draw(st.sampled_from([1, 4])) * heavy
        box = (free[:, 0], free[:, 1])
        sparse = linear_question.csr_array(rows)
        ours = tighten(LinearQuestion(cost, sparse, least, *box), box, u, scale, bound)
        theirs = linear_certificate.narrow(
            linear_question.LinearQuestion(cost, sparse, least, *box), box, u, scale, bound
        )
        assert (ours is None) == (theirs is None)
        seen["none" if ours is None else "some"] += 1
        left = [] if ours is None else ours
        for one, other in zip(left, theirs or [], strict=True):
            assert one.tolist() == other.tolist()
        for x in product(*(range(low, high + 1) for low, high in free.tolist())):
            if (rows @ x >= least).all() and int(cost @ x) < bound:
                seen["kept"] += 1
                assert theirs is not None
                assert all(low <= v <= high for low, v, high in zip(theirs[0], x, theirs[1], strict=True))

    check()
    assert min(seen[what] for what in ("none", "some", "kept")) > 20


@given(st.data())
@settings(max_examples=120)
def test_costs_that_grow_are_the_same_and_right(data):
    n, m = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    cell = st.integers(0, 9000)
    seconds = np.array(data.draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n)), np.int32)
    people = np.array(data.draw(st.lists(st.integers(1, 10**6), min_size=n, max_size=n)))
    longest = data.draw(st.sampled_from([9000, 4000, 0]))
    how = {
        "kappa": data.draw(st.sampled_from([1, 10**8, 3 * 10**9, 10**12])),
        "scale_log2": data.draw(st.integers(-40, 42)),
    }
    ours = kolm_pollak_costs.kolm_pollak_costs(seconds, seconds <= longest, people, **how)
    theirs = growing_costs.growing_costs(seconds, people, longest=longest, **how)
    assert ours.tolist() == theirs.tolist()
    for i, j in product(range(n), range(m)):
        if seconds[i, j] > longest:
            assert theirs[i, j] == -1
        else:
            power = float(Decimal(how["kappa"] * int(seconds[i, j])) / 10**12) + how["scale_log2"] * np.log(2)
            most = -(-(2**43) // int(people[i]))
            assert theirs[i, j] == pytest.approx(min(most, np.exp(min(power, 60))), rel=1e-9, abs=1)


@given(st.integers(0, 10**5), st.integers(0, 10**4), st.booleans())
@settings(max_examples=100)
def test_hubs_are_as_large_for_the_checker(people, children, known):
    figures = hub_rooms.whole_figures(ages_known=known)
    assert hub_area.hub_area_mm2(people, children, figures) == hub_rooms.hub_area_mm2(people, children, figures)
    assert hub_area.LEAST_MM2 == hub_rooms.SMALLEST_HUB_M2 * hub_rooms.MM2_PER_M2


@given(ruled_problems(), st.data())
@settings(max_examples=150)
def test_rules_are_broken_alike(problem, data):
    m = len(problem.candidate_ids)
    opened = np.array(sorted(data.draw(st.sets(st.integers(0, m - 1)))), np.int64)
    assert breaks(problem.rules, opened) == problem.rules.broken_by(opened)
