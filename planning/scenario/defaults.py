"""Which model answers a question, and what the service usually wants where the question does not say."""

from __future__ import annotations

import dataclasses
import difflib
import inspect
from collections.abc import Mapping

from gis.faults import Fault, FaultsError
from planning.closest import Closest
from planning.scenario.question import Conditions, PlanQuestion
from planning.services import Service, suits
from planning.siting import MODELS, Model
from planning.siting.value_of_time import HOUR_YUAN, TRIPS

COUNT_CAPACITY = tuple(model.name for model in MODELS.values() if "capacity" in model.counts)
"""Models that know what a site can take."""


def with_defaults(question: PlanQuestion, services: Mapping[str, Service]) -> PlanQuestion:
    """Return the question with every default of its service filled in.

    Parameters
    ----------
    question
    services
        In force where it is asked.

    Raises
    ------
    FaultsError
        ``unknown-service``; ``unknown-choice`` for a model that is not known or does not suit the service,
        ``capacity-not-counted`` for one that cannot count the beds that are asked for.
    """
    usual = service_named(question.service, services)
    conditions = _with_size(question, usual)
    model = model_of(usual, _model_name(question.model or usual.model, conditions.capacity))
    above = services.get(usual.above)
    return dataclasses.replace(
        question,
        model=model.name,
        p=_sites_asked(question, model, usual),
        upper_p=(question.upper_p or (above.p if above else None)) if "upper_p" in options_known(model) else None,
        limit_minutes=question.limit_minutes or usual.limit_minutes,
        mode=question.mode or usual.mode,
        conditions=_with_value_of_time(conditions, model),
    )


def without_size(question: PlanQuestion, services: Mapping[str, Service]) -> PlanQuestion:
    """Return a question with its defaults as it is where no site is full: the assumed size of a site is left out."""
    conditions, size = question.conditions, services[question.service].largest
    if size is None or conditions.capacity != size:
        return question
    free = dataclasses.replace(conditions, capacity=None, unlimited=True)
    without = (model.name for model in MODELS.values() if model.with_capacity == question.model)
    return dataclasses.replace(question, model=next(without, question.model), conditions=free)


def service_named(name: str, services: Mapping[str, Service], *, field: str = "service") -> Service:
    """Return a service by its name.

    Raises
    ------
    FaultsError
        ``unknown-service`` with the names that there are and the closest.
    """
    if name not in services:
        told = {"known": ", ".join(services), "closest": Closest(services).to(name)}
        raise FaultsError([Fault("unknown-service", field=field, value=name[:80], params=told)])
    return services[name]


def models_of(service: Service) -> list[Model]:
    """Return the models that answer a question about a service."""
    return [model for model in MODELS.values() if suits(service, model.name)]


def model_of(service: Service, name: str) -> Model:
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


def _sites_asked(question: PlanQuestion, model: Model, usual: Service) -> int | None:
    """Return how many sites a plan has: where they are named, as many as these, whatever number stands beside them."""
    if question.sites and "p" in options_known(model):
        return len(set(question.sites))
    if model.needs_p:
        return question.p or usual.p
    return question.p if "p" in takes(model) else None


def _with_value_of_time(conditions: Conditions, model: Model) -> Conditions:
    """Return the conditions with what an hour is worth, and for how many ways, for a model that asks it."""
    if "hour_yuan" not in options_known(model):
        return conditions
    hour_yuan = HOUR_YUAN if conditions.hour_yuan is None else conditions.hour_yuan
    return dataclasses.replace(
        conditions, hour_yuan=hour_yuan, trips=TRIPS if conditions.trips is None else conditions.trips
    )


def _with_size(question: PlanQuestion, service: Service) -> Conditions:
    """Return the conditions with the sensible largest size of the service, where nothing else is asked.

    A question that asks for no limit where there would be none anyway is the question that does not.
    """
    conditions = question.conditions
    if service.largest is None or (question.model or service.model) not in COUNT_CAPACITY:
        return dataclasses.replace(conditions, unlimited=conditions.unlimited and conditions.capacity is not None)
    if conditions.capacity is None and not conditions.unlimited:
        return dataclasses.replace(conditions, capacity=service.largest)
    return conditions


def _model_name(name: str, capacity: int | None) -> str:
    """Return the model: some answer a question with capacities as a model of its own, with a proof of its own."""
    if capacity is not None and name in MODELS and MODELS[name].with_capacity:
        return MODELS[name].with_capacity
    if capacity is None or name in COUNT_CAPACITY:
        return name
    known = ", ".join(COUNT_CAPACITY)
    raise FaultsError([Fault("capacity-not-counted", field="capacity", value=name, params={"known": known})])
