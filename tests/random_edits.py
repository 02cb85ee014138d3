"""Random lists of edits on a county, of every kind and in any order; what contradicts is taken out again."""

from __future__ import annotations

import numpy as np

from gis.faults import FaultsError
from planning.scenario.edits import (
    Adopted,
    AdoptedSite,
    Counted,
    Flooded,
    NewCandidate,
    PlacePeople,
    RoadBuilt,
    RoadClosed,
    RoadSlowed,
    RoadSpeed,
    SiteCapacity,
    SiteStatus,
    Standard,
)

CLASSES = ("tertiary", "residential")


class Draws:
    """Draws edits of a county.

    Parameters
    ----------
    rng
    lon_lat
        Kilometres east and north -> degrees.
    places, facilities, roads
        Ids and names that edits may call.
    mode
    """

    def __init__(self, rng, lon_lat, *, places, facilities, roads, mode):
        self.rng, self.lon_lat, self.mode = rng, lon_lat, mode
        self.places, self.facilities, self.roads = places, facilities, roads

    def edits(self):
        """Up to a dozen of any kinds."""
        makers = (
            self.status, self.candidate, self.capacity, self.counted, self.people, self.speed, self.closed,
            self.slowed, self.built, self.flooded, self.standard, self.adopted,
        )  # fmt: skip
        return [self.one(makers)() for _ in range(int(self.rng.integers(1, 13)))]

    def one(self, things):
        return things[int(self.rng.integers(len(things)))]

    def position(self, *, step=None):
        x, y = self.rng.uniform(-0.3, 4.3), self.rng.uniform(-0.3, 3.3)
        return self.lon_lat(round(x), round(y)) if step else self.lon_lat(x, y)

    def maybe(self, value):
        return value if self.rng.random() < 0.5 else None

    def status(self):
        return SiteStatus(self.one([*self.places, "F4"]), self.one(("existing", "closable", "required", "excluded")))

    def candidate(self):
        return NewCandidate(f"新点{self.rng.integers(5)}", self.position(), self.maybe(int(self.rng.integers(20, 400))))

    def capacity(self):
        return SiteCapacity(self.one([*self.places, "F4"]), int(self.rng.integers(10, 500)))

    def counted(self):
        made = Counted(self.maybe("registered"), self.maybe(self.one(("65+", "80+", "5-14", "all"))), self.maybe(2030))
        return made if (made.base, made.group, made.year) != (None, None, None) else Counted(year=2035)

    def people(self):
        return PlacePeople(self.one(self.places), int(self.rng.integers(0, 900)))

    def speed(self):
        return RoadSpeed(self.one(CLASSES), self.mode, float(self.rng.choice([0, 5, 12, 33.3, 50])))

    def closed(self):
        return RoadClosed(self.one(self.roads))

    def slowed(self):
        return RoadSlowed(self.one(self.roads), float(self.rng.choice([0.5, 1.7, 3, 40])))

    def built(self):
        return RoadBuilt("新路", self.position(), self.position(), float(self.rng.choice([3, 20, 60, 120])))

    def flooded(self):
        x, y, r = self.rng.uniform(0, 4), self.rng.uniform(0, 3), self.rng.uniform(0.05, 0.8)
        corners = [(x - r, y - r), (x + r, y - r / 2), (x + r / 3, y + r)]
        return Flooded("积水", tuple(self.lon_lat(*one) for one in corners), self.one(("open", "closed")))

    def standard(self):
        return Standard(self.maybe(17.5) or 22.0, self.maybe(float(self.rng.integers(20, 90))))

    def adopted(self):
        known = [AdoptedSite(self.one(self.places), capacity=self.maybe(77)), AdoptedSite(self.one(self.facilities))]
        own = AdoptedSite("A1", "采用点", self.position(), self.maybe(55))
        return Adopted(self.one(("elder-centre", "hub")), (self.one(known), own))


def without_contradictions(edits, resolve):
    """Return the edits that remain when each that is told to contradict is taken out, and what they resolve to."""
    edits = list(edits)
    while True:
        try:
            return edits, resolve(tuple(edits))
        except FaultsError as error:
            wrong = {fault.row for fault in error.faults} - {None}
            if not wrong:
                raise
            edits = [edit for number, edit in enumerate(edits, 1) if number not in wrong]


def shuffled(rng: np.random.Generator, edits):
    return tuple(edits[k] for k in rng.permutation(len(edits)))
