"""How far anybody may be sent, said once for all statements."""

from __future__ import annotations

from gis.cost_matrix import UNREACHABLE
from planning.siting.problem import SitingProblem


def longest_time(problem: SitingProblem, *limits: int | None) -> int:
    """Return the seconds that nobody may be beyond: those of the problem and of further limits, where there is a way.

    Parameters
    ----------
    problem
    limits
        Seconds, ``None`` for no limit.
    """
    return min([UNREACHABLE - 1, *(limit for limit in (problem.max_time_s, *limits) if limit is not None)])
