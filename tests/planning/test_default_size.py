"""A service with a sensible largest size has it where a question gives none; no limit can be asked for."""

import dataclasses

import pytest

from gis.faults import FaultsError
from planning.scenario.defaults import COUNT_CAPACITY, service_named, with_defaults, without_size
from planning.scenario.fit import misfits
from planning.scenario.identity import identity_of
from planning.scenario.question import Conditions, PlanQuestion
from planning.siting import MODELS
from planning.tables.in_force import DEFAULTS
from planning.tables.services import SERVICES


def conditions_of(service, model=None, **conditions):
    asked = PlanQuestion(service, model=model, conditions=Conditions(**conditions))
    return with_defaults(asked, SERVICES).conditions


@pytest.mark.parametrize("model", [name for name in COUNT_CAPACITY if name in MODELS])
def test_the_size_counts_where_the_model_can_count_it(model):
    assert conditions_of("hub", model).capacity == 30_000
    assert conditions_of("elder-centre", model).capacity is None


@pytest.mark.parametrize("model", ["hubs", "kolm-pollak", "backup", "worst-township"])
def test_models_that_cannot_count_it_are_answered_as_before(model):
    found = conditions_of("hub", model)
    assert (found.capacity, found.unlimited) == (None, False)


def test_another_size_or_none_can_be_asked_for():
    assert conditions_of("hub", capacity=5).capacity == 5
    free = conditions_of("hub", unlimited=True)
    assert (free.capacity, free.unlimited) == (None, True)


def test_no_limit_where_there_is_none_is_the_same_question():
    for service, model in (("elder-centre", None), ("service-room", "two-tiers"), ("hub", "hubs")):
        plain, stated = (
            with_defaults(PlanQuestion(service, model=model, conditions=Conditions(unlimited=one)), SERVICES)
            for one in (False, True)
        )
        assert identity_of(DEFAULTS, plain) == identity_of(DEFAULTS, stated)


def test_the_size_spelled_out_is_the_same_question_and_no_limit_another():
    plain, stated, free = (
        identity_of(DEFAULTS, with_defaults(PlanQuestion("hub", conditions=one), SERVICES))
        for one in (Conditions(), Conditions(capacity=30_000), Conditions(unlimited=True))
    )
    assert plain == stated != free


@pytest.mark.parametrize("service", SERVICES)
def test_a_capacity_and_none_are_a_contradiction(service):
    asked = PlanQuestion(service, conditions=Conditions(capacity=7, unlimited=True))
    assert "capacity-and-none" in [fault.code for fault in misfits(with_defaults(asked, SERVICES))]


def test_least_travel_with_the_size_is_the_model_with_capacities_and_without_it_again_the_one_without():
    sized = with_defaults(PlanQuestion("hub", model="p-median", p=3), SERVICES)
    assert sized.model == "capacitated"
    free = without_size(sized, SERVICES)
    assert (free.model, free.conditions.capacity, free.conditions.unlimited) == ("p-median", None, True)
    assert free == with_defaults(dataclasses.replace(free, model="p-median"), SERVICES)
    own = with_defaults(PlanQuestion("hub", conditions=Conditions(capacity=9)), SERVICES)
    assert without_size(own, SERVICES) == own


def test_a_service_that_there_is_not_is_told_with_the_closest():
    with pytest.raises(FaultsError) as refused:
        with_defaults(PlanQuestion("hubs"), SERVICES)
    fault = refused.value.faults[0]
    assert (fault.code, fault.value, fault.params["closest"]) == ("unknown-service", "hubs", "hub")
    assert service_named("hub", SERVICES) is SERVICES["hub"]
