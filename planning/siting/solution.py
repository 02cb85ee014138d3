"""What a siting model answers: a plan, how good it is, and why one may believe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Status = Literal["optimal", "feasible", "infeasible", "interrupted"]
Sense = Literal["min", "max"]
Proof = Literal["certificate", "enumerated", "solver"]


class Reason(NamedTuple):
    """Why a result is what it is: a code of the message catalogue (``planning.reason.<code>``) and its figures."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Tier:
    """The upper tier of a plan with two tiers.

    Parameters
    ----------
    opened : (k,) int64
        Positions of the candidates where it stands, ascending.
    allocation : (n,) int64
        Candidate that serves each demand point of the upper tier, −1 where none can.
    """

    opened: NDArray[np.int64]
    allocation: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Solution:
    """A plan and its proof.

    Parameters
    ----------
    model
        Name in ``MODELS``, e.g. ``p-median``.
    options
        What the model was asked: ``p`` sites, ``limit_s`` seconds.
    status
        ``optimal``: nothing is better. ``feasible``: a plan, not proven best (time ran out).
        ``interrupted``: the same after a cancel, or nothing found before one. ``infeasible``: no
        plan exists, and `reasons` says why.
    sense, objective_unit
        Whether small or large is good, and of what: ``person-seconds``, ``sites``, ``people``.
    objective, bound
        Value of this plan, and the value that no plan can beat.
    proof
        ``certificate``: re-proved in exact integers. ``solver``: on the word of `solver`.
        ``enumerated``: all plans were tried. ``None``: not proven.
    opened : (k,) int64
        Positions of the opened candidates, ascending.
    allocation : (n,) int64
        Position of the candidate that serves each demand point, −1 where none can.
    certificate
        Multipliers behind the exact part of `bound`; kept also when a solver proved the rest. Its
        kind depends on the model: see :mod:`planning.siting.proof`.
    solver
        Name, version and tolerances of the solver that was asked, empty if none was.
    reasons
        Codes with figures; see :class:`Reason`.
    shares : (k, 3) int64, optional
        Where demand may be divided: demand point, candidate, load.
    second
        The upper tier, in a plan with two.
    """

    model: str
    options: Mapping[str, int]
    status: Status
    sense: Sense
    objective_unit: str
    objective: int | None = None
    bound: int | None = None
    proof: Proof | None = None
    opened: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    allocation: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    certificate: Any | None = None
    solver: str = ""
    reasons: tuple[Reason, ...] = ()
    shares: NDArray[np.int64] | None = None
    second: Tier | None = None

    @property
    def gap(self) -> float | None:
        """How far any plan could improve on this one: see :func:`relative_gap`."""
        return relative_gap(self.objective, self.bound)

    def because(
        self, reason: Reason, *, certificate: Any | None = None, by_solver: bool = False, solver: str = ""
    ) -> Solution:
        """Return this answer as infeasible for `reason`; without a certificate or a solver it is plain to see."""
        proof: Proof | None = "solver" if by_solver else "certificate" if certificate else "enumerated"
        return replace(
            self, status="infeasible", proof=proof, certificate=certificate, solver=solver, reasons=(reason,)
        )

    def unfinished(self, limit: Reason | None) -> Solution:
        """Return this answer as stopped before any plan was found."""
        return replace(self, status="interrupted", reasons=() if limit is None else (limit,))

    def found(
        self,
        *,
        opened: NDArray[np.int64],
        allocation: NDArray[np.int64],
        objective: int,
        bound: int,
        proof: Proof | None,
        certificate: Any | None,
        solver: str,
        limit: Reason | None,
    ) -> Solution:
        """Return this answer with a plan: optimal if proven, else feasible, or interrupted by a cancel."""
        cancelled = limit is not None and limit.code == "cancelled"
        return replace(
            self,
            status="optimal" if proof else "interrupted" if cancelled else "feasible",
            objective=objective,
            bound=bound,
            proof=proof,
            opened=opened,
            allocation=allocation,
            certificate=certificate,
            solver=solver,
            reasons=() if proof or limit is None else (limit,),
        )


def relative_gap(objective: int | None, bound: int | None) -> float | None:
    """Return ``|objective − bound| / max(1, |objective|)``: the only definition of a gap here.

    It is the share of this plan's own objective that a better plan could gain at most; 0 is
    optimal, ``None`` is unknown.
    """
    if objective is None or bound is None:
        return None
    return abs(objective - bound) / max(1, abs(objective))
