"""What is told beside a comparison where somebody names it: ranges, a trade-off curve, what makes losses good."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.actions.comparison.compare import Compared
from api.actions.comparison.curve import curve_told
from api.actions.comparison.heard import heard_told
from api.actions.comparison.made_good import made_good
from api.actions.comparison.schemes import SchemeAtHand
from api.actions.futures_words import with_futures_words
from api.actions.scenarios.visitor import Visitor
from api.runs.futures_asked import KIND, futures_again, futures_of
from api.runs.view import result_of_run
from gis.faults import Fault, FaultsError
from layers.records.run import Run
from planning.comparison.losers import LOSS_S

_Told = Callable[[Run, Mapping[str, Any], Compared], dict[str, Any] | None]


@dataclass(frozen=True)
class Beside:
    """What somebody wants beside a comparison.

    Parameters
    ----------
    futures, study
        Runs: of the futures of just these schemes, of a trade-off curve on the conditions of one of them.
    made_good
        Pairs as ``from-to``, of which the fewest added sites are wanted.
    """

    futures: str | None = None
    study: str | None = None
    made_good: Sequence[str] = ()


def with_beside(who: Visitor, found: Compared, beside: Beside) -> Compared:
    """Return a comparison with what is told beside it, and what the public says of schemes that are published.

    Parameters
    ----------
    who
    found
    beside

    Raises
    ------
    FaultsError
        ``compare-futures``, ``compare-study`` for a run that has not ended or is of other schemes;
        ``compare-made-good`` for what is no pair of the schemes.
    """
    told = {
        "futures": _of_run(who, found, beside.futures, "futures", _futures),
        "curve": _of_run(who, found, beside.study, "study", curve_told),
        "made_good": [made_good(*pair, minutes=LOSS_S / 60) for pair in _pairs(found, beside.made_good)],
        "heard": heard_told(who, found),
    }
    return dataclasses.replace(found, told={**found.told, **told})


def _of_run(who: Visitor, found: Compared, run_id: str | None, field: str, tell: _Told) -> dict[str, Any] | None:
    """Return what a run tells of the schemes, whoever asked for it: who may see them may see what they come to."""
    if run_id is None:
        return None
    run = who.at_work.runs.of_any(run_id)
    result = None if run is None or run.state != "done" else result_of_run(run, who.at_work.files)
    told = None if run is None or result is None else tell(run, result, found)
    if told is None:
        raise FaultsError([Fault(f"compare-{field}", field=field, value=run_id)])
    return told


def _futures(run: Run, result: Mapping[str, Any], found: Compared) -> dict[str, Any] | None:
    """Return the ranges of a run, ``None`` if they are not those of just these schemes as they stand now."""
    if run.kind != KIND:
        return None
    try:
        asked = futures_again(run.question.get("asked")).request
    except ValueError:  # of another edition of the program
        return None
    now = futures_of(found.schemes, seed=asked.seed, count=asked.count, resolve=asked.resolve).request
    return {"run": run.id, **with_futures_words(result, found.lang)} if asked == now else None


def _pairs(found: Compared, words: Sequence[str]) -> Iterator[tuple[SchemeAtHand, SchemeAtHand]]:
    schemes = {one.key: one for one in found.schemes}
    for word in dict.fromkeys(words):
        before, _, after = word.partition("-")
        if before == after or not {before, after} <= schemes.keys():
            raise FaultsError([Fault("compare-made-good", field="made_good", value=word[:20])])
        yield schemes[before], schemes[after]
