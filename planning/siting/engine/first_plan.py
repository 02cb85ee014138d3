"""A first plan that serves everyone and obeys the rules, or the reason why there is none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.engine.conflict.conflict import because_of_rules
from planning.siting.engine.conflict.few_sites import too_few_sites
from planning.siting.engine.cover.choice import Question
from planning.siting.engine.cover.tree import decide_cover, relax_cover
from planning.siting.engine.rule_rows import rule_rows
from planning.siting.engine.sites.p_sites import Found
from planning.siting.engine.solver import Program, solve
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution


def find_first_plan(
    problem: SitingProblem, sites: int, answer: Solution, limits: Limits, *, everyone: bool = True
) -> Found:
    """Find `sites` sites that obey the rules and serve every inhabited demand point.

    Parameters
    ----------
    problem
    sites
    answer
        What to build the refusal from.
    limits
    everyone
        Whether everyone must be served; the rules alone bind otherwise.

    Returns
    -------
    (p,) int64, or Solution
        The plan, or the answer that there is none (or that time ran out before one was found).
    """
    inhabited = problem.inhabited
    open_to = problem.allowed[inhabited] & ~problem.rules.barred
    quiet = limits.quiet()  # its progress is in sites: not ours
    if not everyone:
        return _fit(problem, open_to[:0], sites, answer, quiet, everyone=False)
    if not open_to.any(axis=1).all():
        ids = problem.demand_ids[inhabited][~open_to.any(axis=1)].tolist()
        return answer.because(Reason("unreachable-demand", {"ids": ids, "count": len(ids)}))
    if problem.rules.plain:
        return _cover(problem, open_to, sites, answer, quiet)
    return _fit(problem, open_to, sites, answer, quiet, everyone=True)


def _cover(problem: SitingProblem, reach: NDArray[np.bool_], sites: int, answer: Solution, limits: Limits) -> Found:
    """Without rules: cover everyone, or prove how many sites it takes at least."""
    rules = problem.rules
    if reach.all():
        return np.arange(sites)
    needed = int(np.ceil(relax_cover(reach, rules, limits) - 1e-6))
    asked = sites if needed <= sites else min(needed - 1, reach.shape[1])
    verdict = decide_cover(reach, Question(asked, exactly=False, rules=rules), limits=limits)
    if verdict.opened is not None and len(verdict.opened) <= sites:
        spare = np.setdiff1d(np.arange(reach.shape[1]), verdict.opened)[: sites - len(verdict.opened)]
        return np.sort(np.append(verdict.opened, spare))
    if verdict.certificate is None:
        return answer.unfinished(limits.reason)
    return too_few_sites(answer, problem, p=sites, needed=asked + 1, certificate=verdict.certificate)


def _fit(
    problem: SitingProblem,
    open_to: NDArray[np.bool_],
    sites: int,
    answer: Solution,
    limits: Limits,
    *,
    everyone: bool,
) -> Found:
    """Let HiGHS look for any plan within the rules."""
    open_to = np.unique(open_to[~open_to.all(axis=1)], axis=0)
    rules = rule_rows(problem.rules, np.arange(problem.values.shape[1]))
    count = problem.values.shape[1]
    rows = [csr_array(open_to.astype(float)), csr_array(np.ones((1, count))), rules.matrix]
    program = Program(
        cost=problem.rules.barred.astype(float),
        rows=csr_array(vstack(rows)),
        least=np.concatenate([np.ones(len(open_to)), [sites], rules.least]),
        most=np.concatenate([np.full(len(open_to), np.inf), [sites], rules.most]),
        whole=np.ones(count, bool),
        lowest=problem.rules.kept.astype(float),
    )
    found = solve(program, limits=limits)
    if found.values is None or found.bound > 0.5:
        if not found.proven:
            return answer.unfinished(limits.reason)
        return because_of_rules(answer, problem, p=sites, everyone=everyone, limits=limits)
    return np.sort(np.argsort(-found.values, kind="stable")[:sites])
