"""What commands have in common: options, the question of a plan, the county at hand."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from api.cli.plan_options import option_of, parameters_of, plan_question
from api.cli.told import told
from api.settings import Settings
from planning.scenario.question import FIELDS, PlanQuestion

AsJson = Annotated[bool, typer.Option("--json")]
Lang = Annotated[Literal["zh", "en"] | None, typer.Option()]


def asks_for_plan(
    *fields: str, read: Callable[..., PlanQuestion] = plan_question
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of a plan, or only those of some fields, before its own.

    It is called with the county at hand and the question first. Refusals of the command are told in its language.

    Parameters
    ----------
    *fields
        All of them if none is named.
    read
        Makes the question of the services in force and the options.
    """
    asked = parameters_of(fields or FIELDS)

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(command, eval_str=True).parameters.values())[2:]

        @functools.wraps(command)
        def run(**given: Any) -> None:
            with told(lang_of(given["lang"]), name_of=lambda fault, _lang: option_of(fault, given)):
                at_hand = current_county()
                question = read(at_hand.tables.services, **{name: given[name] for name in asked})
                command(at_hand, question, **{one.name: given[one.name] for one in own})

        parameters = [*asked.values(), *own]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return with_options


def current_county(version: str = "") -> Any:
    """Return the county at hand, or a stored version of it."""
    # No workplace: it would bring the database along, which no command of the planner needs.
    from api.actions.open_county import OpenCounty
    from api.actions.tables_at_rest import tables_at_rest
    from api.explain import ApiError
    from layers.county import open_county
    from layers.current import current_version

    settings = Settings()
    chosen = version or current_version(settings.data)
    if chosen is None:
        raise ApiError(503, "no-county")
    tables = tables_at_rest(settings)
    return OpenCounty(open_county(settings.data, version=chosen), cache=settings.cache, tables=tables)


def lang_of(lang: str | None) -> Any:
    """Return the language asked for, or the site's."""
    return lang or Settings().lang


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
