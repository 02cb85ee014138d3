"""A plan from the question to the proof: layers and matrix in, model, checks, measures, answer."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from geopandas import GeoDataFrame

from api.actions.open_county import OpenCounty
from api.actions.plan_view import view_plan
from gis.road_graph import island_of_nodes
from layers.matrices import content_key
from planning.candidates import Candidates, choose_candidates
from planning.hub_rooms import Room
from planning.population import Base, Weights, demand_weights
from planning.services import SERVICES
from planning.siting import MODELS, Progress, SitingProblem, Solution, verify

_EDITION = "1"  # raised when the same question would get another answer


@dataclasses.dataclass(frozen=True)
class PlanRequest:
    """What is asked of a plan; ``with_defaults`` fills in what the service usually wants.

    Parameters
    ----------
    service
        One of ``SERVICES``.
    model
        One of ``MODELS``.
    p
        Number of sites, for models that take one.
    limit_minutes
        Time limit of coverage: part of the question for LSCP and MCLP, of the measures always.
    mode, base
        Travel mode, population base.
    rooms
        Room table of a hub; the default table if not given.
    time_limit_s
        Seconds to solve; then the best so far counts.
    """

    service: str
    model: str | None = None
    p: int | None = None
    limit_minutes: float | None = None
    mode: str | None = None
    base: Base = "resident"
    rooms: tuple[Room, ...] | None = None
    time_limit_s: float = 60.0

    def with_defaults(self) -> PlanRequest:
        """Return the request with every default of its service filled in."""
        usual = SERVICES[self.service]
        model = self.model or usual.model
        return dataclasses.replace(
            self,
            model=model,
            p=(self.p or usual.p) if MODELS[model].needs_p else None,
            limit_minutes=self.limit_minutes or usual.limit_minutes,
            mode=self.mode or usual.mode,
        )

    @property
    def limit_s(self) -> int:
        """Time limit in whole seconds."""
        return round((self.limit_minutes or 0) * 60)


@dataclasses.dataclass(frozen=True, eq=False)
class Posed:
    """A request turned into a problem.

    Parameters
    ----------
    problem
    weights
        Who is counted, and on what basis.
    chosen
        Which rows of the demand are candidates, and by what rule.
    candidates
        Those rows.
    """

    problem: SitingProblem
    weights: Weights
    chosen: Candidates
    candidates: GeoDataFrame


def pose(at_hand: OpenCounty, request: PlanRequest) -> Posed:
    """Turn a request into a siting problem.

    Parameters
    ----------
    at_hand
    request
        With its defaults.

    Raises
    ------
    FaultsError
        If a layer or column that the service needs is missing.
    """
    usual = SERVICES[request.service]
    weights = demand_weights(at_hand.demand, base=request.base, group=usual.group)
    chosen = _candidates(at_hand, request, weights)
    candidates = at_hand.demand.iloc[chosen.indices]
    matrix = at_hand.times_to(candidates, mode=str(request.mode))
    return Posed(SitingProblem.from_matrix(matrix, weights.values), weights, chosen, candidates)


def make_plan(
    at_hand: OpenCounty,
    request: PlanRequest,
    *,
    stop: Callable[[], bool] = lambda: False,
    report: Callable[[dict[str, Any]], None] = lambda _progress: None,
) -> dict[str, Any]:
    """Compute a plan, check its claim and describe it.

    Parameters
    ----------
    at_hand
    request
        With its defaults.
    stop
        Asked often; true ends the search with the best so far.
    report
        Told the incumbent, bound and gap.

    Returns
    -------
    dict
        As the README's contract; an infeasible problem is a result with its reasons.

    Raises
    ------
    FaultsError
        If the request does not fit the county.
    RuntimeError
        If our own checker refuses the proof of our own solver.
    """
    kept = at_hand.cache / f"plan-{plan_id(at_hand, request)}.json"
    if kept.exists():
        known: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return known
    posed = pose(at_hand, request)
    solution = _solve(posed.problem, request, stop, report)
    faults = verify(posed.problem, solution)
    if faults:
        raise RuntimeError(f"the checker refuses the plan: {', '.join(fault.code for fault in faults)}")
    made = view_plan(at_hand, request, posed, solution)
    if solution.status in ("optimal", "infeasible"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return made


def plan_id(at_hand: OpenCounty, request: PlanRequest) -> str:
    """Return the name of a plan: the same county and question give the same name."""
    question = dataclasses.asdict(dataclasses.replace(request, time_limit_s=0.0))
    return content_key(_EDITION, at_hand.county.version, json.dumps(question, sort_keys=True))


def export_matrix(at_hand: OpenCounty, request: PlanRequest, out: Path) -> None:
    """Write exactly the matrix and weights that a plan is computed from.

    Parameters
    ----------
    at_hand
    request
        With its defaults.
    out
        A ``.npz`` with ``values`` (n, m) int32 seconds, −1 unreachable, ``origin_ids``,
        ``destination_ids``, ``weights``.
    """
    posed = pose(at_hand, request)
    matrix = at_hand.times_to(posed.candidates, mode=str(request.mode))
    with out.open("wb") as file:
        np.savez(
            file,
            values=matrix.exported,
            origin_ids=matrix.origin_ids.astype(str),
            destination_ids=matrix.destination_ids.astype(str),
            weights=posed.problem.weights,
        )


def _solve(
    problem: SitingProblem,
    request: PlanRequest,
    stop: Callable[[], bool],
    report: Callable[[dict[str, Any]], None],
) -> Solution:
    model = MODELS[str(request.model)]

    def tell(progress: Progress) -> None:
        report({"incumbent": progress.incumbent, "bound": progress.bound, "gap": progress.gap})

    asked = {"p": request.p, "limit_s": request.limit_s}
    options = {name: asked[name] for name in model.needs}
    return model.solve(problem, **options, stop=stop, report=tell, time_limit_s=request.time_limit_s)


def _candidates(at_hand: OpenCounty, request: PlanRequest, weights: Weights) -> Candidates:
    """Choose where the service may stand; only the p-median needs the candidates thinned."""
    network = at_hand.network(str(request.mode))
    island = island_of_nodes(network.tail[network.passable], network.head[network.passable])
    demand = at_hand.demand
    return choose_candidates(
        at_hand.demand_xy,
        weights.values,
        townships=demand["township_id"].to_numpy() if "township_id" in demand else np.zeros(len(demand)),
        components=island[network.tail[at_hand.snapped_demand(str(request.mode)).arc]],
        rule=SERVICES[request.service].candidates if request.model == "p-median" else "all",
        p=request.p or 1,
    )
