"""Commands that study a plan: why here, what one good costs in another, what to build in which year."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from api.cli.options import AsJson, Lang, asks_for_plan, lang_of, print_json

Count = Annotated[int, typer.Option(min=1, max=60)]
Seconds = Annotated[float, typer.Option(min=0.1, max=60)]


@asks_for_plan()
def why(
    county: Any,
    asked: Any,
    *,
    candidate: Annotated[str | None, typer.Option()] = None,
    count: Count = 20,
    apart: Annotated[float, typer.Option(min=0, max=200)] = 3.0,
    within: Annotated[float, typer.Option(min=0, max=100)] = 1.0,
    study_limit: Seconds = 60.0,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say why here: what each site is worth, the best exchange not taken, other plans nearly as good."""
    options = {"count": count, "apart_km": apart, "within_percent": within, "candidate": candidate}
    _study("why-here", county, asked, as_json=as_json, lang=lang, time_limit_s=study_limit, **options)


@asks_for_plan()
def frontier(
    county: Any,
    asked: Any,
    *,
    curve: Annotated[Literal["mean-worst", "coverage-number", "coverage-budget"], typer.Option()] = "mean-worst",
    count: Count = 20,
    study_limit: Seconds = 60.0,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Trade one good against another: mean and worst time, people covered and sites, or money."""
    _study("frontier", county, asked, as_json=as_json, lang=lang, curve=curve, count=count, time_limit_s=study_limit)


@asks_for_plan()
def phase(
    county: Any,
    asked: Any,
    *,
    yearly: Annotated[int, typer.Option(min=0)],
    study_limit: Seconds = 60.0,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Spread a plan over the years, each with its budget; nobody loses service on the way."""
    _study("phasing", county, asked, as_json=as_json, lang=lang, yearly_budget_yuan=yearly, time_limit_s=study_limit)


def _study(kind: Any, county: Any, asked: Any, *, as_json: bool, lang: str | None, **options: Any) -> None:
    from api.actions.study import make_study
    from api.actions.study_question import StudyRequest
    from api.cli.interrupted import until_interrupted
    from api.cli.study_words import study_lines
    from planning.scenario.defaults import without_size

    if kind == "frontier":
        asked = without_size(asked, county.tables.services)
    with until_interrupted(lang_of(lang)) as (stop, _):
        made = make_study(county, StudyRequest(kind, asked, **options), stop=stop)
    print_json(made) if as_json else typer.echo("\n".join(study_lines(made, lang_of(lang))))
    if stop():
        raise typer.Exit(130)
