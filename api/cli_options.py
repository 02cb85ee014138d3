"""Options of the command line: what is asked of a plan, once for every command that needs one."""

# ruff: noqa: PLC0415 - imports stand inside, so that serving starts at once

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from api.settings import Settings
from api.told import told

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / print JSON")]
Service = Annotated[
    Literal["elder-centre", "hub", "service-room"], typer.Option(help="养老中心、社区综合服务中心、民生服务室")
]
Mode = Annotated[Literal["walk", "elder-walk", "e-bike", "car"] | None, typer.Option(help="出行方式 / travel mode")]
Base = Annotated[Literal["resident", "registered"], typer.Option(help="常住或户籍人口 / population base")]
Limit = Annotated[float | None, typer.Option(min=0.1, max=600, help="时限,分钟 / minutes")]
ModelName = Annotated[str | None, typer.Option(help="模型,如 p-median、lscp、mclp / model")]
Sites = Annotated[int | None, typer.Option(min=1, help="设施数量 / number of sites")]
Lang = Annotated[Literal["zh", "en"] | None, typer.Option(help="语言 / language")]


def places(given: list[str] | None) -> list[str]:
    """Return the ids and names of options that may be repeated and may each list several, after any comma."""
    words = [word.strip() for one in given or () for word in one.translate(_COMMAS).split(",")]
    return [word for word in words if word]


_COMMAS = str.maketrans(",、", ",,")
Places = list[str] | None
Keep = Annotated[Places, typer.Option(help="既有:保留的村,编号或村名,逗号分隔 / stands and stays: ids or names")]
Must = Annotated[Places, typer.Option(help="必选 / opened in any case")]
Never = Annotated[Places, typer.Option(help="排除 / never opened")]
Closable = Annotated[Places, typer.Option(help="现有、可关闭 / stands today, may be closed")]
Township = Annotated[
    list[str] | None, typer.Option(metavar="NAME=LEAST..MOST", help="乡镇设点数上下限 / sites in a township")
]
EveryTownship = Annotated[int | None, typer.Option(min=0, help="每个乡镇至少几处 / sites in each township, at least")]
Separation = Annotated[float | None, typer.Option(min=0, help="设点间最小直线距离,公里 / km between two sites")]
MaxTime = Annotated[float | None, typer.Option(min=0.1, help="任何人最长用时,分钟 / minutes for everyone, at most")]
Capacity = Annotated[int | None, typer.Option(min=1, help="每处容量:养老中心为床位 / capacity of each site, in beds")]
Split = Annotated[bool, typer.Option("--split", help="一个村可分到几处 / a village may be divided")]
Budget = Annotated[int | None, typer.Option(min=0, help="预算,元 / yuan to spend")]
OpeningCost = Annotated[int | None, typer.Option(min=0, help="新建一处,元 / yuan to open a site")]
ClosingCost = Annotated[int | None, typer.Option(min=0, help="关闭一处,元 / yuan to close a site")]
Included = Annotated[int | None, typer.Option(min=0, help="不扩建时每处容量 / capacity of a site before extensions")]
ExtensionCost = Annotated[int | None, typer.Option(min=0, help="扩建每床,元 / yuan for each bed beyond that")]
Centres = Annotated[int | None, typer.Option(min=1, help="两级中的中心数 / centres, in the upper of two tiers")]
TimeLimit = Annotated[float, typer.Option(min=0.1, help="求解时限,秒 / seconds to solve")]
MemoryLimit = Annotated[int, typer.Option(min=1, help="内存上限,MB / megabytes that solving may hold")]


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
        with told(lang_of(given["lang"])):
            request = plan_request(**{name: given.pop(name) for name in asked})
            command(request, **given)

    run.__signature__ = inspect.Signature([*asked.values(), *further.values()])  # type: ignore[attr-defined]
    run.__annotations__ = {name: one.annotation for name, one in (asked | further).items()}
    return run


def current_county(version: str = "") -> Any:
    """Return the county at hand, or a stored version of it."""
    from api.actions.open_county import OpenCounty
    from api.actions.workplace import Workplace
    from layers.county import open_county

    settings = Settings()
    if version:
        return OpenCounty(open_county(settings.data, version=version), cache=settings.cache)
    return Workplace(settings).county


def lang_of(lang: str | None) -> Any:
    """Return the language asked for, or the site's."""
    return lang or Settings().lang


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
