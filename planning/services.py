"""The services a county sites, with defaults that a planner can change and sees the basis of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planning.candidates import Rule
from planning.population import Group


@dataclass(frozen=True, slots=True)
class Service:
    """One service and what it usually wants.

    Parameters
    ----------
    name
        Code, e.g. ``elder-centre``.
    model, p, limit_minutes, mode
        Defaults; ``p`` is ``None`` where the model finds the number itself.
    group
        Whom the weights count.
    candidates
        Rule that chooses the candidates, see :func:`planning.candidates.choose_candidates`.
    bases
        Default -> code of the sentence that says where it comes from (``planning.basis.<code>``).
    """

    name: str
    model: str
    p: int | None
    limit_minutes: int
    mode: str
    group: Group
    candidates: Rule
    bases: Mapping[str, str]


_ELDER_CENTRE = Service(
    "elder-centre",
    model="p-median",
    p=5,
    limit_minutes=30,
    mode="car",
    group="60+",
    candidates="thinned",
    bases={
        "model": "least-travel",
        "p": "five-centres",
        "limit_minutes": "assumption",
        "mode": "elders-are-driven",
        "group": "elders",
        "candidates": "thinned",
    },
)

_HUB = Service(
    "hub",
    model="lscp",
    p=None,
    limit_minutes=15,
    mode="e-bike",
    group="all",
    candidates="all",
    bases={
        "model": "everyone-within-limit",
        "limit_minutes": "fifteen-minute-circle",
        "mode": "e-bike-decides",
        "group": "everyone",
        "candidates": "all-points",
    },
)

_SERVICE_ROOM = Service(
    "service-room",
    model="p-median",
    p=102,
    limit_minutes=15,
    mode="e-bike",
    group="all",
    candidates="thinned",
    bases={
        "model": "least-travel",
        "p": "centre-villages",
        "limit_minutes": "fifteen-minute-circle",
        "mode": "e-bike-decides",
        "group": "everyone",
        "candidates": "thinned",
    },
)

SERVICES: Mapping[str, Service] = {service.name: service for service in (_ELDER_CENTRE, _HUB, _SERVICE_ROOM)}
