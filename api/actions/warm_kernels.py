"""Compile every numerical kernel once, so that no visitor waits for it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

import numba
import numpy as np

import gis
import planning
from gis.network import RoadNetwork
from gis.route import route
from gis.snapping import snap
from gis.travel_time import nearest, travel_times, within
from layers.matrices import content_key
from planning.siting import SitingProblem, mclp, p_center, p_median
from planning.siting.engine.capped.search import warm_capped
from planning.siting.engine.cover.exchange import warm_cover_exchange
from planning.siting.engine.cover.local_cuts import warm_local_cuts
from planning.siting.engine.cover.swaps import warm_swaps
from planning.siting.engine.hubs.kernels import warm_hub_kernels
from planning.siting.engine.tiers.kernels import warm_tier_kernels
from planning.siting.models.capacitated import warm_capacitated
from planning.siting.study.alternatives import warm_alternatives
from planning.siting.study.exchanges import warm_exchanges

_AT_ONCE = 2


def warm_kernels(*, on_progress: Callable[[int, int], None]) -> None:
    """Compile what is not compiled yet; two kernels at a time, the slowest first.

    Parameters
    ----------
    on_progress
        Told after each group of kernels how many of how many are done.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_AT_ONCE, mp_context=context) as pool:
        compiling = [pool.submit(_warm, name) for name in KERNELS]
        for done, group in enumerate(as_completed(compiling), start=1):
            group.result()
            on_progress(done, len(compiling))


def kernels_key() -> str:
    """Return a name for the kernels as they are: changed sources or another compiler give another name."""
    sources = [path for room in (gis, planning) for path in sorted(Path(str(room.__file__)).parent.rglob("*.py"))]
    return content_key(numba.__version__, *(path.read_bytes() for path in sources))


def _warm_sites() -> None:
    """Solve a small case of each model without a warm-up of its own."""
    places = np.random.default_rng(0).uniform(0, 30_000, (40, 2))
    times = np.rint(np.hypot(*(places[:, None] - places).transpose(2, 0, 1)) / 8)
    problem = SitingProblem.from_arrays(times, np.arange(40) % 7 + 1)
    p_median(problem, p=4)
    nearest = p_center(problem, p=6)
    p_median(replace(problem, max_time_s=nearest.objective), p=6)
    mclp(problem, p=4, limit_s=600)


def _warm_network() -> None:
    """Ask every question about travel times once, on a ladder of roads."""
    side = np.arange(12, dtype=np.int32)
    tail, head = np.concatenate([side, side[:-2]]), np.concatenate([(side + 1) % 12, side[2:]])
    arcs = np.concatenate([tail, head]), np.concatenate([head, tail])
    twin = (np.arange(len(arcs[0])) + len(tail)) % len(arcs[0])
    seconds = np.full(len(arcs[0]), 60, np.int32)
    x, y = np.arange(12.0) * 100.0, np.arange(12.0) % 3 * 80.0
    network = RoadNetwork(*arcs, seconds, x, y, twin=twin.astype(np.int32))
    places = snap(network, np.array([[130.0, 20.0], [770.0, 50.0]]))
    travel_times(network, places, places)
    nearest(network, places, origins=places)
    within(network, places, cutoff_s=100)
    route(network, places.take(np.array([0])), places.take(np.array([1])))


KERNELS: Mapping[str, Callable[[], None]] = {
    "alternatives": warm_alternatives,
    "capacity": warm_capacitated,
    "capped": warm_capped,
    "tiers": warm_tier_kernels,
    "sites": _warm_sites,
    "network": _warm_network,
    "cover": warm_cover_exchange,
    "cuts": warm_local_cuts,
    "swaps": warm_swaps,
    "hubs": warm_hub_kernels,
    "exchanges": warm_exchanges,
}
"""What is compiled, the slowest first."""


def _warm(name: str) -> None:
    KERNELS[name]()
