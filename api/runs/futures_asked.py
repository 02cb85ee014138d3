"""The futures of schemes as a run: asked once, computed by whichever server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from api.actions.futures import last_futures, make_futures, questions_of
from api.actions.futures_question import FuturesRequest, futures_id, refuse_unlike, scheme_told, tables_of
from api.actions.open_county import OpenCounty
from api.actions.study import Report, Stop
from api.runs.asked import CODE_VERSION, Made, Show
from layers.records.run import Question

if TYPE_CHECKING:
    from api.actions.comparison.schemes import SchemeAtHand

KIND = "futures"
_SOLVED = ("optimal", "feasible", "interrupted")
"""Statuses of plans whose sites a model chose."""


@dataclass(frozen=True)
class FuturesAsked:
    """Futures that are asked for."""

    request: FuturesRequest

    def question(self, at_hand: OpenCounty) -> Question:
        """Return the question as it is stored: with all that is known of the schemes, whoever may see them later."""
        questions = questions_of(at_hand, self.request.schemes)
        told = {"asked": asdict(self.request), "county_version": at_hand.county.version}
        return Question(
            kind=KIND,
            id=futures_id(at_hand, self.request, questions),
            body={**told, **tables_of(at_hand, questions)},
            county_version=at_hand.county.version,
            code_version=CODE_VERSION,
            lane="long",  # seconds, and many plans where questions are solved anew
        )

    def check(self, at_hand: OpenCounty) -> None:
        """Nothing is left to refuse: the schemes are there."""

    def enough(self, summary: Mapping[str, Any]) -> bool:
        """Half of the futures are no answer."""
        return bool(summary.get("final"))

    def kept(self, at_hand: OpenCounty) -> Made | None:
        """Return the answer if one that came to its end is kept."""
        known = last_futures(at_hand, self.request)
        return None if known is None else _made(known)

    def compute(self, at_hand: OpenCounty, *, stop: Stop, report: Report, show: Show) -> Made:  # noqa: ARG002 - nothing to check
        """Return the answer, or what there is of it when told to stop."""
        return _made(make_futures(at_hand, self.request, stop=stop, report=report))


def futures_of(schemes: Sequence[SchemeAtHand], *, seed: int, count: int, resolve: int) -> FuturesAsked:
    """Return the question of the futures of schemes at hand.

    Parameters
    ----------
    schemes
    seed, count, resolve
        See :class:`~api.actions.futures_question.FuturesRequest`.

    Raises
    ------
    FaultsError
        ``futures-build`` for schemes of another build or other tables than the first one's.
    """
    refuse_unlike([(one.reference.text, one.at_hand) for one in schemes])
    told = tuple(scheme_told(one.key, one.built, one.plan, is_solved=one.plan["status"] in _SOLVED) for one in schemes)
    return FuturesAsked(FuturesRequest(told, seed=seed, count=count, resolve=resolve))


def futures_again(told: object) -> FuturesAsked:
    """Return the question of a run, from what is stored of it.

    Raises
    ------
    ValueError
        If this edition of the program does not know such a question.
    """
    return FuturesAsked(TypeAdapter(FuturesRequest).validate_python(told))


def _made(found: dict[str, Any]) -> Made:
    is_whole = found["limit"] is None
    return Made(found, None, {"status": "ended" if is_whole else "interrupted", "final": is_whole})
