"""What carrying out a plan means site by site: built, extended, raised, closed or kept, and its yuan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem

Act = Literal["new", "extend", "upgrade", "close", "keep"]
ACTS: tuple[Act, ...] = ("new", "extend", "upgrade", "close", "keep")
"""In the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Action:
    """What becomes of one site.

    Parameters
    ----------
    act
        ``new``: opened and does not stand; ``extend``: stands and carries more than it takes as it stands;
        ``upgrade``: stands, stays and becomes a centre of the upper tier, or is short of its standard; ``close``:
        stands and is not opened; ``keep``: stands and stays as it is.
    site
        Row of the candidate.
    yuan
        What it costs; of all actions together what :func:`planning.measures.money.yuan_of` says of the plan, where no
        floor area is priced.
    """

    act: Act
    site: int
    yuan: int


def actions_of(
    problem: SitingProblem,
    opened: NDArray[np.int64],
    loads: NDArray[np.int64] | None = None,
    *,
    raised: Collection[int] = (),
) -> list[Action]:
    """Return what becomes of every site that stands or is opened, act by act in the order of the candidates.

    Parameters
    ----------
    problem
        Its rules say what stands.
    opened : (k,) int64
        Rows of the opened candidates.
    loads : (m,) int64, optional
        What each candidate carries; counts where sites have a capacity.
    raised
        Rows of those sites that become more than they are, or fall short of their standard.
    """
    is_open = np.zeros(problem.values.shape[1], np.bool_)
    is_open[opened] = True
    beyond, price = _extensions(problem, loads)
    found = []
    for site in np.flatnonzero(is_open | problem.rules.stands).tolist():
        stands, extended = bool(problem.rules.stands[site]), int(beyond[site] * price[site])
        if not is_open[site]:
            found.append(Action("close", site, int(problem.closing_costs[site])))
        elif not stands:
            found.append(Action("new", site, int(problem.opening_costs[site]) + extended))
        else:
            act: Act = "extend" if beyond[site] else "upgrade" if site in raised else "keep"
            found.append(Action(act, site, extended))
    return sorted(found, key=lambda one: ACTS.index(one.act))


def _extensions(problem: SitingProblem, loads: NDArray[np.int64] | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(m,) what each site carries beyond what is included, as far as its capacity goes, and the yuan of one more."""
    if problem.capacity is None or loads is None:
        nothing = np.zeros(problem.values.shape[1], np.int64)
        return nothing, nothing
    room = problem.capacity
    return (np.minimum(loads, room.capacities) - room.included).clip(min=0), room.extension_costs
