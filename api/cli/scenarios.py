"""Commands for scenarios: keep a what-if, change it, compute it, take it along, bring it onto a new build."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.help import SpokenTyper
from api.cli.options import AsJson, Lang, asks_for_plan, lang_of, print_json
from api.cli.plan_options import told_question
from api.cli.scenario_files import at_scenarios, changed_edits, edits_of, id_of, json_of, short_edits, visiting

scenario = SpokenTyper(no_args_is_help=True, add_completion=False)

Account = Annotated[str, typer.Option(metavar="NAME")]
Edits = Annotated[str, typer.Option(metavar="FILE|-")]
Expected = Annotated[int | None, typer.Option(min=1)]
Name = Annotated[str, typer.Option()]
Note = Annotated[str, typer.Option()]
Revision = Annotated[int | None, typer.Option(min=1)]
Roads = Annotated[list[str] | None, typer.Option("--close-road", metavar="NAME")]
Sites = Annotated[list[str] | None, typer.Option()]


@scenario.command("new")
@asks_for_plan(read=told_question)
def new(
    county: Any,  # noqa: ARG001 - the scenario is made by its own
    asked: Any,
    *,
    name: Annotated[str, typer.Argument()],
    edits: Edits = "",
    close_road: Roads = None,
    note: Note = "",
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Keep a question, with edits or without, on the current build of the county."""
    from api.actions.scenarios.keep import Change, create
    from planning.scenario.edit_form import edits_from

    with at_scenarios(account) as who:  # refusals name the options, as those of plan do
        given = [*(edits_of(edits) if edits else []), *short_edits(close_road, {})]
        made = create(who, name, Change(asked, edits_from(given), note))
    _print_saved(made, as_json=as_json, lang=lang)


@scenario.command("edit")
def edit(
    id: Annotated[str, typer.Argument()],  # noqa: A002 - what it is called
    *,
    add: Annotated[list[str] | None, typer.Option(metavar="JSON")] = None,
    remove: Annotated[list[int] | None, typer.Option(min=1, metavar="N")] = None,
    edits: Edits = "",
    question: Annotated[str, typer.Option(metavar="JSON")] = "",
    close_road: Roads = None,
    keep: Sites = None,
    must: Sites = None,
    never: Sites = None,
    closable: Sites = None,
    name: Name = "",
    note: Note = "",
    expected: Expected = None,
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Change a scenario: a new revision of it; the one before stays."""
    from api.actions.scenarios.change import changed

    with visiting(lang_of(lang), account) as who:
        statuses = {"keep": keep, "must": must, "never": never, "closable": closable}
        short = short_edits(close_road, statuses)

        def edited(before: Sequence[Any]) -> list[Any]:
            kept = edits_of(edits) if edits else before
            return changed_edits(kept, add=add or (), remove=remove or (), short=short)

        saved = changed(who, id_of(who, id), edited, fields=question, name=name, note=note, expected=expected)
    _print_saved(saved, as_json=as_json, lang=lang)


@scenario.command("clone")
def clone(
    id: Annotated[str, typer.Argument()],  # noqa: A002
    name: Annotated[str, typer.Argument()],
    *,
    revision: Revision = None,
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Keep a copy of a scenario under another name."""
    from api.actions.scenarios.history import clone as copy

    with visiting(lang_of(lang), account) as who:
        made = copy(who, id_of(who, id), name=name, n=revision)
    _print_saved(made, as_json=as_json, lang=lang)


@scenario.command("list")
def list_(*, archived: bool = False, account: Account = "", as_json: AsJson = False, lang: Lang = None) -> None:
    """List the scenarios, the one changed last first."""
    from api.actions.scenarios.keep import listed
    from api.cli.scenario_words import listed_lines

    with visiting(lang_of(lang), account) as who:
        rows = listed(who, archived=archived, limit=1000)["scenarios"]
    print_json(rows) if as_json else typer.echo("\n".join(listed_lines(rows, lang_of(lang))))


@scenario.command("show")
def show(
    id: Annotated[str, typer.Argument()],  # noqa: A002
    *,
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Show what a scenario asks, with its edits by number."""
    from api.actions.scenarios.keep import shown
    from api.cli.scenario_words import scenario_lines

    with visiting(lang_of(lang), account) as who:
        told = shown(who, id_of(who, id))
    print_json(told) if as_json else typer.echo("\n".join(scenario_lines(told, lang_of(lang))))


@scenario.command("compare")
def compare(
    first: Annotated[str, typer.Argument()],
    second: Annotated[str, typer.Argument()],
    *,
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say what the second of two scenarios asks otherwise than the first."""
    from api.actions.scenarios.history import compared
    from api.cli.scenario_words import difference_lines

    with visiting(lang_of(lang), account) as who:
        told = compared(who, id_of(who, first), id_of(who, second))
    print_json(told) if as_json else typer.echo("\n".join(difference_lines(told, lang_of(lang))))


@scenario.command("undo")
def undo(
    id: Annotated[str, typer.Argument()],  # noqa: A002
    *,
    expected: Expected = None,
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Go back to the revision from which the present one was made."""
    _step(id, back=True, expected=expected, account=account, as_json=as_json, lang=lang)


@scenario.command("redo")
def redo(
    id: Annotated[str, typer.Argument()],  # noqa: A002
    *,
    expected: Expected = None,
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take back the last undo."""
    _step(id, back=False, expected=expected, account=account, as_json=as_json, lang=lang)


@scenario.command("export")
def export(
    id: Annotated[str, typer.Argument()],  # noqa: A002
    file: Annotated[Path, typer.Argument()],
    *,
    revision: Revision = None,
    account: Account = "",
    lang: Lang = None,
) -> None:
    """Write a scenario as a file that another installation reads."""
    from api.actions.scenarios.exchange import exported

    with visiting(lang_of(lang), account) as who:
        told = exported(who, id_of(who, id), revision)
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    typer.echo(str(file))


@scenario.command("import")
def import_(
    file: Annotated[str, typer.Argument()],
    *,
    onto_current: Annotated[bool, typer.Option("--onto-current")] = False,
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Keep a scenario from a file, once all that it names is known here."""
    from api.actions.scenarios.exchange import imported

    with visiting(lang_of(lang), account) as who:
        made = imported(who, json_of(file), onto_current=onto_current)
    _print_saved(made, as_json=as_json, lang=lang)


@scenario.command("rebase")
def rebase(
    id: Annotated[str, typer.Argument()],  # noqa: A002
    *,
    save: Annotated[bool, typer.Option("--save")] = False,
    account: Account = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List what becomes of every edit on the current build of the county; save that only where it is asked for."""
    from api.actions.scenarios.rebasing import rebased
    from api.cli.scenario_words import rebase_lines
    from api.explain import explain_faults

    with visiting(lang_of(lang), account) as who:
        scenario_id = id_of(who, id)
        told, faults = rebased(who, scenario_id, expected=who.reach(scenario_id).head if save else None)
    if as_json:
        print_json({**told, "faults": explain_faults(faults, lang_of(lang))})
    else:
        typer.echo("\n".join(rebase_lines(told, faults, lang_of(lang))))


def _step(word: str, *, back: bool, expected: int | None, account: str, as_json: bool, lang: str | None) -> None:
    from api.actions.scenarios.history import step

    with visiting(lang_of(lang), account) as who:
        saved = step(who, id_of(who, word), back=back, expected=expected)
    _print_saved(saved, as_json=as_json, lang=lang)


def _print_saved(told: Any, *, as_json: bool, lang: str | None) -> None:
    from api.cli.scenario_words import saved_lines

    print_json(told) if as_json else typer.echo("\n".join(saved_lines(told, lang_of(lang))))
