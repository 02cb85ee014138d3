"""Why here: what each site is worth, the best exchange not taken, other plans nearly as good; for every model.

Where everyone simply goes to the nearest site, worth and exchanges are read off a table of payments, and where
the objective is a sum as well, plans are listed and counted by a tree of their own. Elsewhere the model is
asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from numpy.typing import ArrayLike

from gis.faults import Fault, FaultsError
from planning.siting.limits import Limits
from planning.siting.study.alternatives import Alternative, Alternatives, alternatives
from planning.siting.study.asked_again import exchange_sites, other_plans, weigh_sites
from planning.siting.study.exchanges import payments_of, pays_nearest
from planning.siting.study.question import Question
from planning.siting.study.worth import SiteWorth, Swap, best_swap, marginal_worth, swap_for

Step = Literal["worth", "swap", "there", "alternatives"]
Tell = Callable[[Step, int, int], None]


class WhyHere(NamedTuple):
    """The answer; `there` is the best exchange that opens the candidate asked for."""

    worth: tuple[SiteWorth, ...]
    swap: Swap | None
    there: Swap | None
    others: Alternatives


def silent(_step: Step, _done: int, _of: int) -> None:
    """Tell nobody."""


def why_here(
    question: Question,
    *,
    positions: ArrayLike,
    limits: Limits,
    candidate: str | None = None,
    count: int = 20,
    apart_m: float = 3000.0,
    within: float = 0.01,
    tell: Tell = silent,
) -> WhyHere:
    """Study a plan.

    Parameters
    ----------
    question
    positions : (m, 2)
        Metres east and north of the candidates.
    limits
        When they are reached, what has been found counts, and says that it is not all. A third of the time goes
        to worth and exchanges at most.
    candidate
        Id of a candidate: why not there?
    count, apart_m, within
        See :func:`~planning.siting.study.alternatives.alternatives`.
    tell
        Told the step, and how many parts of how many are done.

    Raises
    ------
    FaultsError
        ``candidate-unknown``, ``positions-wrong``.
    """
    problem, solution = question.problem, question.solution
    if candidate is not None and candidate not in problem.candidate_ids.astype(str):
        raise FaultsError([Fault("candidate-unknown", field="candidate", value=candidate)])

    def telling(step: Step, of: int) -> Callable[..., None]:
        tell(step, 0, of)
        return lambda done, of: tell(step, done, of)

    sites = len(solution.opened)
    if pays_nearest(problem, solution):
        worth, swap = marginal_worth(problem, solution), best_swap(problem, solution)
        there = None if candidate is None else swap_for(problem, solution, candidate)
    else:
        first = _part(limits, 6)
        worth = weigh_sites(question, first, telling("worth", sites))
        first = _part(limits, 5)
        swap = exchange_sites(question, first, telling("swap", sites))
        there = None
        if candidate is not None:
            there = exchange_sites(question, _part(limits, 4), telling("there", sites), candidate=candidate)
    wanted: dict[str, Any] = {"positions": positions, "count": count, "apart_m": apart_m, "within": within}
    listed = _Listed(tell, count)
    if pays_nearest(problem, solution) and payments_of(problem, solution).is_sum:
        others = alternatives(problem, solution, stop=limits.stop, tell=listed.one_more, **wanted)
    else:
        others = other_plans(question, limits, listed.one_more, **wanted)
    return WhyHere(worth, swap, there, others)


def _part(limits: Limits, parts: int) -> Limits:
    """Return limits that end after one of so many parts of the time left."""
    left = limits.remaining_s
    return Limits(limits.stop, time_limit_s=None if left == float("inf") else left / parts)


class _Listed:
    """Tells how many plans of those wanted are found."""

    def __init__(self, tell: Tell, of: int) -> None:
        self._tell, self._of, self._done = tell, of, 0
        tell("alternatives", 0, of)

    def one_more(self, _found: Alternative) -> None:
        """Count one more."""
        self._done += 1
        self._tell("alternatives", self._done, self._of)
