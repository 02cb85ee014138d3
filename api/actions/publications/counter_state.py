"""How far the counter-proposals of a publication are, and why there are none where none are computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from layers.records.publication import Publication
from layers.records.run import Run
from planning.comparison.counter_proposals import ANSWERED_MODELS

PLAN, CLAIM = "plan", "plan-claim"
"""Names of the files of the plan that is published."""
CounterState = Literal["done", "computing", "stopped", "not-started", "none"]
"""``stopped``: the run ended without all of them; ``none``: none are computed, see :func:`reason_none`."""
ReasonNone = Literal["model", "capacity", "older"]
"""Its model, or capacities, take seconds a candidate; or it was published before there were any."""


def reason_none(publication: Publication, question: Mapping[str, Any]) -> ReasonNone | None:
    """Return why no counter-proposals are computed for a publication, ``None`` where they are.

    Parameters
    ----------
    publication
    question
        Of the scheme, as a plan or a frozen version tells it.
    """
    if PLAN not in publication.files:
        return "older"
    if (question.get("conditions") or {}).get("capacity") is not None:
        return "capacity"
    return None if question.get("model") in ANSWERED_MODELS else "model"


def counter_state(publication: Publication, question: Mapping[str, Any], run: Run | None) -> CounterState:
    """Return how far counter-proposals are.

    Parameters
    ----------
    publication, question
        See :func:`reason_none`.
    run
        The run that computes them, where it is still asked.
    """
    if publication.counter_sha is not None:
        return "done"
    if reason_none(publication, question) is not None:
        return "none"
    if publication.counter_run is None:
        return "not-started"
    return "computing" if run is not None and run.is_open else "stopped"
