"""A scenario's matrix and weights said a second time: edits applied to the stored arrays by plain loops."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import numpy as np
import shapely
from road_oracle import stretch_of

from gis.cost_matrix import CLOSED_MS
from gis.network import RoadNetwork
from gis.road_network import network_from_roads
from gis.travel_modes import MODES
from planning.scenario import edits as kinds

CLOSED = CLOSED_MS
COLUMN = {"60+": "age_60_plus", "65+": "age_65_plus", "80+": "age_80_plus", "5-14": "age_5_14"}
SURVIVE = dict(zip(range(45, 85, 5), (0.986, 0.979, 0.967, 0.949, 0.917, 0.859, 0.765, 0.51), strict=True))


def of(edits, kind):
    return [edit for edit in edits if isinstance(edit, kind)]


def edited_arcs(network: RoadNetwork, roads, edits, metres_of, mode):
    """(tail, head, ms) lists of all arcs after the edits; arcs 2 k and 2 k + 1 are piece k there and back."""
    names = roads["name"].fillna("").astype(str).tolist()
    classes = [str(name).removesuffix("_link") for name in roads["road_class"]]
    tail, head, ms = network.tail.tolist(), network.head.tolist(), network.milliseconds.astype(int).tolist()
    speeds = {edit.target: edit.speed_kmh for edit in of(edits, kinds.RoadSpeed)}
    if speeds:  # as a county whose roads are driven so from the first
        usual = MODES[mode]
        other = network_from_roads(roads, mode=replace(usual, speeds_kmh=usual.speeds_kmh | speeds))
        for arc in range(2 * len(roads)):
            if classes[arc // 2] in speeds and ms[arc] < CLOSED:
                ms[arc] = int(other.milliseconds[arc])
    for piece in range(len(roads)):
        called = (str(roads.index[piece]), names[piece])
        for arc in (2 * piece, 2 * piece + 1):
            for edit in of(edits, kinds.RoadSlowed):
                if edit.target in called and ms[arc] < CLOSED:
                    ms[arc] = round(ms[arc] * edit.factor)
            closed = any(edit.target in called for edit in of(edits, kinds.RoadClosed))
            if closed or any(is_flooded(edit, roads, piece, metres_of) for edit in of(edits, kinds.Flooded)):
                ms[arc] = CLOSED
    fastest = max(MODES[mode].speeds_kmh.values())
    for edit in of(edits, kinds.RoadBuilt):
        one, other = (nearest_node(network, metres_of(end)) for end in (edit.start, edit.end))
        metres = float(np.hypot(network.x[one] - network.x[other], network.y[one] - network.y[other]))
        tail, head = [*tail, one, other], [*head, other, one]
        ms = [*ms, *[round(metres * 3600 / min(edit.speed_kmh, fastest))] * 2]
    return tail, head, ms


def is_flooded(edit, roads, piece, metres_of):
    area = shapely.Polygon([metres_of(corner) for corner in edit.area])
    stays = edit.bridges == "open" and bool(roads["bridge"].iloc[piece])
    return not stays and roads.geometry.iloc[piece].intersects(area)


def nearest_node(network, xy):
    return min(range(network.x.size), key=lambda v: (network.x[v] - xy[0]) ** 2 + (network.y[v] - xy[1]) ** 2)


class Ways:
    """Door-to-door seconds over edited arcs, places where they joined the county as it is built."""

    def __init__(self, arcs, pieces, roads, walk_kmh):
        self.tail, self.head, self.ms = arcs
        self.pieces, self.walk_kmh = pieces, walk_kmh
        self.out = defaultdict(list)
        for tail, head, ms in zip(*arcs, strict=True):
            if ms < CLOSED:
                self.out[tail].append((head, ms))
        self.stretch = stretch_of(roads)
        self.at = defaultdict(set)
        for piece, (u, v) in enumerate(zip(roads["u"], roads["v"], strict=True)):
            self.at[int(u)].add(self.stretch[piece])
            self.at[int(v)].add(self.stretch[piece])

    def doors(self, place, *, leaving):
        """(node, ms) by which a place (arc, fraction, walk ms, xy) is left or reached."""
        arc, fraction, walk, _ = place
        if fraction in (0.0, 1.0):
            return [(self.tail[arc] if fraction == 0.0 else self.head[arc], walk)]
        found = []
        for one, behind in ((arc, fraction), (arc ^ 1, 1.0 - fraction)):
            if self.ms[one] < CLOSED:
                done = round(behind * self.ms[one])
                node, ms = (self.head[one], self.ms[one] - done) if leaving else (self.tail[one], done)
                found.append((node, ms + walk))
        return found

    def beside(self, place):
        arc, fraction, _, _ = place
        if fraction in (0.0, 1.0):
            return self.at[self.tail[arc] if fraction == 0.0 else self.head[arc]]
        return {self.stretch[arc // 2]}

    def straight(self, one, other):
        """Milliseconds between two places beside the same road, none if they are not."""
        found = []
        if self.beside(one) & self.beside(other):
            found.append(round(float(np.hypot(*(one[3] - other[3]))) * 3600.0 / self.walk_kmh))
        if one[0] // 2 == other[0] // 2:
            for arc in (one[0], one[0] ^ 1):
                begin, end = (p[1] if p[0] == arc else 1.0 - p[1] for p in (one, other))
                if self.ms[arc] < CLOSED and end >= begin:
                    found.append(round(end * self.ms[arc]) - round(begin * self.ms[arc]) + one[2] + other[2])
        return found

    def seconds(self, origins, destinations):
        """(n, m) whole seconds, −1 where there is no way."""
        found = np.full((len(origins), len(destinations)), -1, np.int64)
        for i, one in enumerate(origins):
            reached = self.reached(self.doors(one, leaving=True))
            for j, other in enumerate(destinations):
                ways = [reached[v] + ms for v, ms in self.doors(other, leaving=False) if v in reached]
                ways += self.straight(one, other)
                if ways:
                    found[i, j] = (min(ways) + 500) // 1000
        return found

    def reached(self, starts):
        done, heap = {}, [(ms, node) for node, ms in starts]
        heapq.heapify(heap)
        while heap:
            so_far, node = heapq.heappop(heap)
            if node not in done:
                done[node] = so_far
                for head, ms in self.out[node]:
                    heapq.heappush(heap, (so_far + ms, head))
        return done


def people_counted(units, edits, *, base, group):
    """People at each place, as the edits count them."""
    for edit in of(edits, kinds.Counted):
        base, group = edit.base or base, edit.group or group
        if edit.year:
            units = older(units, edit.year)
    everyone = units[base].tolist()
    if group == "all":
        counted = everyone
    elif base == "resident":
        counted = units[COLUMN[group]].tolist()
    else:
        band, resident = units[COLUMN[group]].tolist(), units["resident"].tolist()
        parts = [Fraction(b * r, n) if n else Fraction(0) for b, r, n in zip(band, everyone, resident, strict=True)]
        counted = shared(parts, int(Fraction(sum(band) * sum(everyone), sum(resident)) + Fraction(1, 2)))
    counted = dict(zip(units.index.astype(str), counted, strict=True))
    for edit in of(edits, kinds.PlacePeople):
        row = edit.target if edit.target in counted else str(units.index[units["name"] == edit.target][0])
        counted[row] = edit.people
    return list(counted.values())


def shared(parts, total):
    exact = [part * total / sum(parts) if sum(parts) else Fraction(0) for part in parts]
    found = [int(one) for one in exact]
    for row in sorted(range(len(parts)), key=lambda k: found[k] - exact[k])[: total - sum(found) if sum(parts) else 0]:
        found[row] += 1
    return found


def older(units, year):
    """The same places with the elders of a later year, each cohort followed on its own."""
    made, bands = units.copy(), {60: [], 65: [], 80: []}
    for _, one in units.iterrows():
        working = max(0.0, one["resident"] - one["age_60_plus"] - 1.444 * one["age_5_14"])
        middle = one["age_65_plus"] - one["age_80_plus"]
        cohorts = {45: 0.1277 * working, 50: 0.1355 * working, 55: 0.1134 * working}
        cohorts |= {60: float(one["age_60_plus"] - one["age_65_plus"]), 65: 0.478 * middle, 70: 0.32 * middle}
        cohorts |= {75: 0.202 * middle, 80: float(one["age_80_plus"])}
        then = dict.fromkeys((60, 65, 80), 0.0)
        for age, people in cohorts.items():
            alive, now = people, age
            for _step in range((year - 2020) // 5):
                alive, now = alive * SURVIVE[now], min(now + 5, 80)
            if now >= 60:
                then[80 if now >= 80 else 65 if now >= 65 else 60] += alive
        for band, people in then.items():
            bands[band].append(people)
    counts = {band: np.array(shared([Fraction(p) for p in each], int(sum(each) + 0.5))) for band, each in bands.items()}
    made["age_80_plus"], made["age_65_plus"] = counts[80], counts[80] + counts[65]
    made["age_60_plus"] = counts[80] + counts[65] + counts[60]
    return made
