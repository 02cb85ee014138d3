"""The yuan of a plan with loads: opening, closing, and what lies beyond the load that is included.

Whole extensions e_j ≥ Σ_i load_i x_ij − included_j y_j are written in bits, e_j = Σ_k 2^k b_jk, so that every
variable is 0 or 1.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from planning.siting.capacity import Capacity
from planning.siting.engine.linear.compact import CompactProgram, CompactQuestion
from planning.siting.engine.linear.question import LinearQuestion, RowList


class Money:
    """What plans cost.

    Parameters
    ----------
    asked
        Without a budget.
    capacity
    program
        The compact program of `asked`, with loads.
    """

    def __init__(self, asked: CompactQuestion, capacity: Capacity, program: CompactProgram) -> None:
        self._capacity, self._program = capacity, program
        self._yuan, self.rest = asked.yuan()
        most = np.minimum(capacity.capacities, int(capacity.loads.sum())) - capacity.included
        beyond = np.where(capacity.extension_costs > 0, most.clip(min=0), 0).tolist()
        bits = [(site, 2**k) for site, load in enumerate(beyond) for k in range(load.bit_length())]
        self._extended, self._sizes = np.array(bits, np.int64).reshape(len(bits), 2).T

    def spending(self, question: LinearQuestion, budget: int | None) -> LinearQuestion:
        """Return a question about the program within a budget; as its cost what is spent, if there is none.

        The variables of the extensions come last; one site at least is opened.
        """
        count, own, bits = len(self._yuan), len(question.cost), len(self._sizes)
        rows = RowList(own + bits)
        rows.at_least(csr_array(hstack([question.rows, csr_array((question.rows.shape[0], bits))])), question.least)
        rows.at_least(np.ones((1, count), np.int64), 1)
        rows.at_most(self._overload(own, bits), 0)
        spent = np.concatenate([self._yuan, np.zeros(own - count, np.int64), self._prices])
        if budget is not None:
            unit = max(1, int(np.gcd.reduce(spent)))
            rows.at_most(spent[None, :] // unit, (budget - self.rest) // unit)
        matrix, least = rows.gather()
        cost = np.pad(question.cost, (0, bits)) if budget is not None else spent
        lowest, highest = np.pad(question.lowest, (0, bits)), np.pad(question.highest, (0, bits), constant_values=1)
        return replace(question, cost=cost, rows=matrix, least=least, lowest=lowest, highest=highest)

    def total(self, question: LinearQuestion, values: NDArray[np.int64]) -> int:
        """Return the yuan of values of the question without a budget."""
        return question.value(values) + self.rest

    @property
    def _prices(self) -> NDArray[np.int64]:
        return self._capacity.extension_costs[self._extended] * self._sizes

    def _overload(self, own: int, bits: int) -> csr_array:
        """(k, own + bits) load of each site that can be extended, beyond what is included and what is added."""
        program, capacity, count = self._program, self._capacity, len(self._yuan)
        pair, bit = count + np.arange(len(program.points)), own + np.arange(bits)
        row = np.concatenate([program.sites, np.arange(count), self._extended])
        column = np.concatenate([pair, np.arange(count), bit])
        worth = np.concatenate([capacity.loads[program.points], -capacity.included, -self._sizes])
        table = csr_array((worth, (row, column)), shape=(count, own + bits))
        return csr_array(table[np.unique(self._extended)])
