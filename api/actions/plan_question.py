"""What is asked of a plan, and the siting problem that it poses."""

from __future__ import annotations

import dataclasses

import numpy as np
from geopandas import GeoDataFrame

from api.actions.open_county import OpenCounty
from gis.road_graph import island_of_nodes
from planning.candidates import Candidates, choose_candidates
from planning.hub_rooms import Room
from planning.population import Base, Weights, demand_weights
from planning.services import SERVICES
from planning.siting import MODELS, SitingProblem


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
