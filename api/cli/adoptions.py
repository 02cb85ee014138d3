"""Commands for decisions: adopt the scheme of a scenario, list what was adopted, take an adoption back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.scenario_files import DIGITS, id_of, visiting
from maps.catalogue import Lang as Language
from maps.catalogue import text

Account = Annotated[str, typer.Option(metavar="NAME")]


def adopt(
    id: Annotated[str, typer.Argument()],  # noqa: A002 - what it is called
    *,
    decision: Annotated[str, typer.Option(metavar="TEXT")],
    from_date: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")],
    revision: Annotated[int | None, typer.Option(min=1)] = None,
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Adopt the scheme of a scenario: its sites become planned facilities in a new build of the county."""
    from api.actions.scenarios.adopting import Decision
    from api.actions.scenarios.adopting import adopt as made_of

    with visiting(lang_of(lang), account) as who:
        made = made_of(who, id_of(who, id), Decision(decision, from_date.date()), n=revision)
    _print_one(made, as_json=as_json, lang=lang)


def adoptions(*, account: Account = "", as_json: AsJson = False, lang: Lang = None) -> None:
    """List every scheme that was adopted in this county, the last one first."""
    from api.actions.scenarios.adopting import adoptions as register

    with visiting(lang_of(lang), account) as who:
        found = register(who)["adoptions"]
    if as_json:
        print_json(found)
        return
    lines = [_line(one, lang_of(lang)) for one in found]
    typer.echo("\n".join(lines) or text(lang_of(lang), "cli.adoption.none"))


def withdraw(
    id: Annotated[str, typer.Argument()],  # noqa: A002
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT")],
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take back an adoption: the county goes on without the facilities that it planned."""
    from api.actions.scenarios.adopting import withdraw as take_back

    with visiting(lang_of(lang), account) as who:
        ended = take_back(who, id, reason)
    _print_one(ended, as_json=as_json, lang=lang)


def _print_one(one: Mapping[str, Any], *, as_json: bool, lang: str | None) -> None:
    print_json(one) if as_json else typer.echo(_line(one, lang_of(lang)))


def _line(one: Mapping[str, Any], lang: Language) -> str:
    ended = one["withdrawn_at"] is not None
    told = {name: one[name] for name in ("decision", "from_date", "scenario_n", "sites", "id", "reason")}
    version = one["withdrawn_to" if ended else "to_version"]
    scenario = one["scenario"] or one["scenario_id"][:DIGITS]
    key = f"cli.adoption.{'withdrawn' if ended else 'in-force'}"
    return text(lang, key, **{**told, "scenario": scenario, "version": version})
