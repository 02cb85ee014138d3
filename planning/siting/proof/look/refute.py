"""Whether a quick look finds a plan that a claim says does not exist: a better one, or any at all.

Sites are chosen greedily and by exchanges, people sent to the nearest or where there is room; then the statement of
the model says whether that is a plan and what it is worth, so that nothing true is ever refuted. Finding nothing says
nothing.
"""

from __future__ import annotations

from dataclasses import replace

from planning.siting.problem import SitingProblem
from planning.siting.proof.look.plans import Look
from planning.siting.proof.rules_kept import breaks
from planning.siting.proof.statement import SHORTAGES, Statement
from planning.siting.solution import Solution


def is_refuted(
    problem: SitingProblem, solution: Solution, statement: Statement, upper: SitingProblem | None = None
) -> bool:
    """Whether a plan was found that is better than the claimed bound, or that a claim of "no plan" excludes.

    Parameters
    ----------
    problem
    solution
        Of whose claim nothing else is false.
    statement
        Of its model.
    upper
        The upper tier's problem, for two tiers.
    """
    asked, options = [], dict(solution.options)
    for code, told in solution.reasons if solution.status == "infeasible" else ():
        if code in SHORTAGES and "budget_yuan" in options:
            # So much money would still be too little.
            asked.append(options | {"budget_yuan": options["budget_yuan"] + told["short"] - 1})
        if code == "too-few-sites" and "p" in options:
            asked.append(options | {"p": min(told["needed"] - 1, problem.values.shape[1])})
    # Whatever the asked money buys, more money does too; of other questions that is not so.
    richer = any(one.get("budget_yuan", 0) > options.get("budget_yuan", 0) for one in asked)
    questions = [replace(solution, options=one) for one in asked] + ([] if richer else [solution])
    return any(_has_plan(problem, one, statement, upper) for one in questions)


def _has_plan(problem: SitingProblem, solution: Solution, statement: Statement, upper: SitingProblem | None) -> bool:
    look = Look(problem, solution, statement)
    for plan in look.tiers(upper) if upper is not None and "upper_p" in solution.options else look.plans():
        if breaks(problem.rules, plan.opened) or len(plan.opened) == 0 or any(statement.plan_faults(problem, plan)):
            continue
        worth, bound = statement.objective(problem, plan), solution.bound
        better = bound is not None and (worth < bound if statement.sense == "min" else worth > bound)
        if better or solution.status == "infeasible":
            return True
    return False
