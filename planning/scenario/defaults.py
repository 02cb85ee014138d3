"""Which model answers a question, and what the service usually wants where the question does not say."""

from __future__ import annotations

import dataclasses
import difflib
import inspect

from gis.faults import Fault, FaultsError
from planning.scenario.question import PlanQuestion
from planning.services import SERVICES, suits
from planning.siting import MODELS, Model

COUNT_CAPACITY = ("p-median", "p-center", "lscp", "mclp", "capacitated", "budget", "budget-coverage")
"""Models that know what a site can take."""


def with_defaults(question: PlanQuestion) -> PlanQuestion:
    """Return the question with every default of its service filled in.

    Raises
    ------
    FaultsError
        ``unknown-choice`` for a model that is not known or does not suit the service,
        ``capacity-not-counted`` for one that cannot count the beds that are asked for.
    """
    usual = SERVICES[question.service]
    model = model_of(usual.name, _model_name(question, usual.model))
    return dataclasses.replace(
        question,
        model=model.name,
        p=(question.p or usual.p) if model.needs_p else (question.p if "p" in takes(model) else None),
        upper_p=(question.upper_p or SERVICES["elder-centre"].p) if "upper_p" in options_known(model) else None,
        limit_minutes=question.limit_minutes or usual.limit_minutes,
        mode=question.mode or usual.mode,
    )


def models_of(service: str) -> list[Model]:
    """Return the models that answer a question about a service."""
    return [model for model in MODELS.values() if suits(SERVICES[service], model.name)]


def model_of(service: str, name: str) -> Model:
    """Return a model of a service by its name.

    Raises
    ------
    FaultsError
        ``unknown-choice`` with the names there are.
    """
    known = {model.name: model for model in models_of(service)}
    if name not in known:
        closest = "".join(difflib.get_close_matches(name, known, n=1, cutoff=0.0))
        told = {"known": ", ".join(known), "closest": closest}
        raise FaultsError([Fault("unknown-choice", field="model", value=name, params=told)])
    return known[name]


def takes(model: Model) -> frozenset[str]:
    """Return the options that a model may be asked with besides those that it needs."""
    return options_known(model) - set(model.needs)


def options_known(model: Model) -> frozenset[str]:
    """Return the options that a model may be asked with."""
    known = inspect.signature(model.solve).parameters.keys()
    return frozenset(known | set(model.needs)) - {"problem", "stop", "report", "time_limit_s"}


def _model_name(question: PlanQuestion, usual: str) -> str:
    """Return the model: least travel with capacities is a model of its own, with a proof of its own."""
    name, capacity = question.model or usual, question.conditions.capacity
    if capacity is not None and name == "p-median" and "capacitated" in MODELS:
        return "capacitated"
    if capacity is None or name in COUNT_CAPACITY:
        return name
    known = ", ".join(model for model in COUNT_CAPACITY if model in MODELS)
    raise FaultsError([Fault("capacity-not-counted", field="capacity", value=name, params={"known": known})])
