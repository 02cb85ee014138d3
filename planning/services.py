"""The services a county sites, with defaults that a planner can change and sees the basis of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planning.groups import Group


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
    models
        Models made for this service alone, offered beside those that suit every service.
    load_per_mille
        What 1,000 people counted need of a site's capacity: beds, or the people themselves (1,000).
    opening_yuan, closing_yuan
        What a new site costs, and closing one that stands.
    included, extension_yuan
        Capacity that a site has for that money or as it stands, and what one more costs.
    bases
        Default -> code of the sentence that says where it comes from (``planning.basis.<code>``).
    """

    name: str
    model: str
    p: int | None
    limit_minutes: int
    mode: str
    group: Group
    models: tuple[str, ...]
    load_per_mille: int
    opening_yuan: int
    closing_yuan: int
    included: int
    extension_yuan: int
    bases: Mapping[str, str]


_ELDER_CENTRE = Service(
    "elder-centre",
    model="p-median",
    p=5,
    limit_minutes=30,
    mode="car",
    group="60+",
    models=(),
    load_per_mille=40,
    opening_yuan=38_310_000,
    closing_yuan=150_000,
    included=300,
    extension_yuan=101_000,
    bases={
        "model": "least-travel",
        "p": "five-centres",
        "limit_minutes": "assumption",
        "mode": "elders-are-driven",
        "group": "elders",
        "candidates": "all-points",
        "capacity": "beds-per-elders",
        "opening_yuan": "cost-of-300-beds",
        "extension_yuan": "cost-of-a-bed-more",
    },
)

_HUB = Service(
    "hub",
    model="lscp",
    p=None,
    limit_minutes=15,
    mode="e-bike",
    group="all",
    models=("hubs",),
    load_per_mille=1000,
    opening_yuan=1_300_000,
    closing_yuan=0,
    included=0,
    extension_yuan=0,
    bases={
        "model": "everyone-within-limit",
        "limit_minutes": "fifteen-minute-circle",
        "mode": "e-bike-decides",
        "group": "everyone",
        "candidates": "all-points",
        "capacity": "everyone-served",
        "opening_yuan": "cost-of-500-m2",
    },
)

_SERVICE_ROOM = Service(
    "service-room",
    model="p-median",
    p=102,
    limit_minutes=15,
    mode="e-bike",
    group="all",
    models=("two-tiers",),
    load_per_mille=1000,
    opening_yuan=72_000,
    closing_yuan=0,
    included=0,
    extension_yuan=0,
    bases={
        "model": "least-travel",
        "p": "centre-villages",
        "limit_minutes": "fifteen-minute-circle",
        "mode": "e-bike-decides",
        "group": "everyone",
        "candidates": "all-points",
        "capacity": "everyone-served",
        "opening_yuan": "cost-of-a-refit",
    },
)

_ALL = (_ELDER_CENTRE, _HUB, _SERVICE_ROOM)

OWN_MODELS: frozenset[str] = frozenset(name for service in _ALL for name in service.models)
"""Models that are offered for their own service only."""

SERVICES: Mapping[str, Service] = {service.name: service for service in _ALL}


def suits(service: Service, model: str) -> bool:
    """Whether a model answers a question that makes sense for a service."""
    return model not in OWN_MODELS or model in service.models
