"""What prices prove in the checker: no bound without a proof, no choice lost that is good enough."""

from collections import Counter
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting.proof.capped_question import CappedQuestion
from planning.siting.proof.capped_tree import CappedCertificate, holds
from planning.siting.proof.domain import Domain, Domains
from planning.siting.rules import Rules


def test_a_bound_above_nothing_needs_a_proof_even_where_it_is_one():
    rules = Rules.from_arrays(1)
    ones, none = np.ones(1, np.int64), np.zeros(1, np.int64)
    question = CappedQuestion(np.zeros((1, 1), np.int64), none, ones, 1, rules, 1, none, None)
    row, weights = np.zeros((1, 1), np.int64), np.zeros((1, 2), np.int64)
    leaf = (row, weights, np.array([-1]), none, none, np.zeros((0, 1), np.int8))
    assert holds(question, CappedCertificate(0, *leaf))
    assert not holds(question, CappedCertificate(1, *leaf))  # everybody stands at his site and pays nothing


def test_what_prices_settle_loses_no_choice_that_is_good_enough():
    seen = Counter()

    @given(st.data())
    @settings(max_examples=400)
    def check(data):
        m, towns = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 2))
        figures = sorted(data.draw(st.lists(st.integers(-4, 4), min_size=m, max_size=m)))
        price = np.array(figures, object)
        of = np.array(data.draw(st.lists(st.integers(0, towns), min_size=m, max_size=m)))
        least = np.append(data.draw(st.lists(st.integers(0, 1), min_size=towns, max_size=towns)), 0)
        most = np.append(data.draw(st.lists(st.integers(1, 3), min_size=towns, max_size=towns)), m)
        wanted = data.draw(st.integers(0, m))
        everything = Domain(np.zeros(m, np.int8), of, least, most, wanted, wanted)
        domains = Domains(Rules.from_arrays(m), wanted, wanted, areas=of)
        sets = [
            chosen
            for chosen in combinations(range(m), wanted)
            if all(least[t] <= sum(of[j] == t for j in chosen) <= most[t] for t in range(towns + 1))
        ]
        cost = {one: sum(figures[j] for j in one) for one in sets}
        cheapest, slack = min(cost.values(), default=0), data.draw(st.integers(0, 4))
        left, told = domains.narrow(everything, price, 0, cheapest + slack)
        if not left.alive:
            assert sets == []
            return
        assert told == cheapest
        fixed_open, fixed_closed = left.state == 1, left.state == -1
        good = [set(one) for one in sets if cost[one] <= cheapest + slack]
        seen["fixed_open"] += bool(fixed_open.any())
        seen["fixed_closed"] += bool(fixed_closed.any())
        for one in good:
            assert set(np.flatnonzero(fixed_open).tolist()) <= one
            assert not one & set(np.flatnonzero(fixed_closed).tolist())

    check()
    assert min(seen["fixed_open"], seen["fixed_closed"]) > 50
