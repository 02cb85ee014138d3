"""A problem and its solution as plain JSON, and back: all that a stranger needs to check a plan without us.

Arrays are written as base64 of zlib-compressed little-endian integers. Reading trusts nothing: every
field has its form and its size, and what does not fit is a fault with its name, never a trace.
"""

from __future__ import annotations

import dataclasses
from typing import Any, TypedDict, Unpack, get_args

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.faults import Fault, FaultsError
from planning.siting.problem import SitingProblem
from planning.siting.proof.packing import Reader, pack
from planning.siting.proof.written import as_json, fields_json, from_json, read_object
from planning.siting.rules import NO_TOWNSHIP, STATUSES, Rules
from planning.siting.solution import Proof, Reason, Sense, Solution, Status, Tier

EDITION = 3
"""Proofs about capacities may lean on exact knapsacks, which edition 1 called packs and edition 2 had not; both are
read."""


class Sides(TypedDict, total=False):
    """What some models are asked with beside the problem: keywords of ``verify``.

    Parameters
    ----------
    upper
        The problem of the upper of two tiers.
    children : (n,) int64
        Children at each demand point, for the rooms of hubs.
    """

    upper: SitingProblem
    children: NDArray[np.int64]


def claim_of(problem: SitingProblem, solution: Solution, **sides: Unpack[Sides]) -> dict[str, Any]:
    """Return a problem and its solution, certificate included, as JSON.

    Parameters
    ----------
    problem
    solution
    **sides
        As the solution was asked with.

    Returns
    -------
    dict
        ``edition``, ``problem``, ``solution``, ``certificate``, ``sides``; :func:`read_claim` and
        :func:`read_sides` read it back.
    """
    beside: dict[str, Any] = {}
    if "upper" in sides:
        beside["upper"] = _problem_json(sides["upper"])
    if "children" in sides:
        beside["children"] = pack(np.asarray(sides["children"], np.int64))
    return {
        "edition": EDITION,
        "problem": _problem_json(problem),
        "solution": _solution_json(solution),
        "certificate": as_json(solution.certificate),
        "sides": beside,
    }


def read_claim(given: Any) -> tuple[SitingProblem, Solution]:
    """Return the problem and the solution of a claim.

    Parameters
    ----------
    given
        What ``json.loads`` made of it.

    Raises
    ------
    FaultsError
        With the field that is missing or malformed, or with what is wrong with the problem.
    """
    claim = Reader(given, "claim")
    claim.whole("edition", least=1, most=EDITION)
    problem = _problem(claim.inner("problem"))
    solution = _solution(claim.inner("solution"), *problem.values.shape)
    certificate = None if claim.get("certificate") is None else _certificate(claim.inner("certificate"))
    return problem, dataclasses.replace(solution, certificate=certificate)


def _certificate(given: Reader) -> Any:
    fields = dict(given.inner("fields").given)
    if "packs" in fields:
        fields["knapsacks"] = fields.pop("packs")
    return read_object(Reader({**given.given, "fields": fields}, given.path))


def read_sides(given: Any) -> Sides:
    """Return what the solution of a claim was asked with beside its problem.

    Raises
    ------
    FaultsError
        As :func:`read_claim`.
    """
    sides, found = Reader(given, "claim").inner("sides"), Sides()
    for name in sides.given.keys() - Sides.__optional_keys__:
        raise FaultsError([Fault("claim-word", field=f"claim.sides.{name}", params={"known": "upper, children"})])
    if "upper" in sides.given:
        found["upper"] = _problem(sides.inner("upper"))
    if "children" in sides.given:
        found["children"] = sides.array("children", (None,), least=0).astype(np.int64)
    return found


def _problem_json(problem: SitingProblem) -> dict[str, Any]:
    rules, capacity = problem.rules, problem.capacity
    return {
        "values": pack(np.where(problem.reachable, problem.values, -1).astype(np.int32), quickly=True),
        "weights": pack(problem.weights),
        **{name: getattr(problem, name).tolist() for name in ("demand_ids", "candidate_ids", "demand_townships")},
        **{name: pack(getattr(problem, name)) for name in ("opening_costs", "closing_costs")},
        "max_time_s": problem.max_time_s,
        "capacity": None if capacity is None else fields_json(capacity),
        "rules": {
            **{name: pack(getattr(rules, name)) for name in ("status", "township", "least", "most", "apart")},
            "townships": [str(name) for name in rules.townships],
            "separation_m": None if rules.separation_m is None else float(rules.separation_m),
        },
    }


def _problem(given: Reader) -> SitingProblem:
    values = given.array("values", (None, None), least=-1, most=UNREACHABLE)
    n, m = values.shape
    means: dict[str, Any] = {
        "demand_ids": given.names("demand_ids", n),
        "candidate_ids": given.names("candidate_ids", m),
        "demand_townships": given.names("demand_townships", n),
        "opening_costs": given.array("opening_costs", (m,)),
        "closing_costs": given.array("closing_costs", (m,)),
        "max_time_s": given.maybe_whole("max_time_s", least=0),
    }
    if given.get("capacity") is not None:
        room = given.inner("capacity")
        means |= {"loads": room.array("loads", (n,))}
        means |= {name: room.array(name, (m,)) for name in ("capacities", "minimum_loads")}
        means |= {name: room.array(name, (m,)) for name in ("included", "extension_costs") if name in room.given}
    problem = SitingProblem.from_arrays(values, given.array("weights", (n,)), **means)
    return dataclasses.replace(problem, rules=_rules(given.inner("rules"), m))


def _rules(given: Reader, m: int) -> Rules:
    townships = given.names("townships")
    count = len(townships)
    apart = given.array("apart", (None, 2), least=0, most=m - 1).astype(np.int64)
    separation = given.get("separation_m")
    if separation is not None and (type(separation) not in (int, float) or not 0 <= separation < np.inf):
        raise FaultsError([Fault("separation-wrong", field=f"{given.path}.separation_m", value=str(separation)[:80])])
    return Rules(
        given.array("status", (m,), least=0, most=len(STATUSES) - 1).astype(np.int8),
        given.array("township", (m,), least=NO_TOWNSHIP, most=count - 1).astype(np.int64),
        townships,
        given.array("least", (count,), least=0).astype(np.int64),
        given.array("most", (count,), least=0).astype(np.int64),
        apart,
        separation,
    )


def _solution_json(solution: Solution) -> dict[str, Any]:
    second = solution.second
    return {
        "model": solution.model,
        "options": as_json(solution.options),
        "status": solution.status,
        "sense": solution.sense,
        "objective_unit": solution.objective_unit,
        "objective": solution.objective,
        "bound": solution.bound,
        "proof": solution.proof,
        "opened": pack(solution.opened),
        "allocation": pack(solution.allocation),
        "solver": solution.solver,
        "reasons": [{"code": reason.code, "params": as_json(reason.params)} for reason in solution.reasons],
        "shares": None if solution.shares is None else pack(solution.shares),
        "second": None if second is None else {"opened": pack(second.opened), "allocation": pack(second.allocation)},
    }


def _solution(given: Reader, n: int, m: int) -> Solution:
    proof = None if given.get("proof") is None else given.word("proof", get_args(Proof))
    shares = None
    if given.get("shares") is not None:
        shares = given.array("shares", (None, 3), least=0).astype(np.int64)
        if (shares[:, 0] >= n).any() or (shares[:, 1] >= m).any():
            raise FaultsError([Fault("allocation-shape", field=f"{given.path}.shares")])
    second = None
    if given.get("second") is not None:
        second = Tier(*_sites(given.inner("second"), n, m))
    opened, allocation = _sites(given, n, m)
    return Solution(
        given.word("model"),
        from_json(given.inner("options").given),
        given.word("status", get_args(Status)),  # type: ignore[arg-type]
        given.word("sense", get_args(Sense)),  # type: ignore[arg-type]
        given.word("objective_unit"),
        given.maybe_whole("objective"),
        given.maybe_whole("bound"),
        proof,  # type: ignore[arg-type]
        opened,
        allocation,
        solver=given.word("solver"),
        reasons=_reasons(given),
        shares=shares,
        second=second,
    )


def _sites(given: Reader, n: int, m: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    opened = given.array("opened", (None,), least=0, most=m - 1).astype(np.int64)
    allocation = given.array("allocation", (None,), least=-1, most=m - 1).astype(np.int64)
    if len(allocation) not in (0, n):
        raise FaultsError([Fault("allocation-shape", field=f"{given.path}.allocation", value=str(len(allocation)))])
    return opened, allocation


def _reasons(given: Reader) -> tuple[Reason, ...]:
    readers = [Reader(one, f"{given.path}.reasons.{k}") for k, one in enumerate(given.items("reasons"))]
    return tuple(Reason(one.word("code"), from_json(one.inner("params").given)) for one in readers)
