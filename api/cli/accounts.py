"""Commands for accounts: add, reset, disable, enable, list, token; beside a running service too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from api.cli.help import SpokenTyper
from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.told import told
from api.settings import Settings
from gis.faults import Fault

account = SpokenTyper(no_args_is_help=True, add_completion=False)

Role = Annotated[list[str], typer.Option(metavar="ROLE[@KIND:CODE]")]
Area = Annotated[list[str] | None, typer.Option(metavar="KIND:CODE")]
Display = Annotated[str, typer.Option()]
FromStdin = Annotated[bool, typer.Option("--password-stdin")]
Heir = Annotated[str, typer.Option(metavar="NAME")]
Label = Annotated[str, typer.Option()]
Days = Annotated[int, typer.Option(min=1, max=365)]
ReadOnly = Annotated[bool, typer.Option("--read-only")]
_OPTIONS = {
    "name": "NAME",
    "role": "--role",
    "area_kind": "--area",
    "area_code": "--area",
    "display": "--display",
    "password": "--password-stdin",
    "heir": "--heir",
    "label": "--label",
}


@account.command("add")
def add(
    name: str,
    *,
    role: Role,
    area: Area = None,
    display: Display = "",
    password_stdin: FromStdin = False,
    lang: Lang = None,
) -> None:
    """Add an account; the first one has to be an administrator and ends solo mode."""
    from api.actions.accounts import by_command
    from api.actions.accounts.people import Invited
    from api.cli.account_words import added_lines

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with _at_work(lang) as (at_work, now):
        asked = by_command.asked_by_words(role, area or ())
        made = by_command.add(at_work, name, display=display, asked=asked, password=password, now=now)
    path = made.path if isinstance(made, Invited) else ""
    who = made.account if isinstance(made, Invited) else made
    typer.echo("\n".join(added_lines(who.name, path, lang_of(lang))))


@account.command("reset")
def reset(name: str, *, lang: Lang = None) -> None:
    """Void a password and print a one-time link for another."""
    from api.actions.accounts import people
    from api.cli.account_words import reset_lines
    from layers.records.audit import COMMAND_LINE

    with _at_work(lang) as (at_work, now):
        who = people.named_person(at_work, name)
        made = people.reset(at_work, who.id, actor=COMMAND_LINE, now=now)
    typer.echo("\n".join(reset_lines(who.name, made.path, lang_of(lang))))


@account.command("disable")
def disable(name: str, *, heir: Heir = "", lang: Lang = None) -> None:
    """Keep somebody from signing in, and hand over what is theirs."""
    from api.actions.accounts import people
    from layers.records.audit import COMMAND_LINE
    from maps.catalogue import text

    with _at_work(lang) as (at_work, now):
        who = people.named_person(at_work, name)
        to = people.named_person(at_work, heir).id if heir else None
        runs = people.disable(at_work, who.id, heir=to, actor=COMMAND_LINE, now=now)
    key = "people.cli.handed-over" if heir else "people.cli.disabled"
    typer.echo(text(lang_of(lang), key, name=who.name, heir=heir, runs=runs))


@account.command("enable")
def enable(name: str, *, lang: Lang = None) -> None:
    """Let somebody sign in again."""
    from api.actions.accounts import people
    from layers.records.audit import COMMAND_LINE
    from maps.catalogue import text

    with _at_work(lang) as (at_work, now):
        who = people.named_person(at_work, name)
        people.enable(at_work, who.id, actor=COMMAND_LINE, now=now)
    typer.echo(text(lang_of(lang), "people.cli.enabled", name=who.name))


@account.command("list")
def list_(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """List everybody with roles and areas."""
    from api.actions.accounts.people import list_people
    from api.cli.account_words import listed_lines

    with _at_work(lang) as (at_work, now):
        people = list_people(at_work, now=now)
    printed: Any = listed_lines(people, lang_of(lang))
    print_json(people) if as_json else typer.echo("\n".join(printed))


@account.command("token")
def token(name: str, *, label: Label, days: Days = 90, read_only: ReadOnly = False, lang: Lang = None) -> None:
    """Print a token with which a program does what somebody may do."""
    from api.actions.accounts.by_command import make_token

    with _at_work(lang) as (at_work, now):
        key = make_token(at_work, name, label=label, days=days, reads_only=read_only, now=now)
    typer.echo(key)


@contextmanager
def _at_work(lang: str | None) -> Iterator[tuple[Any, Any]]:
    """Yield the workplace of the settings and the instant; what is refused is told in words of the command line."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from api.actions.workplace import Workplace
    from api.explain import ApiError
    from gis.faults import FaultsError
    from layers.records.database_faults import DatabaseDownError

    at_work = Workplace(Settings())
    with told(lang_of(lang), name_of=lambda fault, _lang: _option_of(fault)):
        try:
            yield at_work, datetime.now(UTC)
        except FaultsError as error:  # there is neither a table nor a row on a command line
            raise FaultsError([replace(fault, layer="", row=None) for fault in error.faults]) from None
        except DatabaseDownError as error:
            raise ApiError(503, f"database-{error.reason}") from None
        finally:
            at_work.close()


def _option_of(fault: Fault) -> str:
    return _OPTIONS.get(fault.field, fault.field)
