"""Which lane a question waits in, and how many runs of each are at work at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from layers.records.run import Lane
from planning.scenario.question import PlanQuestion
from planning.siting import MODELS, Model

OVERRUN_S = 3.0
"""A run of the short lane that takes longer goes on beside it, and the lane serves the next."""
MOST_OVERRUNS = 2
"""So many go on beside the short lane; the next one keeps the lane until one of them has ended."""
_USUAL_TIME_LIMIT_S = 60.0


class Shape(NamedTuple):
    """What is known of a question before it is computed.

    Parameters
    ----------
    kind
        ``plan`` or ``study``.
    plan
        The plan that is asked for or studied.
    """

    kind: str
    plan: PlanQuestion


class _Long(NamedTuple):
    """A reason why a question is known to take long."""

    reason: str
    holds: Callable[[Shape], bool]


def _model(shape: Shape) -> Model:
    return MODELS[str(shape.plan.model)]


LONG = (
    _Long("a study computes a plan and many more beside it", lambda asked: asked.kind == "study"),
    _Long("the model says why", lambda asked: bool(_model(asked).long)),
    _Long(
        "money and beds at once are a program for HiGHS",
        lambda asked: {"yuan", "capacity"} <= _model(asked).counts and asked.plan.conditions.capacity is not None,
    ),
    _Long(
        "more than the usual minute is only given to what needs it",
        lambda asked: asked.plan.time_limit_s > _USUAL_TIME_LIMIT_S,
    ),
)
"""Questions that are known to take long; what else does is found out after a few seconds."""


def lane_of(shape: Shape) -> Lane:
    """Return the lane of a question."""
    if shape.kind == "plan" and shape.plan.sites:
        return "short"  # nothing is chosen
    return "long" if any(known.holds(shape) for known in LONG) else "short"


def has_room(lane: Lane, *, at_work: int, overruns: int) -> bool:
    """Tell whether a lane can take one more run.

    Parameters
    ----------
    lane
    at_work
        Its runs at work, less those that overran it.
    overruns
        Runs that overran the short lane and go on.
    """
    return at_work == 0 and (lane == "long" or overruns <= MOST_OVERRUNS)
