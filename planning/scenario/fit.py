"""Whether a question and its model fit: nothing passed over in silence, nothing left out that the model needs."""

from __future__ import annotations

from gis.faults import Fault
from planning.scenario.defaults import options_known
from planning.scenario.question import PlanQuestion
from planning.services import Service
from planning.siting import MODELS

NEED_CAPACITY = tuple(model.name for model in MODELS.values() if "capacity" in model.only_with)
"""Models that are named for a capacity: without one they would answer another question."""


def misfits(question: PlanQuestion) -> list[Fault]:
    """Return what the model of a question would not answer as asked.

    Parameters
    ----------
    question
        With its defaults.

    Returns
    -------
    list of Fault
        ``option-not-counted`` for each budget, divided village or extension that the model would pass over,
        ``option-missing`` and ``capacity-missing`` for what it cannot do without, ``capacity-and-none`` for a
        capacity beside the word that there is none.
    """
    return [*_unused(question), *_missing(question), *without_capacity(question), *_contrary(question)]


def without_capacity(question: PlanQuestion) -> list[Fault]:
    """Return ``capacity-missing`` for a model that is named for a capacity where none is given."""
    if question.model not in NEED_CAPACITY or question.conditions.capacity is not None:
        return []
    return [Fault("capacity-missing", field="capacity")]


def _unused(question: PlanQuestion) -> list[Fault]:
    conditions, model = question.conditions, MODELS[str(question.model)]
    known = options_known(model)
    extends = {"yuan", "capacity"} <= model.counts and conditions.capacity is not None
    counts = {
        "budget_yuan": "budget_yuan" in known,
        "hour_yuan": "hour_yuan" in known,
        "trips": "trips" in known,
        "split": "split" in known,
        "included": extends,
        "extension_yuan": extends,
    }
    passed_over = [
        name for name, counted in counts.items() if not counted and getattr(conditions, name) not in (None, False)
    ]
    return [Fault("option-not-counted", field=name, value=str(question.model)) for name in passed_over]


def _missing(question: PlanQuestion) -> list[Fault]:
    given = {"p": question.p, "upper_p": question.upper_p, "budget_yuan": question.conditions.budget_yuan}
    needs = MODELS[str(question.model)].needs
    return [Fault("option-missing", field=name) for name in needs if name in given and given[name] is None]


def _contrary(question: PlanQuestion) -> list[Fault]:
    conditions = question.conditions
    if conditions.capacity is None or not conditions.unlimited:
        return []
    return [Fault("capacity-and-none", field="unlimited", value=str(conditions.capacity))]


def without_price(question: PlanQuestion, service: Service) -> list[Fault]:
    """Return ``option-missing`` where money is asked about and nobody says what a site of the service costs."""
    is_told = (
        service.opening_yuan > 0 or "opening_yuan" in service.bases or question.conditions.opening_yuan is not None
    )
    is_asked = "hour_yuan" in options_known(MODELS[str(question.model)]) or question.conditions.budget_yuan is not None
    if not is_asked or is_told:
        return []
    return [Fault("option-missing", field="opening_yuan")]
