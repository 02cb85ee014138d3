"""Whether a claim has the form that the checker reads: types, sizes, names; nothing about its truth."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import numpy as np

from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.packing import LARGEST_WHOLE
from planning.siting.solution import Proof, Reason, Solution, Status, Tier


def form_faults(problem: SitingProblem, solution: Solution, carries: tuple[type[Any], ...]) -> Iterator[Fault]:
    """Yield a fault for every part of a solution that cannot be read.

    Parameters
    ----------
    problem
    solution
        As someone claims it: nothing about it is believed.
    carries
        Kinds of certificate that its model may come with.
    """
    m = problem.values.shape[1]
    options = solution.options
    fits = {
        "status": solution.status in get_args(Status) if isinstance(solution.status, str) else False,
        "proof": solution.proof is None or (isinstance(solution.proof, str) and solution.proof in get_args(Proof)),
        "solver": isinstance(solution.solver, str),
        "objective": solution.objective is None or _whole(solution.objective),
        "bound": solution.bound is None or _whole(solution.bound),
        "options": isinstance(options, Mapping) and all(_whole(value, yes=True) for value in options.values()),
        "opened": _column(solution.opened),
        "allocation": _column(solution.allocation) and _within(solution.allocation, -1, m),
        "shares": solution.shares is None or _array(solution.shares),
        "second": solution.second is None or _tier(solution.second, m),
        "reasons": isinstance(solution.reasons, tuple) and all(_reason(reason) for reason in solution.reasons),
        "certificate": solution.certificate is None or _certificate(solution, carries),
    }
    for field, right in fits.items():
        if not right:
            yield Fault("claim-malformed", field=field)


def _whole(value: object, *, yes: bool = False) -> bool:
    kinds = (int, np.integer) if yes or not isinstance(value, bool) else ()
    return isinstance(value, kinds) and abs(int(value)) <= LARGEST_WHOLE


def _array(value: object) -> bool:
    if not isinstance(value, np.ndarray):
        return False
    return value.dtype.kind == "i" and _within(value, -LARGEST_WHOLE, LARGEST_WHOLE + 1)


def _column(value: object) -> bool:
    return isinstance(value, np.ndarray) and _array(value) and value.ndim == 1


def _within(values: np.ndarray[Any, Any], low: int, beyond: int) -> bool:
    return values.size == 0 or low <= int(values.min()) <= int(values.max()) < beyond


def _tier(tier: object, m: int) -> bool:
    if not isinstance(tier, Tier) or not (_column(tier.opened) and _column(tier.allocation)):
        return False
    return _within(tier.opened, 0, m) and _within(tier.allocation, -1, m)


def _reason(reason: object) -> bool:
    return isinstance(reason, Reason) and isinstance(reason.code, str) and isinstance(reason.params, Mapping)


def _certificate(solution: Solution, carries: tuple[type[Any], ...]) -> bool:
    """Whether the certificate is one that the model carries, each field a whole number or an array of them."""
    return isinstance(solution.certificate, carries) and _fields(solution.certificate)


def _fields(certificate: Any) -> bool:
    for field in dataclasses.fields(certificate):
        value, kind = getattr(certificate, field.name), str(field.type)
        if kind == "bool":
            right = isinstance(value, bool)
        elif kind == "int":
            right = _whole(value)
        elif kind == "CoverCertificate | None":
            right = value is None or (isinstance(value, CoverCertificate) and _fields(value))
        else:
            right = _column(value) if len(field.metadata["sides"]) == 1 else _array(value)
        if not right:
            return False
    return True
