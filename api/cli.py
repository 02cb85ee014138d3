"""The command line: the same actions as the service.

Imports stand inside the commands, so that ``countygrid serve`` on a ready machine starts at once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError

from api import cli_options as options
from api.settings import Settings
from api.told import told

app = typer.Typer(
    help="县域网格 CountyGrid:设施选址与网格事件分派 / service siting and incident routing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

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


@app.command()
def setup() -> None:
    """Prepare everything that `serve` needs: web assets, the default county, warm caches."""
    from api.actions.prepare import prepare

    prepare(Settings(), say=lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201


@app.command()
def serve() -> None:
    """Serve the planner page and the API on 127.0.0.1 (PORT, 8000 by default)."""
    import uvicorn

    from api.main import create_app

    settings = Settings()
    uvicorn.run(create_app(settings), host="127.0.0.1", port=settings.port, log_level="warning")


@app.command()
def build(
    county: Annotated[Path | None, typer.Argument(help="county.toml;不写则为临邑县")] = None, *, lang: Lang = None
) -> None:
    """Check a county's layers, store them as a new version and make it the current county."""
    from api.actions.build import build, build_default
    from api.wording import fault_lines

    settings = Settings()
    with told(_lang(lang)):
        report = build_default(settings) if county is None else build(settings, county)
    for line in fault_lines(report.faults, _lang(lang)):
        typer.echo(line, err=True)
    typer.echo(report.version)


@app.command()
def check(county: Path, *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Report everything that is wrong with a county's layers; exit 1 if a build would fail."""
    from api.explain import explain_faults
    from api.wording import fault_lines
    from gis.faults import errors
    from layers.build import check_county

    faults = check_county(county)
    if as_json:
        _print_json({"faults": explain_faults(faults, _lang(lang)), "errors": len(errors(faults))})
    else:
        typer.echo("\n".join(fault_lines(faults, _lang(lang), always=True)))
    raise typer.Exit(1 if errors(faults) else 0)


@app.command()
def info(*, as_json: AsJson = False, version: str = "", lang: Lang = None) -> None:
    """Describe the current county in figures."""
    from api.actions.info import describe_county
    from api.wording import info_lines

    with told(_lang(lang)):
        described = describe_county(_county(version))
    _print_json(described) if as_json else typer.echo("\n".join(info_lines(described, _lang(lang))))


@app.command()
def plan(
    service: Service,
    *,
    model: ModelName = None,
    p: Sites = None,
    centres: options.Centres = None,
    limit: Limit = None,
    mode: Mode = None,
    base: Base = "resident",
    keep: options.Keep = None,
    must: options.Must = None,
    never: options.Never = None,
    closable: options.Closable = None,
    township: options.Township = None,
    every_township: options.EveryTownship = None,
    separation: options.Separation = None,
    max_time: options.MaxTime = None,
    capacity: options.Capacity = None,
    split: options.Split = False,
    budget: options.Budget = None,
    opening_cost: options.OpeningCost = None,
    closing_cost: options.ClosingCost = None,
    out: Annotated[Path | None, typer.Option(help="方案文件,可用 verify 核验 / plan file for verify")] = None,
    time_limit: Annotated[float, typer.Option(min=0.1, help="求解时限,秒 / seconds to solve")] = 60.0,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Find where a service should stand, with the proof that nothing better exists."""
    from api.actions.plan import make_plan
    from api.actions.plan_conditions import Conditions, statuses, township_limit
    from api.actions.plan_file import plan_file
    from api.actions.plan_question import PlanRequest
    from api.wording import plan_lines

    with told(_lang(lang)):
        places = {"existing": keep, "required": must, "excluded": never, "closable": closable}
        conditions = Conditions(
            status=statuses({kind: options.places(given) for kind, given in places.items()}),
            townships=tuple(township_limit(words) for words in township or ()),
            every_township=every_township,
            separation_km=separation,
            max_minutes=max_time,
            capacity=capacity,
            split=split,
            budget_yuan=budget,
            opening_yuan=opening_cost,
            closing_yuan=closing_cost,
        )
        asked = PlanRequest(service, model, p, limit, mode, base, None, conditions, time_limit, centres).with_defaults()
        county = _county()
        made = make_plan(county, asked)
        if out is not None:
            out.write_text(json.dumps(plan_file(county, made), ensure_ascii=False), encoding="utf-8")
    _print_json(made) if as_json else typer.echo("\n".join(plan_lines(made, _lang(lang))))


@app.command()
def verify(plan: Path, *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Check a plan file: exit 0 proven, 3 consistent but not proven independently, 1 false or unreadable."""
    from api.actions.check_plan import EXIT_CODES, check_plan
    from api.checked import checked_json, checked_lines

    with told(_lang(lang)):
        checked = check_plan(plan, Settings())
    if as_json:
        _print_json(checked_json(checked, _lang(lang)))
    else:
        typer.echo("\n".join(checked_lines(checked, _lang(lang))))
    raise typer.Exit(EXIT_CODES[checked.verdict])


@app.command()
def matrix(
    service: Service,
    *,
    mode: Mode = None,
    base: Base = "resident",
    out: Annotated[Path, typer.Option(help="输出 .npz")],
    model: ModelName = None,
    p: Sites = None,
    lang: Lang = None,
) -> None:
    """Export exactly the matrix and the weights that a plan is computed from."""
    from api.actions.plan import export_matrix
    from api.actions.plan_question import PlanRequest

    with told(_lang(lang)):
        asked = PlanRequest(service, model, p, None, mode, base).with_defaults()
        export_matrix(_county(), asked, out)
    typer.echo(str(out))


@app.command("map")
def map_(out: Path, *, lang: Lang = None) -> None:
    """Write the county with its default plans as one HTML file that opens without a network."""
    from api.actions.page import export_map

    with told(_lang(lang)):
        export_map(_county(), out, lang=_lang(lang))
    typer.echo(str(out))


def _county(version: str = "") -> Any:
    from api.actions.open_county import OpenCounty
    from api.actions.workplace import Workplace
    from layers.county import open_county

    settings = Settings()
    if version:
        return OpenCounty(open_county(settings.data, version=version), cache=settings.data / "cache")
    return Workplace(settings).county


def _lang(lang: str | None) -> Any:
    return lang or Settings().lang


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def main() -> None:
    """Run the command line; a setting that makes no sense is told by its name."""
    try:
        app()
    except ValidationError as error:
        from maps.catalogue import text

        for fault in error.errors():
            name = ".".join(str(part) for part in fault["loc"]) or "settings"
            name = name if name == "PORT" else f"COUNTYGRID_{name.upper()}"
            typer.echo(text("zh", "cli.setting", name=name, value=fault["input"], expected=fault["msg"]), err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
