"""A first plan that serves everyone within the budget, or the reason why there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.engine.allocation import allocate_nearest
from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.capped.search import CappedSearch
from planning.siting.engine.conflict.conflict import with_parts
from planning.siting.engine.rule_rows import rule_rows
from planning.siting.engine.solver import Answer, Program, describe, solve
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution

PROOF_NODES = 200
"""Nodes of the proof that no plan is cheaper; what they leave open is told as a shortage of at least so much."""


def find_affordable(
    problem: SitingProblem, question: CappedQuestion, answer: Solution, limits: Limits, *, everyone: bool = True
) -> NDArray[np.int64] | Solution:
    """Find the plan that costs fewest yuan, or say what is missing.

    Parameters
    ----------
    problem
    question
        The one with the budget.
    answer
        What to build the refusal from.
    limits
    everyone
        Whether everyone must be served; a plan of one site at least will do otherwise.

    Returns
    -------
    (k,) int64, or Solution
        The plan, or the answer that there is none (or that time ran out before one was found).
    """
    quiet = limits.quiet()
    inhabited = problem.inhabited
    open_to = problem.allowed[inhabited] & ~problem.rules.barred
    if not everyone:
        open_to = np.zeros((0, open_to.shape[1]), bool)
    elif not open_to.any(axis=1).all():
        ids = problem.demand_ids[inhabited][~open_to.any(axis=1)].tolist()
        return answer.because(Reason("unreachable-demand", {"ids": ids, "count": len(ids)}))
    found = _cheapest(question, open_to, quiet)
    if found.values is None and found.proven:
        refusal = answer.because(Reason("rules-contradict", {}), by_solver=True, solver=describe())
        return with_parts(refusal, problem, quiet, p=question.sites, everyone=everyone)
    if found.values is None:
        return answer.unfinished(limits.reason)
    opened = np.flatnonzero(found.values > 0.5)
    missing = 0 if question.budget is None else int(question.site_costs[opened].sum()) - question.budget
    if missing <= 0:
        return opened
    if not found.proven:
        return answer.unfinished(limits.reason)
    return _refuse(problem, question, answer, missing, quiet)


def answer_for_nobody(problem: SitingProblem, question: CappedQuestion, answer: Solution, limits: Limits) -> Solution:
    """Where nobody lives one site will do, the cheapest: nothing is paid and nobody is left out."""
    first = find_affordable(problem, question, answer, limits, everyone=False)
    if isinstance(first, Solution):
        return first
    return answer.found(
        opened=first,
        allocation=allocate_nearest(problem, first),
        objective=0,
        bound=0,
        proof="certificate",
        certificate=None,
        solver="",
        limit=None,
    )


def _refuse(
    problem: SitingProblem, question: CappedQuestion, answer: Solution, missing: int, limits: Limits
) -> Solution:
    """Prove that one yuan less than `missing` would not do."""
    reason = Reason("budget-short", {"short": missing})
    almost = replace(question, budget=int(question.budget or 0) + missing - 1)
    search = CappedSearch(almost, problem.weights[problem.inhabited], limits)
    certificate = search.run(nodes=PROOF_NODES)
    if certificate.bound > almost.worst:
        return answer.because(reason, certificate=certificate)
    return answer.because(reason, by_solver=True, solver=describe())


def _cheapest(question: CappedQuestion, open_to: NDArray[np.bool_], limits: Limits) -> Answer:
    """Ask HiGHS for the fewest yuan."""
    rules, count = question.rules, len(question.site_costs)
    demand = np.unique(open_to[~open_to.all(axis=1)], axis=0) if len(open_to) else open_to
    if not len(demand):
        demand = np.ones((1, count), bool)
    on_sites = rule_rows(rules, np.arange(count))
    sites = (0, count) if question.sites is None else (question.sites, question.sites)
    # Barred sites have no use: a cost beyond every plan keeps them closed.
    dearest = float(np.abs(question.site_costs).sum() + 1)
    program = Program(
        cost=np.where(rules.barred, dearest, question.site_costs.astype(np.float64)),
        rows=csr_array(vstack([csr_array(demand.astype(float)), csr_array(np.ones((1, count))), on_sites.matrix])),
        least=np.concatenate([np.ones(len(demand)), [sites[0]], on_sites.least]),
        most=np.concatenate([np.full(len(demand), np.inf), [sites[1]], on_sites.most]),
        whole=np.ones(count, bool),
        lowest=rules.kept.astype(float),
    )
    found = solve(program, limits=limits)
    if found.values is not None and (found.values[rules.barred] > 0.5).any():
        return Answer(found.proven, None, found.bound, None)
    return found
