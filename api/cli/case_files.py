"""Commands about many cases: take them in and out, replay them, count them, and let the invented ones go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.incidents import incidents
from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.told import told
from api.settings import Settings

if TYPE_CHECKING:
    from api.actions.workplace import Workplace

__all__ = ["incidents"]
Mend = Annotated[bool, typer.Option("--mend")]
Out = Annotated[Path | None, typer.Option()]
WithPeople = Annotated[bool, typer.Option("--with-people")]


@contextmanager
def _at_work() -> Iterator[Workplace]:
    from api.actions.workplace import Workplace

    at_work = Workplace(Settings())
    try:
        yield at_work
    finally:
        at_work.close()


@incidents.command("import")
def import_(file: Path, *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Take in cases from an Excel or CSV file, or line by line from .jsonl: all of them, or what is wrong."""
    from api.actions.case_files.batch_in import Office, take_in_batch
    from api.actions.case_files.lines_in import take_in_lines
    from api.cli.case_file_words import checked_file, county_or_none, taken_lines
    from layers.records.audit import COMMAND_LINE

    with told(lang_of(lang)), _at_work() as at_work:
        is_lines = checked_file(file)
        database, at_hand = at_work.database.get(), county_or_none(at_work)
        office = Office(at_hand, database, at_work.tables.get(), COMMAND_LINE, datetime.now(UTC), lang_of(lang))
        done = take_in_lines(office, file) if is_lines else take_in_batch(office, file.read_bytes(), file.name)
    answer = {"rows": done.rows, "created": done.created, "known": done.rows - done.created}
    print_json(answer) if as_json else typer.echo("\n".join(taken_lines(done, lang_of(lang))))


@incidents.command("export")
def export(file: Path, *, with_people: WithPeople = False, lang: Lang = None) -> None:
    """Write all cases to a file: .jsonl with everything that happened, .xlsx with one row a case."""
    from api.actions.case_files.out import take_out
    from api.cli.case_file_words import exported_line
    from layers.records.audit import COMMAND_LINE

    with told(lang_of(lang)), _at_work() as at_work:
        database = at_work.database.get()
        count = take_out(database, file, with_people=with_people, actor=COMMAND_LINE, lang=lang_of(lang))
    typer.echo(exported_line(file, count, lang_of(lang)))


@incidents.command("replay")
def replay(*, mend: Mend = False, as_json: AsJson = False, lang: Lang = None) -> None:
    """Replay every case and tell where its row says something else; exit 1 if anything is wrong and not mended."""
    from api.actions.case_files.replayed import replay_all
    from api.cli.case_file_words import replayed_json, replayed_lines
    from layers.records.audit import COMMAND_LINE

    with told(lang_of(lang)), _at_work() as at_work:
        found = replay_all(at_work.database.get(), now=datetime.now(UTC), actor=COMMAND_LINE, mends=mend)
    print_json(replayed_json(found)) if as_json else typer.echo("\n".join(replayed_lines(found, lang_of(lang))))
    raise typer.Exit(0 if found.is_sound else 1)


@incidents.command("stats")
def stats(*, out: Out = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """Count the cases by category, township and month: how many, how many late, and whose time it was."""
    from api.actions.case_files.counted import count_cases, counted_json, counted_workbook
    from api.cli.case_file_words import group_names, stats_lines

    with told(lang_of(lang)), _at_work() as at_work:
        now = datetime.now(UTC)
        counted, names = count_cases(at_work.database.get(), now=now), group_names(at_work, lang_of(lang))
        if out is not None:
            out.write_bytes(counted_workbook(counted, names, now=now, lang=lang_of(lang)))
    print_json(counted_json(counted)) if as_json else typer.echo("\n".join(stats_lines(counted, names, lang_of(lang))))


@incidents.command("forget-examples")
def forget_examples(*, lang: Lang = None) -> None:
    """Delete the invented cases of the default county; real ones stay."""
    from api.actions.case_files.examples import drop_examples
    from api.cli.case_file_words import forgotten_line
    from layers.records.audit import COMMAND_LINE

    with told(lang_of(lang)), _at_work() as at_work:
        count = drop_examples(at_work.database.get(), actor=COMMAND_LINE)
    typer.echo(forgotten_line(count, lang_of(lang)))
