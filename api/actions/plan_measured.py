"""What a solved plan means, all of it: figures of the problem alone, of each site, and of the county's own data."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.open_county import OpenCounty
from api.actions.plan_figures import figures_of, sites_of
from api.actions.posed import places_of
from planning.hub_rooms import DEFAULT_ROOMS, hub_program
from planning.measures.plan_measures import measure_in_county
from planning.measures.standards import standard_of
from planning.scenario.build import Built
from planning.scenario.candidates import Candidates
from planning.scenario.resolve import Resolved
from planning.siting import Solution


def measured(at_hand: OpenCounty, built: Built, solution: Solution) -> dict[str, Any]:
    """Return the figures of a plan that answers a question.

    Parameters
    ----------
    at_hand
    built
    solution

    Returns
    -------
    dict
        As :func:`api.actions.plan_figures.figures_of`, then ``facilities`` and the measures that take the county's
        own data; facilities that stand are held against their standard as they stand.
    """
    resolved = built.resolved
    question, service = resolved.question, at_hand.tables.services[resolved.question.service]
    sites = _facilities(at_hand, built, solution)
    in_county = measure_in_county(
        resolved.people,
        built.problem,
        solution,
        base=question.base,
        limit_s=question.limit_s,
        sites=sites,
        standing=[one for one in places_of(at_hand).facilities if one.kind in service.facility_kinds],
        standard=standard_of(service),
    )
    figures = figures_of(built.problem, solution, limit_s=question.limit_s, children=resolved.children)
    return {**figures, "facilities": sites, **in_county}


def site_told(candidates: Candidates, row: int) -> dict[str, Any]:
    """Return a candidate by id, name, township and degrees."""
    lon, lat = (round(degrees, 6) for degrees in candidates.lon_lat[row].tolist())  # numpy rounds some otherwise
    township = "" if candidates.townships is None else str(candidates.townships[row])
    told = {"id": str(candidates.ids[row]), "name": str(candidates.names[row]), "township": township or None}
    origin = str(candidates.origins[row])
    return {**told, "lon": lon, "lat": lat, **({} if origin == "place" else {"origin": origin})}


def _facilities(at_hand: OpenCounty, built: Built, solution: Solution) -> list[dict[str, Any]]:
    sites, service = [], at_hand.tables.services[built.resolved.question.service]
    for k, served in zip(solution.opened.tolist(), sites_of(built.problem, solution), strict=True):
        site = {**site_told(built.resolved.candidates, k), **served}
        if service.has_rooms:
            rows = np.flatnonzero(solution.allocation == k)
            site |= _program(built.resolved, rows)
        elif service.floor_area_m2 is not None:
            site["floor_area_m2"] = service.floor_area_m2
        sites.append(site)
    return sites


def _program(resolved: Resolved, rows: NDArray[np.intp]) -> dict[str, Any]:
    children = None if resolved.children is None else int(resolved.children[rows].sum())
    people = int(resolved.weights.values[rows].sum())
    program = hub_program(people, children=children, rooms=resolved.rooms or DEFAULT_ROOMS)
    return {
        "floor_area_m2": program.floor_area_m2,
        "rooms": [{"room": name, "area_m2": area} for name, area in program.rooms],
    }
