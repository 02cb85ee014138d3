"""Options of the command line: what is asked of a plan, once for every command that needs one."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import typer

from api.cli.told import told
from api.settings import Settings
from gis.faults import Fault

AsJson = Annotated[bool, typer.Option("--json")]
Service = Annotated[Literal["elder-centre", "hub", "service-room"], typer.Option()]
Mode = Annotated[Literal["walk", "elder-walk", "e-bike", "car"] | None, typer.Option()]
Base = Annotated[Literal["resident", "registered"], typer.Option()]
Limit = Annotated[float | None, typer.Option(min=0.1, max=600)]
ModelName = Annotated[str | None, typer.Option()]
Sites = Annotated[int | None, typer.Option(min=1)]
Lang = Annotated[Literal["zh", "en"] | None, typer.Option()]


def places(given: list[str] | None) -> list[str]:
    """Return the ids and names of options that may be repeated and may each list several, after any comma."""
    words = [word.strip() for one in given or () for word in one.translate(_COMMAS).split(",")]
    return [word for word in words if word]


_COMMAS = str.maketrans(",、", ",,")
Places = list[str] | None
Keep = Annotated[Places, typer.Option()]
Must = Annotated[Places, typer.Option()]
Never = Annotated[Places, typer.Option()]
Closable = Annotated[Places, typer.Option()]
Township = Annotated[list[str] | None, typer.Option(metavar="NAME=LEAST..MOST")]
EveryTownship = Annotated[int | None, typer.Option(min=0)]
Separation = Annotated[float | None, typer.Option(min=0)]
MaxTime = Annotated[float | None, typer.Option(min=0.1)]
Capacity = Annotated[int | None, typer.Option(min=1)]
Split = Annotated[bool, typer.Option("--split")]
Budget = Annotated[int | None, typer.Option(min=0)]
OpeningCost = Annotated[int | None, typer.Option(min=0)]
ClosingCost = Annotated[int | None, typer.Option(min=0)]
Included = Annotated[int | None, typer.Option(min=0)]
ExtensionCost = Annotated[int | None, typer.Option(min=0)]
Centres = Annotated[int | None, typer.Option(min=1)]
TimeLimit = Annotated[float, typer.Option(min=0.1)]
MemoryLimit = Annotated[int, typer.Option(min=1)]


_OPTIONS = {
    "p": "--p",
    "upper_p": "--centres",
    "limit_minutes": "--limit",
    "limit_s": "--limit",
    "township": "--township",
    "every_township": "--every-township",
    "separation_km": "--separation",
    "separation_m": "--separation",
    "max_minutes": "--max-time",
    "max_time_s": "--max-time",
    "capacity": "--capacity",
    "split": "--split",
    "budget_yuan": "--budget",
    "opening_yuan": "--opening-cost",
    "closing_yuan": "--closing-cost",
    "included": "--included",
    "extension_yuan": "--extension-cost",
    "yearly_budget_yuan": "--yearly",
    **{name: f"--{name}" for name in ("service", "model", "mode", "base", "candidate", "curve", "count")},
}
_STATUS_OPTIONS = ("keep", "must", "never", "closable")


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
        typed = [name for name in _STATUS_OPTIONS if fault.value in places(given.get(name))]
        return ", ".join(f"--{name}" for name in typed or _STATUS_OPTIONS)
    return _OPTIONS.get(fault.field, fault.field)


def plan_request(
    *,
    service: Service,
    model: ModelName = None,
    p: Sites = None,
    centres: Centres = None,
    limit: Limit = None,
    mode: Mode = None,
    base: Base = "resident",
    keep: Keep = None,
    must: Must = None,
    never: Never = None,
    closable: Closable = None,
    township: Township = None,
    every_township: EveryTownship = None,
    separation: Separation = None,
    max_time: MaxTime = None,
    capacity: Capacity = None,
    split: Split = False,
    budget: Budget = None,
    opening_cost: OpeningCost = None,
    closing_cost: ClosingCost = None,
    included: Included = None,
    extension_cost: ExtensionCost = None,
    time_limit: TimeLimit = 60.0,
    memory_limit: MemoryLimit = 4096,
) -> Any:
    """Return what the options ask of a plan, with the defaults of its service."""
    from api.actions.plan_conditions import Conditions, statuses, township_limits
    from api.actions.plan_question import PlanRequest

    named = {"existing": keep, "required": must, "excluded": never, "closable": closable}
    conditions = Conditions(
        status=statuses({kind: places(given) for kind, given in named.items()}),
        townships=township_limits(township or ()),
        every_township=every_township,
        separation_km=separation,
        max_minutes=max_time,
        capacity=capacity,
        split=split,
        budget_yuan=budget,
        opening_yuan=opening_cost,
        closing_yuan=closing_cost,
        included=included,
        extension_yuan=extension_cost,
    )
    asked = PlanRequest(service, model, p, limit, mode, base, None, conditions, time_limit, centres, memory_limit)
    return asked.with_defaults()


def asks_for_plan(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a plan before its own; it is called with the request first.

    Refusals of the command are told in its language.
    """
    asked, own = (inspect.signature(one, eval_str=True).parameters for one in (plan_request, command))
    further = dict(list(own.items())[1:])

    @functools.wraps(command)
    def run(**given: Any) -> None:
        typed = dict(given)
        with told(lang_of(given["lang"]), name_of=lambda fault, _lang: option_of(fault, typed)):
            request = plan_request(**{name: given.pop(name) for name in asked})
            command(request, **given)

    run.__signature__ = inspect.Signature([*asked.values(), *further.values()])  # type: ignore[attr-defined]
    run.__annotations__ = {name: one.annotation for name, one in (asked | further).items()}
    return run


def current_county(version: str = "") -> Any:
    """Return the county at hand, or a stored version of it."""
    # No workplace: it would bring the database along, which no command of the planner needs.
    from api.actions.open_county import OpenCounty
    from api.actions.tables_at_rest import tables_at_rest
    from api.explain import ApiError
    from layers.county import open_county
    from layers.current import current_version

    settings = Settings()
    chosen = version or current_version(settings.data)
    if chosen is None:
        raise ApiError(503, "no-county")
    tables = tables_at_rest(settings)
    return OpenCounty(open_county(settings.data, version=chosen), cache=settings.cache, tables=tables)


def lang_of(lang: str | None) -> Any:
    """Return the language asked for, or the site's."""
    return lang or Settings().lang


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
