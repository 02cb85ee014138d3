"""The command line: the same actions as the service.

Imports stand inside the commands, so that ``countygrid serve`` on a ready machine starts at once.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException

from api.cli.accounts import account
from api.cli.adoptions import adopt, adoptions, withdraw
from api.cli.audits import audit
from api.cli.backups import backup, restore
from api.cli.case_files import incidents
from api.cli.cells import cells
from api.cli.compare import compare
from api.cli.expiring import expire
from api.cli.futures import futures
from api.cli.help import SpokenTyper, spoken_lang
from api.cli.options import (
    AsJson,
    Lang,
    asks_for_plan,
    current_county,
    lang_of,
    print_json,
)
from api.cli.reaching import Cert, Host, Key, Port, RedirectPort, certificate, settings_with, unit
from api.cli.scenario_run import run
from api.cli.scenarios import scenario
from api.cli.studies import frontier, phase, why
from api.cli.tables import table
from api.cli.told import told
from api.settings import Settings

app = SpokenTyper(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def setup(*, lang: Lang = None) -> None:
    """Prepare everything that `serve` needs: web assets, the default county, warm caches."""
    from api.actions.prepare import prepare

    settings = Settings()
    with told(settings.lang):
        prepare(settings, lang=lang_of(lang), say=lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201


@app.command()
def serve(
    *,
    host: Host = None,
    port: Port = None,
    cert: Cert = None,
    key: Key = None,
    redirect_port: RedirectPort = None,
    lang: Lang = None,
) -> None:
    """Serve the pages and the API, on 127.0.0.1 unless a host is named."""
    from api import serving
    from api.listening import refuse_unsafe
    from api.newer_records import refuse_newer_records

    settings = settings_with(host=host, PORT=port, cert=cert, key=key, redirect_port=redirect_port, lang=lang)
    with told(settings.lang):
        refuse_unsafe(settings)
        refuse_newer_records(settings.records_url)
    serving.serve(settings)


@app.command()
def build(county: Annotated[Path | None, typer.Argument()] = None, *, lang: Lang = None) -> None:
    """Check a county's layers, store them as a new version and make it the current county."""
    from api.actions.build import build, build_default
    from api.cli.wording import fault_lines

    settings = Settings()
    with told(lang_of(lang)):
        report = build_default(settings) if county is None else build(settings, county)
    for line in fault_lines(report.faults, lang_of(lang)):
        typer.echo(line, err=True)
    typer.echo(report.version)


@app.command()
def check(county: Path, *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Report everything that is wrong with a county's layers; exit 1 if a build would fail."""
    from api.cli.wording import fault_lines
    from api.explain import explain_faults
    from gis.faults import errors
    from layers.build import check_county

    faults = check_county(county)
    if as_json:
        print_json({"faults": explain_faults(faults, lang_of(lang)), "errors": len(errors(faults))})
    else:
        typer.echo("\n".join(fault_lines(faults, lang_of(lang), always=True)))
    raise typer.Exit(1 if errors(faults) else 0)


@app.command()
def info(*, as_json: AsJson = False, version: str = "", lang: Lang = None) -> None:
    """Describe the current county in figures."""
    from api.actions.info import describe_county
    from api.cli.wording import info_lines

    with told(lang_of(lang)):
        described = describe_county(current_county(version))
    print_json(described) if as_json else typer.echo("\n".join(info_lines(described, lang_of(lang))))


@app.command()
@asks_for_plan()
def plan(
    county: Any,
    asked: Any,
    *,
    out: Annotated[Path | None, typer.Option()] = None,
    left_behind: Annotated[Path | None, typer.Option()] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Find where a service should stand, with the proof that nothing better exists."""
    from api.actions.plan import make_plan
    from api.actions.plan_file import plan_file
    from api.cli.interrupted import until_interrupted
    from api.cli.left_behind import kind_asked, write_left_behind
    from api.cli.wording import plan_lines

    kind = kind_asked(left_behind)
    with until_interrupted(lang_of(lang)) as (stop, report):
        made = make_plan(county, asked, stop=stop, report=report)
    if out is not None:
        out.write_text(json.dumps(plan_file(county, made), ensure_ascii=False), encoding="utf-8")
    if left_behind is not None and kind is not None:
        write_left_behind(county, made, left_behind, kind, lang=lang_of(lang))
    name = county.tables.services[made["service"]].names[lang_of(lang)]
    print_json(made) if as_json else typer.echo("\n".join(plan_lines(made, lang_of(lang), service=name)))
    if stop():
        raise typer.Exit(130)


@app.command()
def verify(plan: Path, *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Check a plan file: exit 0 proven, 3 consistent but not proven independently, 1 false, 2 no plan file."""
    from api.actions.check_plan import EXIT_CODES, check_plan
    from api.cli.checked import checked_json, checked_lines

    with told(lang_of(lang)):
        checked = check_plan(plan, Settings())
    if as_json:
        print_json(checked_json(checked, lang_of(lang)))
    else:
        typer.echo("\n".join(checked_lines(checked, lang_of(lang))))
    raise typer.Exit(EXIT_CODES[checked.verdict])


@app.command()
@asks_for_plan("service", "model", "p", "mode", "base")
def matrix(county: Any, asked: Any, *, out: Annotated[Path, typer.Option()], lang: Lang = None) -> None:  # noqa: ARG001 - of refusals
    """Export exactly the matrix and the weights that a plan is computed from."""
    from api.actions.plan import export_matrix

    export_matrix(county, asked, out)
    typer.echo(str(out))


@app.command("map")
def map_(out: Path, *, lang: Lang = None) -> None:
    """Write the county with its default plans as one HTML file that opens without a network."""
    from datetime import UTC, datetime

    from api.actions.page import default_plans
    from api.actions.report.county_file import county_file
    from api.actions.report.making import Making
    from maps.document.html import html_of

    with told(lang_of(lang)):
        county = current_county()
        made = county_file(county, default_plans(county), Making(datetime.now(UTC)), lang=lang_of(lang))
        out.write_text(html_of(*made), encoding="utf-8")
    typer.echo(str(out))


app.add_typer(table, name="table")
app.add_typer(account, name="account")
app.add_typer(audit, name="audit")
app.add_typer(cells, name="cells")
app.add_typer(incidents, name="incidents")
scenario.command("run")(run)
for decided in (adopt, adoptions, withdraw):
    scenario.command()(decided)
app.add_typer(scenario, name="scenario")
for further in (why, frontier, phase, compare, futures, backup, restore, certificate, unit, expire):
    app.command()(further)


def _with_help(words: list[str]) -> list[str]:
    """Return the words of a command line; a group of commands alone, or nothing at all, asks for help."""
    bare = [word for word in words if not re.fullmatch(r"--lang(=.*)?|zh|en|--help", word)]
    groups = [[group.name] for group in app.registered_groups]
    return [*bare, "--help"] if bare in ([], *groups) else words


def main() -> None:
    """Run the command line; what it cannot understand, and a setting that makes no sense, is told in words."""
    logging.lastResort = None  # what is told is told in words; the service keeps a log
    try:
        words = sys.argv[1:]
        raise SystemExit(app(_with_help(words), standalone_mode=False))
    except TyperException as error:
        from api.cli.usage import usage_lines

        typer.echo("\n".join(usage_lines(error, spoken_lang(), called="".join(words[:1]))), err=True)
        raise SystemExit(2) from None
    except (KeyboardInterrupt, typer.Abort):
        raise SystemExit(130) from None
    except ValidationError as error:
        from api.cli.setting_words import setting_lines

        typer.echo("\n".join(setting_lines(error, spoken_lang())), err=True)
        raise SystemExit(1) from None
