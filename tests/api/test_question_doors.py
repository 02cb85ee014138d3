"""The question of a plan is defined once: API, command line and page ask for the fields of one table."""

import dataclasses
import json
from typing import get_args

import pytest
import typer.main
from pydantic import ValidationError

from api.actions.page import plan_page
from api.actions.workplace import Workplace
from api.cli.commands import app
from api.cli.plan_options import STATUSES, parameters_of
from api.field_words import field_words
from api.runs.plan_body import PlanBody, Township
from gis.faults import Fault
from gis.travel_modes import MODES, Mode
from planning.scenario.edits import Status
from planning.scenario.question import (
    DEFAULTS,
    FIELDS,
    TOWNSHIP_FIELDS,
    Conditions,
    PlanQuestion,
    TownshipLimit,
    names_of,
)
from planning.siting import rules
from planning.tables.services import SERVICES

FIGURES = [name for name, asked in FIELDS.items() if asked.kind in ("whole", "number")]


def names(form):
    return {field.name for field in dataclasses.fields(form)}


def outside(asked):
    """Return figures just beyond the bounds of a field."""
    step = 1 if asked.kind == "whole" else 0.5
    return [asked.least - step if asked.above is None else asked.above, asked.most + step]


def test_the_table_has_every_field_of_the_question_and_no_other():
    assert set(FIELDS) == (names(PlanQuestion) | names(Conditions)) - {"conditions"}
    assert set(TOWNSHIP_FIELDS) == names(TownshipLimit)


def test_what_can_be_chosen_is_what_there_is():
    assert set(get_args(Mode)) == set(MODES)
    assert {"candidate", *get_args(Status), "closed"} == set(rules.STATUSES)  # closed: excluded where it stands
    assert set(STATUSES.values()) == set(get_args(Status))


def test_costs_are_those_that_a_service_has_of_its_own():
    assert set(names_of("cost")) <= {field.name for field in dataclasses.fields(SERVICES["hub"])}


def test_the_api_asks_for_the_fields_of_the_table_with_their_defaults():
    assert set(PlanBody.model_fields) == set(FIELDS)
    assert set(Township.model_fields) == set(TOWNSHIP_FIELDS)
    left_out = PlanBody(service="hub")
    for name in FIGURES:
        assert getattr(left_out, name) == DEFAULTS[name], name


@pytest.mark.parametrize("name", FIGURES)
def test_the_api_refuses_what_is_beyond_the_bounds_and_nothing_within(name):
    for figure in outside(FIELDS[name]):
        with pytest.raises(ValidationError):
            PlanBody(service="hub", **{name: figure})
    for figure in (FIELDS[name].offered_least, FIELDS[name].most):
        assert getattr(PlanBody(service="hub", **{name: figure}), name) == figure


@pytest.mark.parametrize("command", ["plan", "why", "frontier", "phase"])
def test_the_command_line_asks_for_the_fields_of_the_table(command):
    options = {option.name: option for option in typer.main.get_command(app).commands[command].params}
    assert list(options)[: len(parameters_of(FIELDS))] == list(parameters_of(FIELDS))
    for name in FIGURES:
        asked = FIELDS[name]
        option = options[(asked.option or name).replace("-", "_")]
        assert (option.min, option.default) == (asked.offered_least, DEFAULTS[name]), name
        assert option.max == (None if asked.part == "search" else asked.most), name


def test_the_page_tells_the_bounds_of_the_table_to_its_script(settings):
    html = plan_page(Workplace(settings).county, settings, lang="zh").html
    embedded = json.loads(html.split('id="page-data">')[1].split("</script>")[0])["fields"]
    assert embedded == {name: dataclasses.asdict(asked) for name, asked in FIELDS.items()}


def test_every_field_that_is_shown_has_its_words_also_by_the_name_that_models_have_for_it():
    for name, asked in FIELDS.items():
        if asked.part != "search" and name != "townships":
            for called in filter(None, (name, asked.modelled)):
                assert field_words(Fault("too-small", field=called), "zh") != called
