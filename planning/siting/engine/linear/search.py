"""Solve a linear question by HiGHS, in whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.linear.core import CLEAR, Core, choose_unit, whole_bound
from planning.siting.engine.linear.question import LinearQuestion
from planning.siting.engine.solver import solve
from planning.siting.limits import Limits

Tell = Callable[[int | None, int], None]


@dataclass(frozen=True, eq=False)
class LinearAnswer:
    """What HiGHS says to a linear question, in whole numbers.

    Parameters
    ----------
    values : (k,) int64 or None
        Keeps every row exactly (variables that need not be whole are rounded down and only told).
    bound
        On the word of HiGHS; ``None`` where it says nothing.
    done
        Whether it claims that nothing is better; without values: that there is nothing.
    """

    values: NDArray[np.int64] | None
    bound: int | None
    done: bool


def solve_question(
    question: LinearQuestion, limits: Limits, *, whole: NDArray[np.bool_] | None = None, tell: Tell | None = None
) -> LinearAnswer:
    """Let HiGHS solve a question.

    Parameters
    ----------
    whole : (k,) bool, optional
        Which variables are whole; all when left out. Plans are checked in exact integers only where
        all are whole.
    tell
        Told the cost of the best plan (``None`` before there is one) and a whole lower bound, often.
    """
    kinds = np.ones(len(question.cost), bool) if whole is None else whole
    core = Core.of(question, (question.lowest, question.highest))
    if core.impossible:
        return LinearAnswer(None, None, done=True)
    if not len(core.rows):
        values = core.fill((question.cost[core.free] < 0).astype(np.int64))
        return LinearAnswer(values, question.value(values), done=True)
    unit = choose_unit(question)

    def look(cost: float, bound: float) -> None:
        if tell is not None and np.isfinite(bound):
            found = round(cost * unit) + core.offset if np.isfinite(cost) else None
            tell(found, whole_bound(bound, unit) + core.offset)

    answer = solve(core.program(question, kinds, unit), limits=limits, gap=0.99 / unit, tell=look)
    bound = whole_bound(answer.bound, unit) + core.offset if np.isfinite(answer.bound) else None
    if answer.values is None:
        return LinearAnswer(None, bound, answer.proven)
    rounded = np.where(kinds[core.free], answer.values.round(), np.floor(answer.values + CLEAR))
    values = core.fill(rounded.astype(np.int64))
    if kinds.all() and not question.allows(values):
        return LinearAnswer(None, bound, done=False)
    return LinearAnswer(values, bound, answer.proven)


def relax_question(question: LinearQuestion, limits: Limits) -> NDArray[np.float64] | None:
    """Return the values (k,) of the linear relaxation, ``None`` where there are none."""
    core = Core.of(question, (question.lowest, question.highest))
    if core.impossible or not len(core.rows):
        return None
    answer = solve(core.program(question, np.zeros(len(question.cost), bool), choose_unit(question)), limits=limits)
    if answer.values is None:
        return None
    leaning = core.fixed.astype(np.float64)
    leaning[core.free] = answer.values
    return leaning
