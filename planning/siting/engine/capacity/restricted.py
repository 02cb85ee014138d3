"""A problem with some of its candidates only: a small question where most sites are out of it anyway; its program."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.capacity import Capacity
from planning.siting.engine.capacity.money import Money
from planning.siting.engine.linear.compact import CompactProgram, CompactQuestion, compile_program
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules


def restrict(problem: SitingProblem, only: NDArray[np.int64]) -> SitingProblem:
    """Return the problem with the candidates `only` (k,), ascending; the others are as good as closed."""
    capacity = problem.capacity
    return replace(
        problem,
        values=problem.values[:, only],
        candidate_ids=problem.candidate_ids[only],
        rules=restrict_rules(problem.rules, only),
        capacity=None if capacity is None else restrict_capacity(capacity, only),
        opening_costs=problem.opening_costs[only],
        closing_costs=problem.closing_costs[only],
    )


def restrict_capacity(capacity: Capacity, only: NDArray[np.int64]) -> Capacity:
    """Return what the sites `only` (k,) can take."""
    return replace(
        capacity,
        capacities=capacity.capacities[only],
        minimum_loads=capacity.minimum_loads[only],
        included=capacity.included[only],
        extension_costs=capacity.extension_costs[only],
    )


def restrict_rules(rules: Rules, only: NDArray[np.int64]) -> Rules:
    """Return what the rules say of the sites `only` (k,)."""
    place = np.full(len(rules.status), -1)
    place[only] = np.arange(len(only))
    apart = place[rules.apart]
    return replace(
        rules, status=rules.status[only], township=rules.township[only], apart=apart[(apart >= 0).all(axis=1)]
    )


class PricedProgram(NamedTuple):
    """The compact program of some sites (k,), what its plans cost, and the yuan of closing what is not among them."""

    sites: NDArray[np.int64]
    rows: CompactProgram
    money: Money
    closing: int

    def plan(self, values: NDArray[np.int64], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the sites and the allocation (n,) that values of the variables stand for."""
        values = values[: len(self.rows.whole)]
        opened = self.sites[np.flatnonzero(values[: len(self.sites)])]
        to = self.rows.allocation(values, n)
        return opened, np.where(to < 0, -1, self.sites[to])


def priced_program(asked: CompactQuestion, capacity: Capacity, only: NDArray[np.int64] | None) -> PricedProgram:
    """Return the program of all sites, or of `only` some (k,) beside those that are kept."""
    problem, closing = asked.problem, 0
    sites = np.arange(problem.values.shape[1])
    if only is not None:
        sites = np.union1d(only, np.flatnonzero(problem.rules.kept))
        shut = np.setdiff1d(np.flatnonzero(problem.rules.stands), sites)
        closing = int(problem.closing_costs[shut].sum())
        asked, capacity = replace(asked, problem=restrict(problem, sites)), restrict_capacity(capacity, sites)
    rows = compile_program(asked, loads=True)
    return PricedProgram(sites, rows, Money(asked, capacity, rows), closing)
