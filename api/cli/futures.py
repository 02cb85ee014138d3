"""The command that puts schemes into common random futures: the same answer as ``POST /api/futures``, in words."""

from __future__ import annotations

from typing import Annotated

import typer

from api.actions.futures_question import BOUNDS, USUAL_COUNT, USUAL_SEED
from api.cli.compare import meant
from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.scenario_files import visiting


def futures(
    schemes: Annotated[list[str], typer.Argument()],
    *,
    count: Annotated[int, typer.Option(min=BOUNDS["count"][0], max=BOUNDS["count"][1])] = USUAL_COUNT,
    seed: Annotated[int, typer.Option(min=BOUNDS["seed"][0], max=BOUNDS["seed"][1])] = USUAL_SEED,
    resolve: Annotated[int, typer.Option(min=BOUNDS["resolve"][0], max=BOUNDS["resolve"][1])] = 0,
    account: Annotated[str, typer.Option(metavar="NAME")] = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Put two to six schemes into the same random futures: ranges of figures, and which is better how often."""
    from api.actions.comparison.schemes import schemes_of
    from api.actions.futures import make_futures
    from api.actions.futures_words import with_futures_words
    from api.cli.futures_words import futures_lines
    from api.cli.interrupted import until_interrupted
    from api.runs.futures_asked import futures_of

    with visiting(lang_of(lang), account) as who:
        found = schemes_of(who, meant(who, schemes))
        asked = futures_of(found, seed=seed, count=count, resolve=resolve)
        with until_interrupted(lang_of(lang)) as (stop, _):
            made = make_futures(found[0].at_hand, asked.request, stop=stop)
    told = with_futures_words(made, lang_of(lang))
    print_json(told) if as_json else typer.echo("\n".join(futures_lines(told, lang_of(lang))))
    if stop():
        raise typer.Exit(130)
