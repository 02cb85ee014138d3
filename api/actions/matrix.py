"""The minutes of a service as a file: a browser that has it works out by itself what other sites would mean."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.editions import MATRICES
from api.actions.open_county import OpenCounty
from api.actions.posed import resolved_at, times_at
from gis.cost_matrix import CostMatrix
from gis.faults import Fault, FaultsError
from gis.matrix_bytes import neighbours_in_turn, pack_matrix
from layers.matrices import content_key
from planning.groups import Base
from planning.scenario.candidates import Candidates
from planning.scenario.defaults import with_defaults
from planning.scenario.identity import identity_of, tables_told
from planning.scenario.question import Conditions, PlanQuestion
from planning.scenario.resolve import Resolved

MOST_TIMES = 40_000_000
"""So many times are told at once: some 6,300 places with as many candidates."""


def matrix_question(at_hand: OpenCounty, service: str, *, mode: str | None, base: Base) -> PlanQuestion:
    """Return the question of which the matrix is told: what the service usually wants.

    Parameters
    ----------
    at_hand
    service
    mode
        The service's own if not given.
    base

    Raises
    ------
    FaultsError
        ``unknown-service``.
    """
    return question_of_times(with_defaults(PlanQuestion(service, mode=mode, base=base), at_hand.tables.services))


def question_of_times(question: PlanQuestion) -> PlanQuestion:
    """Return what of a question says something of times, people, loads and capacities: all else asks for no other file.

    Parameters
    ----------
    question
        With its defaults.
    """
    asked = question.conditions
    kept = {name: getattr(asked, name) for name in ("status", "max_minutes", "capacity", "unlimited", "included")}
    return PlanQuestion(
        question.service,
        model=question.model,
        limit_minutes=question.limit_minutes,
        mode=question.mode,
        base=question.base,
        conditions=Conditions(**kept),
        edits=question.edits,
    )


def matrix_id(at_hand: OpenCounty, question: PlanQuestion) -> str:
    """Return the name of a matrix by what it is made of; found without any travel time."""
    identity = json.dumps(identity_of(at_hand.tables, question), sort_keys=True)
    return content_key("matrix", MATRICES, at_hand.county.version, identity)


def matrix_file(at_hand: OpenCounty, question: PlanQuestion) -> bytes:
    """Return the seconds from every place to every candidate, in the form of :mod:`gis.matrix_bytes`.

    Parameters
    ----------
    at_hand
    question
        From :func:`matrix_question` or :func:`question_of_times`.

    Raises
    ------
    FaultsError
        If the county does not fit the question, ``matrix-too-large`` if there are too many times to tell.
    """
    name = f"times-{matrix_id(at_hand, question)}.gz"
    packed = at_hand.cache.read(name)
    if packed is None:
        packed = _packed(at_hand, question)
        at_hand.cache.write(name, packed)
    return packed


def _packed(at_hand: OpenCounty, question: PlanQuestion) -> bytes:
    resolved = resolved_at(at_hand, question)
    count = len(at_hand.demand) * len(resolved.candidates)
    if count > MOST_TIMES:
        told = {"count": count, "most": MOST_TIMES}
        raise FaultsError([Fault("matrix-too-large", field="service", value=question.service, params=told)])
    mode = str(resolved.question.mode)
    times = times_at(at_hand, resolved.candidates, mode=mode, roads=resolved.roads)
    return pack_matrix(times.seconds, _about(at_hand, resolved, times), turns=_turns(at_hand, mode))


def _turns(at_hand: OpenCounty, mode: str) -> NDArray[np.int64]:
    """Return the places, neighbours after one another, as the county is built; edits move few of them."""
    name = f"turns {at_hand.tables.modes[mode].identity}"
    return at_hand.once(name, lambda: neighbours_in_turn(at_hand.times_to(at_hand.demand, mode=mode).seconds))


def _about(at_hand: OpenCounty, resolved: Resolved, times: CostMatrix) -> dict[str, Any]:
    """Return what is said of places and candidates; without a capacity nothing is said of loads."""
    question, candidates, rules = resolved.question, resolved.candidates, resolved.rules
    said = np.flatnonzero(rules["status"] != "candidate")
    told = {
        "service": question.service,
        "mode": question.mode,
        "base": question.base,
        "limit_s": question.limit_s,
        "max_time_s": rules["max_time_s"],
        "county_version": at_hand.county.version,
        **tables_told(at_hand.tables, question),
        "weights_basis": resolved.weights.basis,
        "weights_estimated": resolved.weights.estimated,
        "demand_ids": times.origin_ids.tolist(),
        "weights": resolved.weights.values.tolist(),
        "candidate_ids": candidates.ids.tolist(),
        "candidate_positions": candidates.lon_lat.round(5).tolist(),
        **_called(candidates),
        "statuses": [[row, rules["status"][row]] for row in said.tolist()],
    }
    if "capacities" not in rules:
        return told
    return told | {"loads": rules["loads"].tolist(), "capacities": rules["capacities"].tolist()}


def _called(candidates: Candidates) -> dict[str, Any]:
    """Return what people call the candidates, where each is from, and its township, if the county has townships."""
    townships = candidates.townships
    return {
        "candidate_names": candidates.names.tolist(),
        "candidate_origins": candidates.origins.tolist(),
        "candidate_townships": None if townships is None else townships.tolist(),
    }
