"""What is asked about the futures of schemes, complete enough for any server to compute it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.open_county import OpenCounty
from gis.faults import Fault, FaultsError
from layers.matrices import content_key
from planning.futures.draw import LARGEST_SEED, MOST_FUTURES
from planning.scenario.build import Built
from planning.scenario.identity import identity_of, question_told, tables_told
from planning.scenario.question import PlanQuestion

MOST_RESOLVED = 200
USUAL_COUNT, USUAL_SEED = 200, 1
"""200 futures put the 5 % and 95 % within a hundredth of the futures or two; the seed is anybody's."""
_EDITION = "1"  # raised when the same question would get other figures


@dataclass(frozen=True)
class SchemeTold:
    """A scheme as plain values: what it asks, and what it came to.

    Parameters
    ----------
    key
        ``0`` for today, ``A``, ``B``, … for the others in their order.
    question
        As :func:`planning.scenario.identity.question_told`.
    is_solved
        Whether a model chose the sites, so that its question can be solved again.
    opened
        Ids of its sites.
    sent
        Position of each place's site among them, −1 for none.
    """

    key: str
    question: dict[str, Any]
    is_solved: bool
    opened: list[str]
    sent: list[int]


@dataclass(frozen=True)
class FuturesRequest:
    """What is asked.

    Parameters
    ----------
    schemes
    seed, count
        Of the futures.
    resolve
        In so many of them the questions of schemes are solved anew; 0 for none.
    """

    schemes: tuple[SchemeTold, ...]
    seed: int = USUAL_SEED
    count: int = USUAL_COUNT
    resolve: int = 0


def scheme_told(key: str, built: Built, plan: Mapping[str, Any], *, is_solved: bool) -> SchemeTold:
    """Return a scheme at hand as plain values.

    Parameters
    ----------
    key
    built
        Its question as it is measured.
    plan
        As the API tells it: ``opened`` and ``allocation``.
    is_solved
    """
    opened = sorted(map(str, plan["opened"]), key=_rows(built).__getitem__)
    place = {id_: number for number, id_ in enumerate(opened)}
    sent = [place.get(str(one["facility_id"]), -1) for one in plan["allocation"]]
    sent = sent or [-1] * len(built.resolved.people)
    return SchemeTold(key, json.loads(json.dumps(question_told(built.resolved.question))), is_solved, opened, sent)


def rows_of(built: Built, scheme: SchemeTold) -> NDArray[np.int64]:
    """Return the rows of a scheme's sites among the candidates.

    Raises
    ------
    FaultsError
        ``futures-scheme-gone`` if one of them is none of its candidates any more.
    """
    rows = _rows(built)
    if not set(scheme.opened) <= rows.keys() or len(scheme.sent) != len(built.resolved.people):
        raise FaultsError([Fault("futures-scheme-gone", field="runs", value=scheme.key)])
    return np.array([rows[id_] for id_ in scheme.opened], np.int64)


def refuse_unlike(schemes: Sequence[tuple[str, OpenCounty]]) -> None:
    """Refuse schemes of different builds or tables: a road that is closed must be the same road for all of them.

    Parameters
    ----------
    schemes
        Reference and county of each.

    Raises
    ------
    FaultsError
        ``futures-build`` for each that is not of the first one's build and tables.
    """
    first = schemes[0][1]
    faults = [
        Fault("futures-build", field="runs", value=reference)
        for reference, other in schemes
        if (other.county.version, other.tables.identity) != (first.county.version, first.tables.identity)
    ]
    if faults:
        raise FaultsError(faults)


def futures_id(at_hand: OpenCounty, request: FuturesRequest, questions: Sequence[PlanQuestion]) -> str:
    """Return the name of a question: the same county, schemes and seed give the same one.

    Parameters
    ----------
    at_hand
    request
    questions
        Of the schemes, which make out what their words mean under the tables in force.
    """
    whole = asdict(request) | {"identities": [identity_of(at_hand.tables, question) for question in questions]}
    for scheme in whole["schemes"]:
        del scheme["question"]  # as a service's defaults stand now, the identity says more
    return content_key("futures", _EDITION, at_hand.county.version, json.dumps(whole, sort_keys=True))


def tables_of(at_hand: OpenCounty, questions: Sequence[PlanQuestion]) -> dict[str, dict[str, Any]]:
    """Return the edited tables that the questions of all schemes are answered by."""
    told: dict[str, dict[str, Any]] = {"tables": {}, "tables_sha": {}}
    for question in questions:
        for name, part in tables_told(at_hand.tables, question).items():
            told[name] |= part
    return told


def _rows(built: Built) -> dict[str, int]:
    return {str(id_): row for row, id_ in enumerate(built.problem.candidate_ids)}


BOUNDS = {"seed": (0, LARGEST_SEED), "count": (1, MOST_FUTURES), "resolve": (0, MOST_RESOLVED)}
"""Least and most of the figures, for whatever door asks."""
