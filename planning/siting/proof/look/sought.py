"""What a quick look for plans goes by, said in the statement of each model. It proves nothing, so it may be rough."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem
from planning.siting.proof.longest import longest_time
from planning.siting.proof.look.choice import CountsPay, NearestPays, Worth
from planning.siting.solution import Solution

if TYPE_CHECKING:
    from planning.siting.proof.look.plans import Look


def pay_travel(look: Look) -> list[Worth]:
    """Everybody pays the way to the nearest site."""
    return [NearestPays(np.where(look.seconds <= look.longest, look.people[:, None] * look.seconds, np.inf))]


def pay_uncovered_places(look: Look) -> list[Worth]:
    """Every place beyond the longest time pays 1."""
    return [CountsPay(look.seconds <= look.longest, np.ones(len(look.seconds)), np.zeros(len(look.seconds)))]


def pay_uncovered_people(look: Look) -> list[Worth]:
    """Everybody beyond the limit pays 1."""
    lost = np.where(look.seconds <= look.within, 0.0, look.people[:, None])
    return [NearestPays(np.where(look.seconds <= look.longest, lost, np.inf) if look.everyone else lost)]


class Sought(NamedTuple):
    """What a quick look goes by.

    Parameters
    ----------
    worths
        What sets of sites cost, as far as it can be told without loads; the last is the model's own objective.
    longest
        Seconds beyond which nobody is sent, in a plan that is better than the claim.
    counts
        Numbers of sites at which such a plan may be found, the usual one first; ``None`` for any.
    counted : (n,) bool
        Who has to be served.
    """

    worths: Callable[[Look], list[Worth]] = pay_travel
    longest: Callable[[SitingProblem, Solution], int] = lambda problem, _: longest_time(problem)
    counts: Callable[[Solution], tuple[int | None, ...]] = lambda solution: (solution.options.get("p"),)
    counted: Callable[[SitingProblem], NDArray[np.bool_]] = lambda problem: np.asarray(problem.weights > 0)


USUAL = Sought()
"""Least travel of everybody, to p sites."""
