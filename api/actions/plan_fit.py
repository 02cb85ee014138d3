"""Whether a question and its model fit: nothing passed over in silence, nothing left out that the model needs."""

from __future__ import annotations

from api.actions.plan_question import PlanRequest, options_known
from gis.faults import Fault, FaultsError
from planning.siting import MODELS

NEED_CAPACITY = ("capacitated",)
"""Models that are named for a capacity: without one they would answer another question."""


def refuse_unfit(request: PlanRequest) -> None:
    """Refuse a question that its model does not answer as asked.

    Parameters
    ----------
    request
        With its defaults.

    Raises
    ------
    FaultsError
        ``option-not-counted`` for each budget, divided village or extension that the model would pass over,
        ``option-missing`` and ``capacity-missing`` for what it cannot do without: all of them.
    """
    faults = [*_unused(request), *_missing(request)]
    if faults:
        raise FaultsError(faults)


def refuse_without_capacity(request: PlanRequest) -> None:
    """Refuse a model that is named for a capacity where none is given.

    Parameters
    ----------
    request
        With its defaults.

    Raises
    ------
    FaultsError
        ``capacity-missing``.
    """
    faults = _without_capacity(request)
    if faults:
        raise FaultsError(faults)


def _unused(request: PlanRequest) -> list[Fault]:
    conditions, known = request.conditions, options_known(MODELS[str(request.model)])
    extends = "budget_yuan" in known and conditions.capacity is not None
    counts = {
        "budget_yuan": "budget_yuan" in known,
        "split": "split" in known,
        "included": extends,
        "extension_yuan": extends,
    }
    passed_over = [
        name for name, counted in counts.items() if not counted and getattr(conditions, name) not in (None, False)
    ]
    return [Fault("option-not-counted", field=name, value=str(request.model)) for name in passed_over]


def _missing(request: PlanRequest) -> list[Fault]:
    given = {"p": request.p, "upper_p": request.upper_p, "budget_yuan": request.conditions.budget_yuan}
    needs = MODELS[str(request.model)].needs
    missing = [Fault("option-missing", field=name) for name in needs if name in given and given[name] is None]
    return [*missing, *_without_capacity(request)]


def _without_capacity(request: PlanRequest) -> list[Fault]:
    if request.model not in NEED_CAPACITY or request.conditions.capacity is not None:
        return []
    return [Fault("capacity-missing", field="capacity")]
