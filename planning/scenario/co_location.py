"""Services that may have sites only where another one stands, such as a clinic in a hub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from gis.faults import Fault, Param
from planning.scenario.candidates import UNKNOWN, Candidates, Site
from planning.scenario.places import Facility
from planning.services import Service

AT_ONE_PLACE_M = 200
"""So near a facility is the same compound: a village's point is its middle, and its offices stand around it."""


def hosts_of(service: Service, services: Mapping[str, Service], facilities: Iterable[Facility]) -> list[Facility]:
    """Return what stands of the service that this one has to share its place with."""
    host = services.get(service.only_where)
    return [] if host is None else [one for one in facilities if one.kind in host.facility_kinds]


def sites_within(hosts: Iterable[Facility]) -> list[Site]:
    """Return a candidate in each facility that may take in the service, where nothing of it stands yet."""
    return [
        Site(
            one.id,
            one.name,
            xy=one.xy,
            lon_lat=one.lon_lat,
            township=one.township,
            stands=False,
            capacity=UNKNOWN,
        )
        for one in hosts
    ]


def keep_together(
    status: NDArray[np.object_],
    name: str,
    services: Mapping[str, Service],
    candidates: Candidates,
    hosts: Sequence[Facility],
) -> list[Fault]:
    """Exclude candidates away from the service that this one has to share its place with; what stands, stands.

    Parameters
    ----------
    status : (m,)
        What is said of each candidate; changed in place.
    name, services
        Of the service, and all that there are.
    candidates
    hosts
        From :func:`hosts_of`.

    Returns
    -------
    list of Fault
        ``unknown-service`` where there is no such service, ``stands-nowhere`` where nothing of it stands, and
        ``site-elsewhere`` for each place that is to have a site away from it.
    """
    service = services[name]
    if not service.only_where:
        return []
    if service.only_where not in services:
        params: dict[str, Param] = {"known": ", ".join(services), "closest": ""}
        return [Fault("unknown-service", field="only_where", value=service.only_where, params=params)]
    told = {f"where_{lang}": name for lang, name in services[service.only_where].names.items()}
    if not hosts:
        return [Fault("stands-nowhere", field="service", value=service.name, params=told)]
    is_away = _is_away(hosts, candidates)
    status[is_away & (status == "candidate")] = "excluded"
    wrong = np.flatnonzero(is_away & (status == "required")).tolist()
    params = {**told, "metres": AT_ONE_PLACE_M}
    return [Fault("site-elsewhere", field="status", value=str(candidates.names[row]), params=params) for row in wrong]


def away_from(hosts: Sequence[Facility], service: Service, candidates: Candidates, sites: Sequence[int]) -> list[int]:
    """Return those of some sites that are away from the service that theirs has to share its place with.

    Parameters
    ----------
    hosts
        From :func:`hosts_of`; where there are none, all that do not stand are away.
    service, candidates
    sites
        Rows of candidates.
    """
    if not service.only_where or not sites:
        return []
    is_away = _is_away(hosts, candidates) if hosts else ~candidates.stands
    return [row for row in sites if is_away[row]]


def _is_away(hosts: Sequence[Facility], candidates: Candidates) -> NDArray[np.bool_]:
    """Return (m,) whether each candidate is away from all hosts; what stands, stands."""
    distances, _ = KDTree([one.xy for one in hosts]).query(candidates.positions)
    return np.asarray((distances > AT_ONE_PLACE_M) & ~candidates.stands)
