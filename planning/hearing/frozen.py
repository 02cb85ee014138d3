"""A frozen version: what a publication says, as a file whose content, and so whose hash, never changes.

``form`` 1 holds ``title``, ``text``, ``slug``, ``at``, ``closes_at``; ``county`` with the origin of each layer and
what of it is reconstructed; ``program``; ``service``; the ``schemes``, today first, with sites and measures;
``measures`` with names and definitions in both languages; ``differences`` of each scheme to today with its losers;
``places``, columns of one length: ``ids``, ``names``, ``townships``, ``lon``, ``lat``, ``people``, and by scheme
``seconds`` and ``sites`` (which site serves, by its place in the scheme's list; null where none does).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORM = 1
TODAY = "0"
"""Key of the scheme that says how it is today; the one that is published is the next."""
_METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371 km; within a county no distance is wrong by more than some thousandths."""


def written(body: Mapping[str, Any]) -> bytes:
    """Return a frozen version as the content of its file: the same body is the same file."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Minutes:
    """How long a place takes in a scheme, and to which site.

    Parameters
    ----------
    seconds
        ``None`` where nothing serves it.
    site
        Name; "" where nothing serves it.
    """

    seconds: int | None
    site: str


@dataclass(frozen=True)
class FrozenPlace:
    """A place of a frozen version.

    Parameters
    ----------
    id, name
    township
        "" where it has none.
    lon, lat
        Degrees.
    people
    schemes
        By the scheme's key, today's first.
    """

    id: str
    name: str
    township: str
    lon: float
    lat: float
    people: int
    schemes: Mapping[str, Minutes]


@dataclass(frozen=True, eq=False)
class Frozen:
    """A frozen version that is read.

    Parameters
    ----------
    body
    """

    body: Mapping[str, Any]

    @cached_property
    def scheme(self) -> str:
        """Key of the scheme that is published."""
        return str(self._published["key"])

    @cached_property
    def question(self) -> Mapping[str, Any]:
        """What the scheme that is published was asked."""
        return dict(self._published.get("question") or {})

    @cached_property
    def _published(self) -> Mapping[str, Any]:
        return next(one for one in self.body["schemes"] if one["key"] != TODAY)

    @cached_property
    def places(self) -> tuple[FrozenPlace, ...]:
        """The places."""
        told = self.body["places"]
        by_scheme = {key: self._minutes(key) for key in told["seconds"]}
        columns = ("ids", "names", "townships", "lon", "lat", "people")
        rows = zip(*(told[name] for name in columns), strict=True)
        return tuple(
            FrozenPlace(id_, name, township or "", lon, lat, people, {key: by_scheme[key][k] for key in by_scheme})
            for k, (id_, name, township, lon, lat, people) in enumerate(rows)
        )

    @cached_property
    def place_of(self) -> Mapping[str, FrozenPlace]:
        """Place by its id."""
        return {one.id: one for one in self.places}

    @cached_property
    def sites(self) -> Mapping[str, Mapping[str, Any]]:
        """Site by its id: of the scheme that is published, then of all others."""
        schemes = sorted(self.body["schemes"], key=lambda one: one["key"] != self.scheme)
        found: dict[str, Mapping[str, Any]] = {}
        for scheme in schemes:
            for site in scheme["sites"]:
                found.setdefault(str(site["id"]), site)
        return found

    @cached_property
    def figures(self) -> frozenset[str]:
        """Codes of the measures."""
        return frozenset(str(one["code"]) for one in self.body["measures"])

    def nearest(self, lon: float, lat: float, *, most: int) -> list[tuple[FrozenPlace, float]]:
        """Return the places nearest to a position with their distances in metres, the nearest first."""
        metres = np.hypot(*((self._lon_lat - (lon, lat)) * _METRES_PER_DEGREE * (np.cos(np.radians(lat)), 1.0)).T)
        order = np.argsort(metres, kind="stable")[:most]
        return [(self.places[k], float(metres[k])) for k in order.tolist()]

    @cached_property
    def _lon_lat(self) -> NDArray[np.float64]:
        return np.column_stack([self.body["places"]["lon"], self.body["places"]["lat"]]).astype(np.float64)

    def _minutes(self, key: str) -> list[Minutes]:
        told = self.body["places"]
        names = [
            str(one["name"] or one["id"]) for one in next(s for s in self.body["schemes"] if s["key"] == key)["sites"]
        ]
        pairs = zip(told["seconds"][key], told["sites"][key], strict=True)
        return [Minutes(seconds, "" if site is None else names[site]) for seconds, site in pairs]


def read_frozen(content: bytes) -> Frozen:
    """Return a frozen version from its file.

    Raises
    ------
    ValueError
        If it is none of a form that this program knows.
    """
    body = json.loads(content)
    if not isinstance(body, dict) or body.get("form") != FORM:
        raise ValueError("not a frozen version of a known form")
    return Frozen(body)
