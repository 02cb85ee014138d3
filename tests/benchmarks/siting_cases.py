"""Questions with known answers (OR-Library, San Francisco) and seeded counties, as plain arrays."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay, KDTree

from gis.network import RoadNetwork
from gis.travel_modes import MODES
from gis.travel_time import travel_times
from layers.reconstruction.facts import read_facts
from planning.siting import SitingProblem

ORLIB = Path(__file__).parents[3] / "shared" / "bench" / "orlib"
SSCFLP, PMEDCAP = ORLIB.with_name("sscflp"), ORLIB.with_name("pmedcap")
SEATS = 12
_THROWS = 3
_CLASSES = ("secondary", "tertiary", "unclassified", "residential")

Arrays = tuple[NDArray[np.int32], NDArray[np.int64]]


def pmed(number: int) -> tuple[NDArray[np.int32], int]:
    """Return (n, n) shortest ways of an OR-Library graph and its p; the last of duplicate edges wins."""
    figures = np.loadtxt(ORLIB / f"pmed{number}.txt", dtype=np.int64, ndmin=2, max_rows=1)[0]
    edges = np.loadtxt(ORLIB / f"pmed{number}.txt", dtype=np.int64, skiprows=1)
    lengths = np.zeros((figures[0], figures[0]))
    for tail, head, length in edges:
        lengths[tail - 1, head - 1] = lengths[head - 1, tail - 1] = length
    return dijkstra(csr_array(lengths)).astype(np.int32), int(figures[2])


def published(kind: str) -> dict[int, int]:
    """Return the published optimum of every pmed; `kind` is ``pmedopt`` or ``pcenteropt``."""
    rows = (line.split() for line in (ORLIB / f"{kind}.txt").read_text().splitlines())
    return {int(row[0][4:]): int(row[-1]) for row in rows if row and row[0][4:].isdigit()}


def sscflp(number: int) -> dict[str, NDArray[np.int64]]:
    """Return a single-source question of Delmaire et al. (1999): costs, loads, capacities and opening costs."""
    figures = np.array((SSCFLP / f"p{number}").read_text().split(), np.float64).astype(np.int64)
    m, n = figures[:2]
    sizes, opening, loads, costs = np.split(figures[2:], np.cumsum([m, m, n]))
    return {"costs": costs.reshape(n, m), "loads": loads, "capacities": sizes, "opening_costs": opening}


def pmedcap(name: str) -> tuple[SitingProblem, int]:
    """Return a single-source question of Osman & Christofides (1994), as ``1_1``, and its p."""
    figures = np.array((PMEDCAP / f"pmedcap{name}.txt").read_text().split(), np.float64)
    n, p, room = figures[2:5].astype(int).tolist()
    points = figures[5 : 5 + 4 * n].reshape(n, 4)
    apart = points[:, None, 1:3] - points[None, :, 1:3]
    whole = np.hypot(apart[..., 0], apart[..., 1]).astype(np.int64)  # rounded down
    loads = points[:, 3].astype(np.int64)
    return SitingProblem.from_arrays(whole, np.ones(n, int), loads=loads, capacities=np.full(n, room)), p


def san_francisco_folder() -> Path | None:
    """Return the folder of the case inside the spopt package, or None where that is not installed."""
    spec = importlib.util.find_spec("spopt")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "tests" / "test_locate" / "data"


def san_francisco(folder: Path) -> Arrays:
    """Return millimetres by road from 205 census tracts to 16 stores, and the people of the tracts."""
    with (folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    tracts, stores = (sorted({row[column] for row in rows}) for column in ("DestinationName", "name"))
    millimetres = np.full((len(tracts), len(stores)), -1, np.int32)
    people = np.zeros(len(tracts), np.int64)
    for row in rows:
        tract = tracts.index(row["DestinationName"])
        millimetres[tract, stores.index(row["name"])] = round(float(row["distance"]) * 1000)
        people[tract] = int(row["demand"])
    return millimetres, people


def county(seed: int, *, mode: str = "car", n: int = 857) -> Arrays:
    """Return whole seconds among `n` villages in Linyi's outline, by road, and the people of each.

    A Gabriel graph of village roads (30 and 20 km/h for cars) that wind by 5 to 35 %, with faster
    roads (60 and 40 km/h) along the shortest ways between twelve towns.
    """
    rng = np.random.default_rng(seed)
    xy = throw_villages(rng, n)
    pairs = _gabriel_pairs(xy)
    length_m = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T) * rng.uniform(1.05, 1.35, len(pairs))
    kind = rng.choice([2, 3], len(pairs), p=[0.5, 0.5])
    _draw_main_roads(pairs, length_m, kind, seats=_seats(xy))
    speed = np.array([MODES[mode].speeds_kmh[name] for name in _CLASSES])[kind] / 3.6
    seconds = np.repeat(np.rint(length_m / speed).astype(np.int32), 2)
    tail, head = pairs.reshape(-1), pairs[:, ::-1].reshape(-1)
    network = RoadNetwork(tail, head, seconds, *xy.T, twin=(np.arange(tail.size) ^ 1).astype(np.int32))
    people = np.rint(rng.lognormal(6.0, 0.5, n)).astype(np.int64)
    people[_seats(xy)] *= 8
    nodes: NDArray[Any] = np.arange(n)
    return travel_times(network, nodes, nodes).seconds, people


def centres(seed: int, count: int = 102, *, n: int = 857) -> NDArray[np.int64]:
    """Return the villages that are candidates when not all are."""
    return np.sort(np.random.default_rng([seed, count]).choice(n, count, replace=False))


def plane(n: int, *, seed: int = 1) -> Arrays:
    """Return whole distances among `n` random points of a square of side 10,000, and weights of 1 to 99."""
    rng = np.random.default_rng(seed)
    xy, weights = rng.uniform(0, 10_000, (n, 2)), rng.integers(1, 100, n)
    distances = np.empty((n, n), np.int32)
    for begin in range(0, n, 500):
        apart = xy[begin : begin + 500, None, :] - xy[None, :, :]
        distances[begin : begin + 500] = np.hypot(apart[..., 0], apart[..., 1])
    return distances, weights


def throw_villages(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Return (n, 2) points in the outline, metres; each the loneliest of a few throws."""
    outline = read_facts().outline
    west, south, east, north = outline.bounds
    thrown = rng.uniform((west, south), (east, north), (8 * _THROWS * n, 2))
    inside = thrown[shapely.contains_xy(outline, thrown)][: _THROWS * n].reshape(n, _THROWS, 2)
    placed = inside[0, :1]
    for throws in inside[1:]:
        lonely = KDTree(placed).query(throws)[0]
        placed = np.vstack([placed, throws[lonely.argmax()]])
    return np.asarray(placed)


def _gabriel_pairs(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return neighbours with nobody in the circle between them; they join all places."""
    corners = Delaunay(xy).simplices
    pairs = np.unique(np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])), axis=0)
    middle, radius = xy[pairs].mean(axis=1), np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T) / 2
    return np.asarray(pairs[KDTree(xy).query(middle)[0] >= radius * (1 - 1e-9)], np.int64)


def _seats(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the towns: the first in the middle, each next one far from the others."""
    seats = [int(np.hypot(*(xy - xy.mean(axis=0)).T).argmin())]
    while len(seats) < SEATS:
        apart = KDTree(xy[seats]).query(xy)[0]
        seats.append(int(np.argsort(apart)[-len(xy) // 20]))
    return np.array(seats)


def _draw_main_roads(
    pairs: NDArray[np.int64], length_m: NDArray[np.float64], kind: NDArray[np.int64], *, seats: NDArray[np.int64]
) -> None:
    """Make the ways from every town to its three nearest fast, and those to the first town fastest."""
    n = int(pairs.max()) + 1
    number = {(int(a), int(b)): k for k, (a, b) in enumerate(pairs)}
    ways = csr_array((length_m, (pairs[:, 0], pairs[:, 1])), (n, n))
    far, before = dijkstra(ways, directed=False, indices=seats, return_predecessors=True)
    for of, row, back in zip(seats, far, before, strict=True):
        for to in {*seats[np.argsort(row[seats])[1:4]].tolist(), int(seats[0])} - {int(of)}:
            at = to
            while at != of:
                road = number[min(at, int(back[at])), max(at, int(back[at]))]
                kind[road] = min(kind[road], 0 if to == seats[0] else 1)
                at = int(back[at])
