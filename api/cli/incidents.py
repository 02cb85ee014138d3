"""Commands about cases: what their clocks ask for, and messages that were given up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from api.cli.help import SpokenTyper
from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.told import told
from api.settings import Settings
from gis.faults import Fault, FaultsError
from maps.catalogue import text

incidents = SpokenTyper(no_args_is_help=True, add_completion=False)
Instant = Annotated[str, typer.Argument(metavar="[INSTANT]")]
Now = Annotated[bool, typer.Option("--now")]


@incidents.command("escalate")
def escalate(instant: Instant = "", *, now: Now = False, as_json: AsJson = False, lang: Lang = None) -> None:
    """Warn of what is nearly due and let climb what is overdue, as the service does by itself; again: nothing."""
    from api.actions.cases.escalated_words import escalated_json, escalated_lines
    from api.actions.cases.passing import make_pass, pending
    from api.actions.workplace import Workplace
    from layers.records.audit import COMMAND_LINE

    with told(lang_of(lang)):
        moment = _moment(instant)
        at_work = Workplace(Settings())
        try:
            done = make_pass(at_work, actor=COMMAND_LINE, now=moment) if now else pending(at_work, now=moment)
        finally:
            at_work.close()
    if as_json:
        print_json(escalated_json(done, is_done=now))
    else:
        typer.echo("\n".join(escalated_lines(done, lang_of(lang), is_done=now)))


@incidents.command("resend")
def resend(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """Let messages that were given up be tried again."""
    from api.actions.cases.resending import resend_stuck
    from api.actions.workplace import Workplace
    from layers.records.audit import COMMAND_LINE

    with told(lang_of(lang)):
        at_work = Workplace(Settings())
        try:
            count = resend_stuck(at_work, actor=COMMAND_LINE)
        finally:
            at_work.close()
    if as_json:
        print_json({"messages": count})
    else:
        typer.echo(text(lang_of(lang), "cli.incidents.resent", count=count))


def _moment(told_as: str) -> datetime | None:
    """Return the instant that was named, the present if none was.

    Raises
    ------
    FaultsError
        If it is none, or says no zone.
    """
    if not told_as:
        return None
    try:
        moment = datetime.fromisoformat(told_as)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise FaultsError([Fault("not-an-instant", "incidents", field="INSTANT", value=told_as[:40])])
    return moment
