"""What is left of a linear question once some variables are fixed, ready for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.engine.linear.boxes import Box
from planning.siting.engine.linear.question import LinearQuestion
from planning.siting.engine.solver import Program

CLEAR = 1e-6
"""A bound of HiGHS counts as whole if it is no more than this below: its tolerance on costs."""


@dataclass(frozen=True, eq=False)
class Core:
    """Free variables of a 0-1 box and the rows that can still be broken.

    Parameters
    ----------
    free : (f,) int64
        Variables that can still move.
    rows : (r,) int64
        Rows of the question that can still be broken.
    matrix : (r, f) sparse
    least : (r,) int64
        What is left of their left sides.
    offset
        Cost of the fixed variables.
    fixed : (k,) int64
        Values of the fixed variables, 0 for the free ones.
    impossible
        Whether a row is broken whatever the free variables do, or the box is empty.
    broken
        Such a row, −1 if there is none.
    """

    free: NDArray[np.int64]
    rows: NDArray[np.int64]
    matrix: csr_array
    least: NDArray[np.int64]
    offset: int
    fixed: NDArray[np.int64]
    impossible: bool
    broken: int

    @classmethod
    def of(cls, question: LinearQuestion, box: Box) -> Core:
        """Look at a question in a box."""
        lowest, highest = box
        free = np.flatnonzero(lowest < highest)
        fixed = np.where(lowest < highest, 0, lowest)
        least = question.least - question.rows @ fixed
        columns = csr_array(question.rows[:, free])
        worst = np.asarray(columns.minimum(0).sum(axis=1)).ravel()
        best = np.asarray(columns.maximum(0).sum(axis=1)).ravel()
        rows = np.flatnonzero(worst < least)
        empty = bool((lowest > highest).any())
        broken = np.flatnonzero(best < least)
        return cls(
            free,
            rows,
            csr_array(columns[rows]),
            least[rows],
            question.value(fixed),
            fixed,
            empty or len(broken) > 0,
            -1 if empty or not len(broken) else int(broken[0]),
        )

    def fill(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return all variables: `values` for the free ones."""
        everything = self.fixed.copy()
        everything[self.free] = values
        return everything

    def program(self, question: LinearQuestion, whole: NDArray[np.bool_], unit: float) -> Program:
        """Return the program on the free variables."""
        return Program(
            cost=question.cost[self.free] / unit,
            rows=csr_array(self.matrix.astype(np.float64)),
            least=self.least.astype(float),
            most=np.full(len(self.rows), np.inf),
            whole=whole[self.free],
            lowest=np.zeros(len(self.free)),
        )


def choose_unit(question: LinearQuestion) -> float:
    """Return what costs are divided by before HiGHS sees them."""
    return max(1.0, float(np.abs(question.cost.astype(float)).sum()) / 1e7)


def whole_bound(bound: float, unit: float) -> int:
    """Return the whole number that a bound of HiGHS, told in units, stands for."""
    return int(np.ceil(bound * unit - max(CLEAR, abs(bound * unit) * 1e-9)))
