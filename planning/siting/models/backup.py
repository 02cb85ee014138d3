"""Backup coverage (BACOP): p sites, most people within the limit of a second site as well.

max Σ_i w_i z_i   subject to   Σ_{j: t_ij ≤ L} y_j − z_i ≥ 1 for everyone,   Σ_j y_j = p,   y, z binary

(Hogan & ReVelle 1986). First everybody is within the limit L of one site; then people, not places, who
have a second one are counted. With ``require_first=False`` only the second sites count, 2 z_i ≤ Σ y_j.
A capacity is not part of this question: a second site is there in case the first one fails.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from planning.siting.capacity import refuse_capacity
from planning.siting.engine.allocation import answer_by
from planning.siting.engine.conflict.conflict import because_of_rules
from planning.siting.engine.conflict.few_sites import because_of_few_sites
from planning.siting.engine.linear.backup_rows import NO_CUTS, backup_groups, backup_question
from planning.siting.engine.linear.proof import prove_question
from planning.siting.engine.linear.question import LinearQuestion
from planning.siting.engine.linear.search import relax_question, solve_question
from planning.siting.engine.linear.second_sites import backed_up, exchange_sites
from planning.siting.engine.sites.p_sites import Choice
from planning.siting.engine.solver import describe
from planning.siting.engine.tree import Incumbent
from planning.siting.limits import Limits, Report, Stop, never, report_rest, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import whole_number
from planning.siting.problem import SitingProblem
from planning.siting.proof.linear_certificate import LinearCertificate
from planning.siting.solution import Proof, Solution

ROUNDS = 6
"""Relaxations with more rows at most: on seeded counties none is broken after three to six."""
CLEARLY = 1e-4
"""A row counts as broken by more than this: a hundred times what HiGHS's relaxation may be off by."""
FIRST_NODES, TREE_NODES = 20, 200
"""Nodes of a proof before HiGHS is asked, which finds the better plan that a proof lacks, and after: what takes more
is not proven in PROOF_S either."""
PROOF_S = 8.0
"""Seconds of a proof at most: an answer in the minute of a run, after HiGHS has had its part of it."""


def backup(
    problem: SitingProblem,
    *,
    p: int | None = None,
    limit_s: int | None = None,
    require_first: bool = True,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p candidates so that most people are within `limit_s` of two.

    Parameters
    ----------
    p
        Number of sites, 1 to m.
    limit_s
        Seconds within which a site counts.
    require_first
        Whether every inhabited demand point must be within the limit of one site at least.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        ``infeasible`` with a minimal conflict when p sites cannot reach everyone within the rules.

    Raises
    ------
    FaultsError
        When p or the limit is missing, not whole or out of range.
    """
    refuse_capacity(problem.capacity)
    p = whole_number("p", p, least=1, most=problem.values.shape[1])
    limit_s = whole_number("limit_s", limit_s, least=0)
    total = int(problem.weights.sum())
    limits = Limits(stop, report_rest(report, total), time_limit_s)
    options = {"p": p, "limit_s": limit_s, "require_first": int(require_first)}
    answer = MODELS["backup"].asked(options)
    search = _Search(problem, options, limits)
    search.offer(exchange_sites(problem, options, limits))
    if search.incumbent.plan is None and require_first:
        refusal = because_of_few_sites(answer, problem, p=p, limit_s=limit_s, limits=limits.quiet())
        if refusal is not None:
            return refusal
    choice = search.run()
    if choice is not None:
        return answer_by(answer, problem, choice, limits, of=total)
    if not search.nothing:
        return answer.unfinished(limits.reason)
    asks = limit_s if require_first else None
    return because_of_rules(answer, problem, p=p, limit_s=asks, everyone=require_first, limits=limits)


class _Search:
    """The best plan and bound so far, counted in people without a second site: the root bound, HiGHS, then a tree."""

    def __init__(self, problem: SitingProblem, options: Mapping[str, int], limits: Limits) -> None:
        self.problem, self.options, self.limits = problem, options, limits
        self.total = int(problem.weights.sum())
        self.incumbent: Incumbent[NDArray[np.int64]] = Incumbent(self.total + 1, limits)
        self.certificate: LinearCertificate | None = None
        self.nothing, self.solver = False, ""

    def offer(self, opened: NDArray[np.int64] | None) -> None:
        """Take a plan if it is allowed and the best so far."""
        people = None if opened is None else backed_up(self.problem, self.options, opened)
        if opened is not None and people is not None:
            self.incumbent.update(self.total - people, opened)

    def run(self) -> Choice | None:
        """Search; ``None`` where no plan is found."""
        proof, best = self._search(), self.incumbent
        if best.plan is None:
            return None
        solver = "" if proof == "certificate" else self.solver
        return Choice(best.plan, best.value, best.value if proof else best.bound, proof, self.certificate, solver)

    def _search(self) -> Proof | None:
        """Return how the best plan is proven, if it is."""
        if self.incumbent.proven:
            return "certificate"  # everybody has a second site: nothing more to prove
        question, cuts = self._tighten()
        if self.incumbent.plan is not None and self._prove(question, cuts, FIRST_NODES):
            return "certificate"
        if self.limits.reached():
            return None
        self.solver = describe()
        whole = np.ones(len(question.cost), bool)
        whole[self.problem.values.shape[1] :] = not self.options["require_first"]
        found = solve_question(question, self.limits, whole=whole, tell=self._raise_bound)
        if found.values is not None:
            self.offer(np.flatnonzero(found.values[: self.problem.values.shape[1]]))
        self.nothing = found.done and found.values is None
        if self.incumbent.plan is None:
            return None
        self._raise_bound(None, found.bound)
        if self._prove(question, cuts, TREE_NODES):
            return "certificate"
        return "solver" if found.done or self.incumbent.proven else None

    def _raise_bound(self, _cost: int | None, bound: int | None) -> None:
        """Take a bound of the question, which counts people with a second site below 0."""
        self.incumbent.raise_bound(0 if bound is None else self.total + bound)

    def _state(self, cuts: NDArray[np.int64]) -> LinearQuestion:
        options, required = self.options, bool(self.options["require_first"])
        return backup_question(self.problem, options["p"], options["limit_s"], require_first=required, cuts=cuts)

    def _tighten(self) -> tuple[LinearQuestion, NDArray[np.int64]]:
        """Request the rows that the relaxation breaks, a few times."""
        cuts, question = NO_CUTS, self._state(NO_CUTS)
        if self.options["require_first"]:
            return question, cuts
        covers, _ = backup_groups(self.problem, self.options["limit_s"])
        for _ in range(ROUNDS):
            leaning = relax_question(question, self.limits)
            if leaning is None:
                break
            inside = np.where(covers, leaning[: covers.shape[1]], 0)
            over = leaning[covers.shape[1] :] - inside.sum(axis=1) + inside.max(axis=1, initial=0) > CLEARLY
            if not over.any():
                break
            more = np.column_stack([np.flatnonzero(over), inside[over].argmax(axis=1)])
            cuts = np.concatenate([cuts, more])
            question = self._state(cuts)
        return question, cuts

    def _prove(self, question: LinearQuestion, cuts: NDArray[np.int64], nodes: int) -> bool:
        """Prove the plan in exact integers, or keep the best bound so proven."""
        limits, upper = Limits(self.limits.reached, time_limit_s=PROOF_S), self.incumbent.value - self.total
        certificate = prove_question(question, upper, limits, asked=cuts, nodes=nodes)
        if certificate is not None and (self.certificate is None or certificate.bound > self.certificate.bound):
            self.certificate = certificate
            self._raise_bound(None, certificate.bound)
        return self.certificate is not None and self.certificate.bound == upper
