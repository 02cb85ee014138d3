"""Set covering: fewest candidates so that every demand point is covered, and the proof of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.engine.cover.choice import Question
from planning.siting.engine.cover.exchange import exchange_sites
from planning.siting.engine.cover.first import cover_greedily
from planning.siting.engine.cover.local_cuts import Cut
from planning.siting.engine.cover.reduce import essential_rows, reduce_cover
from planning.siting.engine.cover.tree import CoverTree, Verdict, relax_cover
from planning.siting.engine.rule_rows import rule_rows
from planning.siting.engine.solver import Program, describe, solve
from planning.siting.engine.tree import Incumbent
from planning.siting.limits import Limits, Progress
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
WORK, STARTS, FIRST_NODES, LONGER, OWN_ROUNDS = 1_200_000_000, 3, 10, 4, 5
"""Entries that exchanges touch in a round, made of so many starts; nodes of the first tree, and how many
times as many each further one has, so that plan and proof take turns and the last turn of each costs most of all;
rounds until HiGHS is asked too."""
A_CELL = 50  # of the work before the first relaxation, which often says that nothing is left to find


@dataclass(frozen=True, eq=False)
class Cover:
    """A cover and what is proven about it.

    Parameters
    ----------
    opened : (k,) int64
        Candidates that cover every demand point; empty where none were found.
    bound
        No cover has fewer.
    certificate
        Exact proof that one site fewer than `bound` leaves somebody uncovered.
    impossible
        Whether no cover within the rules exists at all.
    by_solver
        Whether `bound` rests on the solver's word rather than on the certificate.
    solver
        Which solver was believed, or nothing.
    """

    opened: NDArray[np.int64]
    bound: int
    certificate: CoverCertificate | None
    impossible: bool = False
    by_solver: bool = False
    solver: str = ""


class _Race(Incumbent[NDArray[np.int64]]):
    """Plans from above, proofs from below."""

    def __init__(self, covers: Bools, rules: Rules, limits: Limits) -> None:
        super().__init__(covers.shape[1] + 1, limits)
        self.covers, self.rules, self.bound = covers, rules, 1
        self.certificate: CoverCertificate | None = None
        self.cuts: list[Cut] = []
        self.trees: dict[int, CoverTree] = {}
        self.by_solver = False

    def ask(self, sites: int, nodes: int | None) -> Verdict:
        """Ask whether at most `sites` can cover everyone, and keep the answer; with one node alone no tree is kept."""
        tree = self.trees.pop(sites, None)
        if tree is None:
            question = Question(sites, exactly=False, rules=self.rules)
            tree = CoverTree(self.covers, question, self.limits, self.cuts)
        verdict = tree.grow(nodes)
        if verdict.opened is not None:
            self.update_incumbent(verdict.opened)
        elif verdict.certificate is not None and sites + 1 > self.bound:
            self.bound, self.certificate = sites + 1, verdict.certificate
        elif nodes != 1:
            self.trees[sites] = tree
        self.report()
        return verdict

    def update_incumbent(self, opened: NDArray[np.int64] | None) -> None:
        """Keep a cover if it is the smallest so far."""
        if opened is not None:
            self.update(len(opened), opened)


def smallest_cover(covers: Bools, limits: Limits, rules: Rules | None = None) -> Cover:
    """Find the fewest candidates that cover every demand point.

    Parameters
    ----------
    covers : (n, m) bool
        Whether the candidate covers the demand point; each demand point has at least one that no rule bars.
    limits
    rules
        Which sets of candidates are allowed; left out, any is.

    Notes
    -----
    A greedy cover, exchanges from about as many sites as the linear relaxation asks for, and the
    relaxation with cuts leave a few numbers of sites open. The smallest of them is put to the tree, each
    time with more nodes, and exchanges go on from other starts as long as more than one is open; what a
    few such rounds leave open HiGHS decides, on its word.
    """
    rules = Rules.from_arrays(covers.shape[1]) if rules is None else rules
    race = _Race(covers, rules, limits)
    race.update_incumbent(cover_greedily(covers, rules))
    race.report()
    if race.plan is None and race.ask(covers.shape[1], None).certificate is not None:
        return Cover(np.empty(0, np.int64), covers.shape[1] + 1, race.certificate, impossible=True)
    if race.plan is not None and not limits.reached():
        _close_in(race)
    opened = np.empty(0, np.int64) if race.plan is None else race.plan
    return Cover(
        opened, race.bound, race.certificate, by_solver=race.by_solver, solver=describe() if race.by_solver else ""
    )


def _close_in(race: _Race) -> None:
    if race.plan is None:
        return
    core = race.covers[essential_rows(race.covers[:, ~race.rules.barred])]
    least = _whole(relax_cover(race.covers, race.rules, race.limits))
    race.update_incumbent(
        _plunge(core, race.plan, race.rules, least=least, work=A_CELL * core.size, limits=race.limits)
    )
    most = race.value - 1
    least = _whole(relax_cover(race.covers, race.rules, race.limits, cuts=race.cuts, most=most))
    while least > 1 and race.bound < least and not race.limits.reached():
        if race.ask(least - 1, 1).certificate is None:
            least -= 1
    nodes, rounds, sought = FIRST_NODES, 0, 0
    while race.bound < race.value and not race.limits.reached():
        race.ask(race.bound, nodes)
        if race.bound < race.value - (sought == race.value):
            sought = race.value
            race.update_incumbent(
                _shrink(core, race.plan, race.rules, work=WORK, limits=race.limits, before=STARTS * rounds)
            )
        nodes, rounds = nodes * LONGER, rounds + 1
        if rounds == OWN_ROUNDS and race.bound < race.value and not race.limits.reached():
            _ask_solver(race)
            return


def _whole(relaxed: float) -> int:
    """Return how many sites a relaxation asks for."""
    return max(1, int(np.ceil(relaxed - 1e-6))) if np.isfinite(relaxed) else 1


def _ask_solver(race: _Race) -> None:
    """Let HiGHS look for a smaller cover, and believe its bound."""
    covers, rules = race.covers, race.rules
    rows, columns = np.arange(covers.shape[0]), np.flatnonzero(~rules.barred)
    if rules.plain:
        rows, columns, _turns = reduce_cover(covers, rows, columns, rules)
    core, ruled = covers[np.ix_(rows, columns)], rule_rows(rules, columns)
    most = min(covers.shape[1], race.value)

    def whole(bound: float) -> int:
        return min(max(race.bound, int(np.ceil(bound - 1e-6))), most) if np.isfinite(bound) else race.bound

    def tell(_cost: float, bound: float) -> None:
        race.limits.report(Progress(most, whole(bound)))

    program = Program(
        cost=np.ones(len(columns)),
        rows=csr_array(vstack([csr_array(core.astype(np.float64)), ruled.matrix])),
        least=np.concatenate([np.ones(len(rows)), ruled.least]),
        most=np.concatenate([np.full(len(rows), np.inf), ruled.most]),
        whole=np.ones(len(columns), bool),
        lowest=rules.kept[columns].astype(np.float64),
    )
    answer = solve(program, limits=race.limits, tell=tell)
    if answer.values is not None:
        plan = columns[answer.values > 0.5]
        if covers[:, plan].any(axis=1).all() and not rules.broken_by(plan):
            race.update_incumbent(plan)
    most = min(most, race.value)
    claimed = most if answer.proven else whole(answer.bound)
    if claimed > race.bound:
        race.bound, race.by_solver = claimed, True
    race.report()


def _plunge(
    covers: Bools, opened: NDArray[np.int64], rules: Rules, *, least: int, work: int, limits: Limits
) -> NDArray[np.int64]:
    """Return a cover with hardly more sites than `least`, else with fewer than `opened`, else `opened`."""
    more = 0
    while least + more < len(opened) and not limits.reached():
        start = _drop(covers, opened, rules, len(opened) - least - more)
        found = None if start is None else exchange_sites(covers, start, rules, work=work, limits=limits)
        if found is not None:
            opened = found
            break
        more = 2 * more + 1
    return _shrink(covers, opened, rules, work=work, limits=limits)


def _shrink(
    covers: Bools, opened: NDArray[np.int64], rules: Rules, *, work: int, limits: Limits, before: int = 0
) -> NDArray[np.int64]:
    """Return a cover with fewer sites than `opened`, as long as exchanges find one; the same as otherwise."""
    while not limits.reached():
        start = _drop(covers, opened, rules, 1)
        fewer = None if start is None else exchange_sites(covers, start, rules, work=work, limits=limits, before=before)
        if fewer is None:
            break
        opened = fewer
    return opened


def _drop(covers: Bools, opened: NDArray[np.int64], rules: Rules, count: int) -> NDArray[np.int64] | None:
    """Leave out so many sites, each time the one that covers fewest alone; ``None`` if rules forbid it."""
    for _ in range(count):
        there = np.bincount(rules.township[opened] + 1, minlength=len(rules.townships) + 1)
        spare = np.append(np.inf, there[1:] - rules.least)[rules.township[opened] + 1] > 0
        leaving = np.flatnonzero(spare & ~rules.kept[opened])
        if len(leaving) == 0:
            return None
        alone = covers[:, opened].sum(axis=1) == 1
        missed = covers[np.ix_(alone, opened[leaving])].sum(axis=0)
        opened = np.delete(opened, leaving[np.argmin(missed)])
    return opened
