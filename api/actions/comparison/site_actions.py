"""What a scheme has built, extended, raised, closed and kept, site by site with names and yuan."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.comparison.schemes import SchemeAtHand
from api.actions.plan_measured import site_told
from planning.comparison.actions import actions_of


def actions_told(scheme: SchemeAtHand) -> list[dict[str, Any]]:
    """Return what becomes of every site that stands or is opened.

    Parameters
    ----------
    scheme

    Returns
    -------
    list of dict
        ``act`` (new, extend, upgrade, close or keep), ``site``, ``name``, ``township``, ``lon``, ``lat``, ``yuan`` (of
        the unit costs; the floor area of hubs is priced in the sum of the scheme only) and, of what stays or comes,
        ``floor_area_m2`` where it is known; ``year`` in which it opens or closes, where the plan was phased.
    """
    built, plan = scheme.built, scheme.plan
    row_of = {str(id_): row for row, id_ in enumerate(built.problem.candidate_ids)}
    sites = {row_of[site["id"]]: site for site in plan["facilities"]}
    opened = np.array(sorted(sites), np.int64)
    found = actions_of(built.problem, opened, _loads(scheme, sites), raised=_raised(scheme, sites))
    told = []
    for one in found:
        place = site_told(built.resolved.candidates, one.site)
        area = sites.get(one.site, {}).get("floor_area_m2")
        told.append(
            {
                "act": one.act,
                "site": place["id"],
                **{name: place[name] for name in ("name", "township", "lon", "lat")},
                "yuan": one.yuan,
                **({} if area is None else {"floor_area_m2": area}),
                **({"year": scheme.years[place["id"]]} if place["id"] in scheme.years else {}),
            }
        )
    return told


def _loads(scheme: SchemeAtHand, sites: dict[int, dict[str, Any]]) -> NDArray[np.int64]:
    loads = np.zeros(len(scheme.built.problem.candidate_ids), np.int64)
    for row, site in sites.items():
        loads[row] = site.get("load", 0)
    return loads


def _raised(scheme: SchemeAtHand, sites: dict[int, dict[str, Any]]) -> set[int]:
    """Return the sites that become centres of the upper tier, or are short of the standard of the service."""
    checked = (scheme.plan.get("standards") or {}).get("facilities", [])
    short = {one["id"] for one in checked if "short" in one["points"].values()}
    return {row for row, site in sites.items() if site.get("upper") or site["id"] in short}
