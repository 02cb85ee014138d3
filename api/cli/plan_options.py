"""What a command line asks of a plan: its options, made from the fields of the question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import Parameter
from typing import Annotated, Any

import typer

from gis.faults import Fault, FaultsError
from gis.travel_modes import Mode
from planning.groups import Base
from planning.scenario.edits import Status
from planning.scenario.field import Asked
from planning.scenario.question import (
    DEFAULTS,
    FIELDS,
    PlanQuestion,
    TownshipLimit,
    question_from,
)
from planning.services import Service

_CHOICES = {"service": str, "mode": Mode, "base": Base}
_TYPES = {"words": str, "whole": int, "number": float, "yes": bool}
STATUSES: Mapping[str, Status] = {"keep": "existing", "must": "required", "never": "excluded", "closable": "closable"}
"""Options that say something of places, and what."""
_COMMAS = str.maketrans(",、", ",,")


def option_of(fault: Fault, given: Mapping[str, Any]) -> str:
    """Return the option that a fault is about, as it was typed; what stands in a file keeps its own name.

    Parameters
    ----------
    fault
    given
        What the command was called with.
    """
    if fault.file or fault.layer:
        return fault.field
    if fault.field == "status":
        typed = [name for name in STATUSES if fault.value in places_in(given.get(name))]
        return ", ".join(f"--{name}" for name in typed or STATUSES)
    return _OPTIONS.get(fault.field, fault.field)


def parameters_of(fields: Iterable[str]) -> dict[str, Parameter]:
    """Return the options that ask for some fields of the question, by the names that a command is called with."""
    made: list[Parameter] = []
    for field in fields:
        if field == "status":
            made += [_parameter(name, list[str] | None, None) for name in STATUSES]
        elif field == "sites":
            made.append(_parameter("site", list[str] | None, None))
        elif field == "townships":
            made.append(_parameter("township", list[str] | None, None, metavar="NAME=LEAST..MOST"))
        elif field not in ("rooms", "edits"):  # tables and lists of edits are no options
            made.append(_parameter_of(field, FIELDS[field]))
    return {one.name: one for one in made}


def plan_question(services: Mapping[str, Service], **given: Any) -> PlanQuestion:
    """Return what the options ask of a plan, with the defaults of its service; else as :func:`told_question`."""
    from planning.scenario.defaults import with_defaults

    return with_defaults(told_question(services, **given), services)


def told_question(services: Mapping[str, Service], **given: Any) -> PlanQuestion:  # noqa: ARG001 - of the defaults
    """Return what the options ask of a plan: what is left out is left to the service.

    Parameters
    ----------
    services
        In force in the county at hand.
    **given
        By the names of :func:`parameters_of`.
    """
    asked = {field: given[_name(field)] for field in FIELDS if _name(field) in given}
    asked["status"] = tuple(
        sorted((place, status) for name, status in STATUSES.items() for place in places_in(given.get(name)))
    )
    asked["townships"] = township_limits(given.get("township") or ())
    asked["sites"] = tuple(places_in(given.get("site")))
    return question_from(asked)


def township_limits(given: Iterable[str]) -> tuple[TownshipLimit, ...]:
    """Read ``NAME=LEAST..MOST`` each; either figure may be left out, ``NAME=K`` is exactly K.

    Raises
    ------
    FaultsError
        ``township-limit-form`` for each that is not of this form.
    """
    read = {words: _township_limit(words) for words in given}
    wrong = [Fault("township-limit-form", field="township", value=words) for words, one in read.items() if one is None]
    if wrong:
        raise FaultsError(wrong)
    return tuple(limit for limit in read.values() if limit is not None)


def _township_limit(words: str) -> TownshipLimit | None:
    name, sign, figures = words.rpartition("=")
    low, dots, high = figures.partition("..")
    if not sign or not name.strip() or not (low or high):
        return None
    try:
        least = int(low) if low else 0
        most = (int(high) if high else None) if dots else least
    except ValueError:
        return None
    if least < 0 or (most is not None and most < least):
        return None
    return TownshipLimit(name.strip(), least, most)


def places_in(given: list[str] | None) -> list[str]:
    """Return the ids and names of options that may be repeated and may each list several, after any comma."""
    words = [word.strip() for one in given or () for word in one.translate(_COMMAS).split(",")]
    return [word for word in words if word]


def _name(field: str) -> str:
    """Return what a command calls a field of the question."""
    return (FIELDS[field].option or field).replace("-", "_")


_OPTIONS = {
    **{field: f"--{_name(field).replace('_', '-')}" for field in FIELDS if field not in ("rooms", "edits")},
    **{asked.modelled: f"--{_name(field).replace('_', '-')}" for field, asked in FIELDS.items() if asked.modelled},
    **{name: f"--{name}" for name in ("township", "candidate", "curve", "count")},
    "yearly_budget_yuan": "--yearly",
}


def _parameter_of(field: str, asked: Asked) -> Parameter:
    kind: Any = _CHOICES.get(field) or _TYPES[asked.kind]
    default = DEFAULTS.get(field, Parameter.empty)
    told: dict[str, Any] = {}
    if asked.kind in ("whole", "number"):  # how long one's own machine may search is one's own affair
        told = {"min": asked.offered_least, "max": None if asked.part == "search" else asked.most}
    return _parameter(_name(field), kind | None if default is None else kind, default, **told)


def _parameter(name: str, kind: Any, default: Any, **told: Any) -> Parameter:
    names = [f"--{name}"] if kind is bool else []  # else typer would add its opposite
    annotation = Annotated[kind, typer.Option(*names, **told)]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
