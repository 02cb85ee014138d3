"""A question with its answer, to be asked again under other rules, whichever the model."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.faults import FaultsError
from planning.siting.limits import Limits, Progress
from planning.siting.problem import SitingProblem
from planning.siting.rules import NO_TOWNSHIP, STATUSES, Rules
from planning.siting.solution import Solution

Ints = NDArray[np.int64]
EXISTING, REQUIRED, EXCLUDED, CLOSED = map(STATUSES.index, ("existing", "required", "excluded", "closed"))


@dataclass(frozen=True, eq=False)
class Question:
    """A question and the plan that answers it.

    Parameters
    ----------
    problem, solution
    solve
        The model.
    options
        What it was asked with.
    """

    problem: SitingProblem
    solution: Solution
    solve: Callable[..., Solution]
    options: Mapping[str, Any]

    def ask(self, rules: Rules, limits: Limits, *, p: int | None = None, seconds: float | None = None) -> Solution:
        """Ask again under other rules; a plan no worse than the one at hand is good enough.

        Parameters
        ----------
        rules
            A site of today that they exclude counts as closed, which may have to be paid for.
        limits
        p
            Number of sites, for a model that may be asked for one.
        seconds
            To be taken at most.

        Returns
        -------
        Solution
            Infeasible also where the model refuses the figures.
        """
        options = dict(self.options)
        if p is not None and "p" in inspect.signature(self.solve).parameters:
            options["p"] = p
        gone = self.problem.rules.stands & ~rules.stands
        rules = replace(rules, status=np.where(gone, CLOSED, rules.status).astype(np.int8))
        good = _GoodEnough(self, limits)
        try:
            return self.solve(
                replace(self.problem, rules=rules),
                **options,
                stop=good.stop,
                report=good.on_progress,
                time_limit_s=seconds,
            )
        except FaultsError:
            return replace(self.solution, status="infeasible", objective=None, bound=None, opened=np.empty(0, np.int64))

    def loss(self, found: Solution) -> int | None:
        """Return how much worse another plan is than the one at hand; ``None`` without one."""
        return None if found.objective is None else self.worse_by(found.objective)

    def worse_by(self, objective: int) -> int:
        """Return how much worse an objective is than the one at hand."""
        worse = objective - int(self.solution.objective or 0)
        return worse if self.solution.sense == "min" else -worse

    def proves(self, found: Solution) -> bool:
        """Whether nothing better than `found` was to be found."""
        return found.status == "optimal" or (found.objective is not None and found.objective == self.solution.bound)

    def only(self, opened: Ints) -> Rules:
        """Return rules under which exactly these sites stand, whatever else was asked."""
        status = np.full(len(self.problem.rules.status), EXCLUDED, np.int8)
        status[opened] = self._kept(opened)
        none = np.empty(0, np.int64)
        nowhere = np.full(len(status), NO_TOWNSHIP)
        return Rules(status, nowhere, none, none, none, np.empty((0, 2), np.int64))

    def exchange(self, slot: int, entering: int | None = None) -> Rules:
        """Return the rules with one opened site closed and all others kept; `entering` is the only one to come."""
        opened = self.solution.opened
        status = self.problem.rules.status.copy()
        if entering is not None:
            status[np.arange(len(status)) != entering] = EXCLUDED
            status[entering] = self._kept(entering)
        others = np.delete(opened, slot)
        status[others] = self._kept(others)
        status[opened[slot]] = EXCLUDED
        return replace(self.problem.rules, status=status)

    def with_some_of(self, far: NDArray[np.bool_], township: int) -> Rules:
        """Return rules that open one of the far candidates of a township, which gives up its least number."""
        rules = self.problem.rules
        here = far & (rules.township == township)
        limited = township != NO_TOWNSHIP
        least, most = rules.least.copy(), rules.most
        if limited:
            least[township] = 0
        return replace(
            rules,
            township=np.where(here, len(rules.townships), rules.township),
            townships=np.append(rules.townships.astype(object), ""),
            least=np.append(least, 1),
            most=np.append(most, most[township] if limited else len(here)),
        )

    def _kept(self, sites: Ints | int) -> NDArray[np.int64]:
        return np.where(self.problem.rules.stands[sites], EXISTING, REQUIRED)


class _GoodEnough:
    """Ends a search at a plan that is no worse than the one at hand."""

    def __init__(self, question: Question, limits: Limits) -> None:
        self._question, self._limits, self._found = question, limits, False

    def on_progress(self, progress: Progress) -> None:
        """Look at a new incumbent."""
        incumbent = progress.incumbent
        self._found |= incumbent is not None and self._question.worse_by(incumbent) <= 0

    def stop(self) -> bool:
        """Whether to end."""
        return self._found or self._limits.reached()
