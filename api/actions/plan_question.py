"""What is asked of a plan, and the siting problem that it poses."""

from __future__ import annotations

import dataclasses
import difflib
import inspect

from api.actions.open_county import OpenCounty
from api.actions.plan_conditions import FREE, Conditions
from api.actions.plan_rules import means_of, rules_of
from gis.faults import Fault, FaultsError
from planning.hub_rooms import Room
from planning.population import Base, Weights, demand_weights
from planning.services import SERVICES, suits
from planning.siting import MODELS, Model, SitingProblem

COUNT_CAPACITY = ("p-median", "p-center", "lscp", "mclp", "capacitated", "budget", "budget-coverage")
"""Models that know what a site can take."""


@dataclasses.dataclass(frozen=True)
class PlanRequest:
    """What is asked of a plan; ``with_defaults`` fills in what the service usually wants.

    Parameters
    ----------
    service
        One of ``SERVICES``.
    model
        One of ``MODELS`` that suits the service.
    upper_p
        Number of centres, for a model with two tiers.
    p
        Number of sites, for models that need one; for those that may have one, only if given.
    limit_minutes
        Time limit of coverage: part of the question for models that take one, of the measures always.
    mode, base
        Travel mode, population base.
    rooms
        Room table of a hub; the default table if not given.
    conditions
        What the plan must obey.
    time_limit_s, memory_limit_mb
        Seconds to solve, and megabytes that the process may hold meanwhile; then the best so far counts.
    """

    service: str
    model: str | None = None
    p: int | None = None
    limit_minutes: float | None = None
    mode: str | None = None
    base: Base = "resident"
    rooms: tuple[Room, ...] | None = None
    conditions: Conditions = FREE
    time_limit_s: float = 60.0
    upper_p: int | None = None
    memory_limit_mb: int = 4096

    def with_defaults(self) -> PlanRequest:
        """Return the request with every default of its service filled in.

        Raises
        ------
        FaultsError
            ``unknown-choice`` for a model that is not known or does not suit the service,
            ``capacity-not-counted`` for one that cannot count the beds that are asked for.
        """
        usual = SERVICES[self.service]
        model = model_of(usual.name, self._model_name(usual.model))
        return dataclasses.replace(
            self,
            model=model.name,
            p=(self.p or usual.p) if model.needs_p else (self.p if "p" in takes(model) else None),
            upper_p=(self.upper_p or SERVICES["elder-centre"].p) if "upper_p" in options_known(model) else None,
            limit_minutes=self.limit_minutes or usual.limit_minutes,
            mode=self.mode or usual.mode,
        )

    def with_budget(self, yuan: int) -> PlanRequest:
        """Return the request with so much money to spend."""
        return dataclasses.replace(self, conditions=dataclasses.replace(self.conditions, budget_yuan=yuan))

    def _model_name(self, usual: str) -> str:
        """Return the model: least travel with capacities is a model of its own, with a proof of its own."""
        name = self.model or usual
        if self.conditions.capacity is not None and name == "p-median" and "capacitated" in MODELS:
            return "capacitated"
        if self.conditions.capacity is None or name in COUNT_CAPACITY:
            return name
        known = ", ".join(model for model in COUNT_CAPACITY if model in MODELS)
        raise FaultsError([Fault("capacity-not-counted", field="capacity", value=name, params={"known": known})])

    @property
    def limit_s(self) -> int:
        """Time limit in whole seconds."""
        return round((self.limit_minutes or 0) * 60)


@dataclasses.dataclass(frozen=True, eq=False)
class Posed:
    """A request turned into a problem: who travels how long to where, and who is counted on what basis."""

    problem: SitingProblem
    weights: Weights


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


def pose(at_hand: OpenCounty, request: PlanRequest) -> Posed:
    """Turn a request into a siting problem: every demand point is a candidate.

    Parameters
    ----------
    at_hand
    request
        With its defaults.

    Raises
    ------
    FaultsError
        If a layer or column that the service needs is missing, or a condition names what is not there.
    """
    usual = at_hand.tables.services[request.service]
    rules = rules_of(at_hand, _with_every_township(at_hand, request))
    weights = demand_weights(at_hand.demand, base=request.base, group=usual.group)
    means = means_of(request.conditions, usual, weights.values)
    matrix = at_hand.times_to(at_hand.demand, mode=str(request.mode))
    return Posed(SitingProblem.from_matrix(matrix, weights.values, **rules, **means), weights)


def _with_every_township(at_hand: OpenCounty, request: PlanRequest) -> Conditions:
    """Return the conditions; of two tiers, each township gets a site unless the question says otherwise."""
    conditions = request.conditions
    if request.model == "two-tiers" and conditions.every_township is None and "township_id" in at_hand.demand:
        return dataclasses.replace(conditions, every_township=1)
    return conditions
