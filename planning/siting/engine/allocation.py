"""Who goes where: always to the nearest opened site, and the answers that follow from that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.sites.p_sites import Choice
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution


def answer_by(
    answer: Solution, problem: SitingProblem, choice: Choice | Solution, limits: Limits, *, of: int = 0
) -> Solution:
    """Return an answer with the sites that were chosen, everyone at the nearest.

    Parameters
    ----------
    answer
        Model, options, sense and unit.
    problem
    choice
        Its cost is the objective, or where most is best those left out; an answer of its own stands.
    limits
    of
        All people, where most is best.
    """
    if isinstance(choice, Solution):
        return choice
    sign = -1 if answer.sense == "max" else 1
    return answer.found(
        opened=choice.opened,
        allocation=allocate_nearest(problem, choice.opened),
        objective=of + sign * choice.cost,
        bound=of + sign * choice.bound,
        proof=choice.proof,
        certificate=choice.certificate,
        solver=choice.solver,
        limit=limits.reason,
    )


def allocate_nearest(problem: SitingProblem, opened: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the nearest opened candidate of every demand point, −1 where none can be reached.

    Parameters
    ----------
    opened : (k,) int64
        Positions of the opened candidates, ascending; of equally near ones the first is taken.
    """
    if len(opened) == 0:
        return np.full(len(problem.weights), -1, np.int64)
    nearest = opened[np.argmin(problem.values[:, opened], axis=1)]
    return np.where(problem.reachable[:, opened].any(axis=1), nearest, -1)
