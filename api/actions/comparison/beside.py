"""What is told beside a comparison where somebody names it: the ranges of its schemes in common random futures."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from api.actions.comparison.compare import Compared
from api.actions.futures_words import with_futures_words
from api.actions.scenarios.visitor import Visitor
from api.runs.futures_asked import KIND, futures_again, futures_of
from api.runs.view import result_of_run
from gis.faults import Fault, FaultsError
from layers.records.run import Run

NOTHING: dict[str, Any] = {"futures": None}
"""What a comparison tells beside its schemes where nothing is named."""


@dataclass(frozen=True)
class Beside:
    """What somebody wants beside a comparison.

    Parameters
    ----------
    futures
        Run of the futures of just these schemes.
    """

    futures: str | None = None


def with_beside(who: Visitor, found: Compared, beside: Beside) -> Compared:
    """Return a comparison with what is told beside it.

    Parameters
    ----------
    who
    found
    beside

    Raises
    ------
    FaultsError
        ``compare-futures`` for a run that is not the finished futures of these very schemes.
    """
    told = {"futures": None if beside.futures is None else _futures(who, found, beside.futures)}
    return dataclasses.replace(found, told={**found.told, **told})


def _futures(who: Visitor, found: Compared, run_id: str) -> dict[str, Any]:
    """Return the ranges of a run, whoever asked for it: whoever may see its schemes may see what they come to."""
    run = who.at_work.runs.of_any(run_id)
    result = None if run is None or run.state != "done" else result_of_run(run, who.at_work.files)
    if run is None or result is None or not _is_of(run, found):
        raise FaultsError([Fault("compare-futures", field="futures", value=run_id)])
    return {"run": run.id, **with_futures_words(result, found.lang)}


def _is_of(run: Run, found: Compared) -> bool:
    """Tell whether a run is of the futures of just these schemes, as they stand now."""
    if run.kind != KIND:
        return False
    try:
        asked = futures_again(run.question.get("asked")).request
    except ValueError:  # of another edition of the program
        return False
    now = futures_of(found.schemes, seed=asked.seed, count=asked.count, resolve=asked.resolve).request
    return asked == now
