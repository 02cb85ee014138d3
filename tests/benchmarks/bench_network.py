"""Network times beside networkx on a seeded county-sized network, in one run: CPU seconds and ratios.

Run with ``python -m tests.benchmarks.bench_network``.
"""

from __future__ import annotations

import time

import networkx as nx
import numpy as np

from gis.network import RoadNetwork
from gis.road_graph import to_networkx
from gis.travel_time import travel_times


def county_network(side: int = 147, *, seed: int = 1) -> RoadNetwork:
    """Return a jittered lattice of about 21,600 nodes with four speed classes."""
    rng = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()], axis=1),
            np.stack([node[:-1].ravel(), node[1:].ravel()], axis=1),
        ]
    )
    pairs = pairs[rng.random(len(pairs)) > 0.1]
    y, x = np.divmod(np.arange(side * side), side)
    xy = np.stack([x, y], axis=1) * 220.0 + rng.normal(0, 40, (side * side, 2))
    length_m = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    seconds = np.rint(length_m / rng.choice([5.0, 8.3, 11.1, 16.7], len(pairs))).astype(np.int32)
    tail, head = pairs.reshape(-1), pairs[:, ::-1].reshape(-1)
    twin = (np.arange(tail.size) ^ 1).astype(np.int32)
    return RoadNetwork(tail, head, np.repeat(seconds, 2), *xy.T, twin=twin)


def main() -> None:
    """Measure and print one table."""
    network = county_network()
    places = np.random.default_rng(2).choice(network.x.size, 857, replace=False)
    began = time.process_time()
    matrix = travel_times(network, places, places)
    ours_s = time.process_time() - began
    graph = to_networkx(network)
    sample = 10
    began = time.process_time()
    rows = [nx.single_source_dijkstra_path_length(graph, int(p), weight="seconds") for p in places[:sample]]
    theirs_s = (time.process_time() - began) * len(places) / sample
    wrong = sum(matrix.values[i, j] != rows[i].get(int(q), np.inf) for i in range(sample) for j, q in enumerate(places))
    print(f"{'857 × 857 on ' + str(network.x.size) + ' nodes':<40}{'CPU s':>10}{'ratio':>8}")
    print(f"{'CountyGrid (scipy dijkstra)':<40}{ours_s:>10.2f}{1:>8.1f}")
    print(f"{'networkx (from ' + str(sample) + ' sources)':<40}{theirs_s:>10.2f}{theirs_s / ours_s:>8.1f}")
    print(f"cells that differ in {sample} rows: {wrong}")


if __name__ == "__main__":
    main()
