"""Check a plan and its proof, from the matrix up, with code that shares nothing with the solvers."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import numpy as np
from numpy.typing import ArrayLike

from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof import statements
from planning.siting.proof.form import form_faults
from planning.siting.proof.look.refute import is_refuted
from planning.siting.proof.rules_kept import breaks
from planning.siting.proof.statement import State, Statement, says_shortage
from planning.siting.proof.statements.conflict import conflict_holds, is_asked
from planning.siting.solution import Reason, Solution

_FILES = frozenset(module.name for module in iter_modules(statements.__path__))
"""Each model is stated in a file of its name; it is loaded when a claim of that model is looked at."""


def verify(
    problem: SitingProblem,
    solution: Solution,
    *,
    upper: SitingProblem | None = None,
    children: ArrayLike | None = None,
) -> list[Fault]:
    """Return everything that is false about a solution; an empty list means that the claim holds.

    Recomputed in exact integers: that the sites exist, obey the rules and are as many as asked, that
    everyone is allocated as the model says, the objective, the bound that the certificate proves, and
    whether status and proof say no more than that. ``proof="solver"`` claims no more than the word of
    the solver: it holds if nothing else is wrong and a quick look finds no plan that refutes it.

    Parameters
    ----------
    problem
    solution
    upper
        The upper tier's problem, for two tiers.
    children : (n,), optional
        Children at each demand point, for hubs whose rooms count them.
    """
    try:
        statement = _statement_of(problem, solution, upper, children)
        faults = list(form_faults(problem, solution, () if statement is None else statement.carries))
        if faults:
            return faults
        faults = _checked(problem, solution, statement)
        if statement is not None and not faults and _rests_on_a_word(solution):
            faults = [_refutation(solution)] if is_refuted(problem, solution, statement, upper) else []
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # Options or figures of a reason that are missing, numbers beyond 64 bits: nobody's claim.
        return [Fault("claim-malformed", field="solution")]
    return faults


def _statement_of(
    problem: SitingProblem, solution: Solution, upper: SitingProblem | None, children: ArrayLike | None
) -> Statement | None:
    """Return how a claim is checked; ``None`` for a model that is not known, or without its other tier."""
    file = solution.model.replace("-", "_")
    if file not in _FILES:
        return None
    room = import_module(f"{statements.__name__}.{file}")
    state: State | None = getattr(room, "state", None)
    found = state(problem, solution, upper, children) if state else getattr(room, "STATEMENT", None)
    return found if isinstance(found, Statement) and found.model == solution.model else None


def _rests_on_a_word(solution: Solution) -> bool:
    """Whether the bound, or that there is no plan, is believed because a solver says so."""
    claims = solution.bound is not None or solution.status == "infeasible"
    return claims and bool(solution.solver) and solution.proof in (None, "solver")


def _refutation(solution: Solution) -> Fault:
    """Return what is false where a plan was found that a claim excludes."""
    if solution.status == "infeasible":
        return Fault("reason-false", field="reasons", value=solution.reasons[0].code)
    return Fault("bound-unproven", field="bound", value=str(solution.bound))


def _checked(problem: SitingProblem, solution: Solution, statement: Statement | None) -> list[Fault]:
    if statement is None or (solution.sense, solution.objective_unit) != (statement.sense, statement.objective_unit):
        return [Fault("unknown-model", field="model", value=solution.model)]
    if solution.status == "infeasible":
        return list(_infeasible_faults(problem, solution, statement))
    faults = [*_opened_faults(problem, solution)]
    if not faults and len(solution.opened):
        faults += statement.plan_faults(problem, solution)
        if not {fault.code for fault in faults} & {"allocation-shape", "somebody-unserved", "allocation-not-allowed"}:
            faults += _objective_faults(problem, solution, statement)
    return [*faults, *_claim_faults(solution), *_bound_faults(problem, solution, statement)]


def _opened_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    opened = solution.opened
    if len(opened) == 0:
        if solution.status != "interrupted" or solution.objective is not None:
            yield Fault("opened-missing", field="opened")
        return
    if opened.min() < 0 or opened.max() >= problem.values.shape[1] or (np.diff(opened) <= 0).any():
        yield Fault("opened-not-candidates", field="opened", value=str(opened.tolist()))
    elif breaks(problem.rules, opened):
        yield Fault("rules-broken", field="opened", value=str(problem.candidate_ids[opened].tolist()))


def _objective_faults(problem: SitingProblem, solution: Solution, statement: Statement) -> Iterator[Fault]:
    truth = statement.objective(problem, solution)
    if solution.objective != truth:
        yield Fault("objective-wrong", field="objective", value=str(solution.objective), params={"truth": truth})


def _claim_faults(solution: Solution) -> Iterator[Fault]:
    """Yield faults of status, proof and bound that are plain without any costs."""
    objective, bound = solution.objective, solution.bound
    if (solution.status == "optimal") != (solution.proof is not None):
        yield Fault("status-without-proof", field="status", value=solution.status)
    if solution.proof is not None and (objective is None or objective != bound):
        yield Fault("bound-not-objective", field="bound", value=str(bound))
    if objective is not None and bound is not None:
        beyond = bound > objective if solution.sense == "min" else bound < objective
        if beyond:
            yield Fault("bound-beyond-objective", field="bound", value=str(bound))
    if solution.proof == "solver" and not solution.solver:
        yield Fault("solver-unnamed", field="solver")


def _bound_faults(problem: SitingProblem, solution: Solution, statement: Statement) -> Iterator[Fault]:
    """Without a solver's word the bound must follow from the certificate, or be trivial."""
    proven = statement.proven_bound(problem, solution)
    if proven is None:
        yield Fault("certificate-false", field="certificate")
        return
    on_its_word = bool(solution.solver) and solution.proof in (None, "solver")
    if solution.bound is None or on_its_word:
        return
    if solution.bound > proven if solution.sense == "min" else solution.bound < proven:
        yield Fault("bound-unproven", field="bound", value=str(solution.bound))


def _infeasible_faults(problem: SitingProblem, solution: Solution, statement: Statement) -> Iterator[Fault]:
    if not solution.reasons:
        yield Fault("reason-missing", field="reasons")
    if len(solution.opened) or solution.objective is not None or solution.proof is None:
        yield Fault("infeasible-with-plan", field="status")
    if solution.proof == "solver" and not solution.solver:
        yield Fault("solver-unnamed", field="solver")
    demands = statement.demands(problem, solution)
    everyone, limited, every_place = demands
    if conflict_holds(problem, solution, everyone=everyone, limited=limited, every_place=every_place):
        return
    proven = solution.proof == "solver"
    for reason in solution.reasons:
        if proven and (is_asked(problem, solution, reason, demands) or _on_its_word(solution, reason)):
            continue
        if not statement.reason_holds(problem, solution, reason):
            yield Fault("reason-false", field="reasons", value=reason.code)
        proven = True  # what follows says of what it consists


def _on_its_word(solution: Solution, reason: Reason) -> bool:
    """Whether a reason without parts is told in its form by a solver."""
    told = reason.params
    if solution.proof != "solver":
        return False
    if reason.code in {"rules-contradict", "hubs-conflict"}:
        return not told
    if reason.code == "too-few-sites":
        return told.keys() == {"p", "needed"} and bool(solution.options["p"] == told["p"] < told["needed"])
    return says_shortage(reason)
