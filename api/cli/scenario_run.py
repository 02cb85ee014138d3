"""The command that computes a scenario: the same words and figures as of a plan; and scheme 0, what stands today."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.scenario_files import id_of, visiting
from gis.travel_modes import Mode
from planning.groups import Base
from planning.scenario.question import DEFAULTS, FIELDS

TimeLimit = Annotated[float | None, typer.Option(min=FIELDS["time_limit_s"].offered_least)]
MemoryLimit = Annotated[int | None, typer.Option(min=FIELDS["memory_limit_mb"].offered_least)]
"""As ``plan`` has them; the scenario's own where they are left out."""


def run(
    id: Annotated[str, typer.Argument()] = "",  # noqa: A002 - what it is called
    *,
    revision: Annotated[int | None, typer.Option(min=1)] = None,
    scheme_0: Annotated[bool, typer.Option("--scheme-0")] = False,
    service: Annotated[str, typer.Option()] = "",
    mode: Annotated[Mode | None, typer.Option()] = None,
    base: Annotated[Base, typer.Option()] = DEFAULTS["base"],
    limit: Annotated[float | None, typer.Option(min=FIELDS["limit_minutes"].offered_least, max=600)] = None,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    out: Annotated[Path | None, typer.Option()] = None,
    account: Annotated[str, typer.Option(metavar="NAME")] = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Compute the plan of a scenario on the build that it is pinned to; or show a service as it stands."""
    from api.explain import ApiError

    with visiting(lang_of(lang), account) as who:
        asked = {"service": service or None, "mode": mode, "base": base, "limit_minutes": limit}
        limits = {"time_limit_s": time_limit, "memory_limit_mb": memory_limit}
        of_today = any(value not in (None, DEFAULTS.get(name)) for name, value in asked.items())
        if not scheme_0 and (not id or of_today):
            raise ApiError(422, "scenario-asks-itself" if id else "scenario-id-missing")
        if scheme_0 and (id or not service or out or [*limits.values(), revision] != [None] * 3):
            raise ApiError(422, "scheme-0-asks-service")
        if scheme_0:
            _today(who, asked, as_json=as_json, lang=lang)
            return
        named = {name: value for name, value in limits.items() if value is not None}
        stopped = _plan(who, id_of(who, id), revision, named, out=out, as_json=as_json, lang=lang)
    if stopped():
        raise typer.Exit(130)


def _plan(
    who: Any, scenario_id: str, revision: int | None, limits: Any, *, out: Path | None, as_json: bool, lang: str | None
) -> Callable[[], bool]:
    from api.actions.plan import make_plan
    from api.actions.plan_file import plan_file
    from api.actions.scenarios.asked import asked_by
    from api.cli.interrupted import until_interrupted
    from api.cli.wording import plan_lines

    county, question = asked_by(who, scenario_id, revision, limits)
    with until_interrupted(lang_of(lang)) as (stop, report):
        made = make_plan(county, question, stop=stop, report=report)
    if out is not None:
        out.write_text(json.dumps(plan_file(county, made), ensure_ascii=False), encoding="utf-8")
    name = county.tables.services[made["service"]].names[lang_of(lang)]
    print_json(made) if as_json else typer.echo("\n".join(plan_lines(made, lang_of(lang), service=name)))
    return stop


def _today(who: Any, asked: dict[str, Any], *, as_json: bool, lang: str | None) -> None:
    from api.actions.scenarios.scheme_zero import today_of
    from api.cli.scenario_words import scheme_zero_lines
    from api.runs.asking import county_to_ask

    county = county_to_ask(who.at_work)
    told = today_of(county, asked)
    name = county.tables.services[told["service"]].names[lang_of(lang)]
    print_json(told) if as_json else typer.echo("\n".join(scheme_zero_lines(told, lang_of(lang), service=name)))
