"""The command that sets schemes beside each other: the same answer as ``GET /api/compare``, in words or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.scenario_files import id_of, visiting

if TYPE_CHECKING:
    from api.actions.comparison.references import Reference
    from api.actions.report.making import Making
    from api.actions.scenarios.visitor import Visitor


def compare(
    schemes: Annotated[list[str], typer.Argument()],
    *,
    made_good: Annotated[bool, typer.Option("--made-good")] = False,
    minutes: Annotated[float, typer.Option(min=0, max=600)] = 5.0,
    out: Annotated[Path | None, typer.Option()] = None,
    paper: Annotated[str, typer.Option(metavar="A4|A3")] = "A4",
    template: Annotated[Path | None, typer.Option()] = None,
    futures: Annotated[str | None, typer.Option(metavar="RUN")] = None,
    study: Annotated[str | None, typer.Option(metavar="RUN")] = None,
    pairs: Annotated[str, typer.Option(metavar="0-A,A-B")] = "",
    account: Annotated[str, typer.Option(metavar="NAME")] = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Set two to six schemes beside each other: runs, scenarios, and today."""
    from api.actions.comparison.beside import Beside, with_beside
    from api.actions.comparison.compare import compare as compared
    from api.actions.comparison.files import ending_of, file_of
    from api.actions.comparison.made_good import made_good as found_good
    from api.actions.comparison.made_good import pair_of
    from api.cli.compare_words import comparison_lines, made_good_lines
    from api.cli.futures_words import futures_lines

    with visiting(lang_of(lang), account) as who:
        ending = None if out is None else ending_of(out)
        references = meant(who, schemes)
        if made_good:
            told: Any = found_good(*pair_of(who, references), minutes=minutes)
            lines = made_good_lines(told, lang_of(lang))
        else:
            wanted = Beside(futures, study, [one for one in pairs.split(",") if one])
            found = with_beside(who, compared(who, references, lang=lang_of(lang)), wanted)
            told, lines = found.told, comparison_lines(found.told, lang_of(lang))
            lines += futures_lines(told["futures"], lang_of(lang)) if told["futures"] else []
            if out is not None and ending is not None:
                out.write_bytes(file_of(found, ending, _making(who, account, paper, template)))
    print_json(told) if as_json else typer.echo("\n".join(lines))


def _making(who: Visitor, made_by: str, paper: str, template: Path | None) -> Making:
    """Return how a file is made: today, by whoever the command is for, over the template named or the office's own."""
    from datetime import UTC, datetime

    from api.actions.report.making import PAPERS, Making, office_template, template_at
    from gis.faults import Fault, FaultsError

    paper = paper.upper()
    if paper not in PAPERS:
        raise FaultsError([Fault("no-such-paper", field="paper", value=paper[:20])])
    over = office_template(who.at_work.settings.data) if template is None else template_at(template)
    return Making(datetime.now(UTC), made_by, PAPERS[paper], over)


def meant(who: Visitor, words: list[str]) -> list[Reference]:
    """Return the references that words mean: a scenario may be named by its name or the beginning of its id too."""
    from dataclasses import replace

    from api.actions.comparison.references import TODAY, references_in
    from api.explain import ApiError

    found = []
    for one in references_in(words):
        is_run = one.id == TODAY or who.at_work.runs.get(one.id, asked_by=who.actor.account_id) is not None
        try:
            found.append(one if is_run else replace(one, id=id_of(who, one.id)))
        except ApiError as error:
            raise ApiError(404, "unknown-scheme", id=one.text) if error.code == "unknown-scenario" else error from None
    return found
