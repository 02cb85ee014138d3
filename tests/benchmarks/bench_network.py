"""Travel times beside scipy and networkx, and beside RoutingKit, igraph and pandana where they are installed.

Run by ``make bench-network``; ``python -m tests.benchmarks.bench_network county region`` runs only those
parts. ``--beside COMMIT`` measures the code at hand beside an earlier version instead, county and region or the
parts named. Each part replaces its own section of ``network.md``. Every engine answers from the same arrays in
the same run, and a sample of every matrix is compared cell by cell.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
from scipy.sparse.csgraph import dijkstra

from gis.edits import close_roads
from gis.network import RoadNetwork
from gis.route import route
from gis.travel_time import nearest, travel_times, within
from tests.benchmarks import network_peers as peers
from tests.benchmarks.network_cases import Case, default_county, seeded
from tests.benchmarks.network_table import Row, write_section
from tests.benchmarks.network_versions import ROUNDS, compare

CUTOFF_S = 900
ROUTES = 200


def cpu(work: Callable[[], Any], *, times: int = 1) -> tuple[float, Any]:
    """Return the least CPU seconds of a few runs, and the last result."""
    best, result = np.inf, None
    for _ in range(times):
        begun = time.process_time()
        result = work()
        best = min(best, time.process_time() - begun)
    return best, result


def matrix_rows(case: Case, ask: Callable[[], Any], question: str, engines: list[str], *, times: int) -> list[Row]:
    """Measure the whole matrix with us and with every engine, the slow ones from a sample of sources."""
    ours_s, ours = cpu(ask, times=times)
    rows = [Row(question, "CountyGrid", ours_s)]
    for name in engines:
        made = getattr(peers, f"{name}_matrix")(case.network)
        engine = made[0] if isinstance(made, tuple) else made
        sample = min(peers.SAMPLED.get(name, len(case.places)), len(case.places))
        sources = case.places[:sample]
        seconds, found = cpu(lambda engine=engine, sources=sources: engine(sources, case.places))
        checked = min(sample, 50)
        wrong = int((found[:checked] != ours.values[:checked]).sum())
        scale = len(case.places) / sample
        note = "" if sample == len(case.places) else f"from {sample} sources"
        rows.append(Row(question, name, seconds * scale, ours_s, note, wrong))
    return rows


def first_matrix(case: Case) -> Row:
    """From the table of roads, nothing kept."""

    n, moved = case.network, iter(range(1, 100))

    def work() -> None:
        x = n.x + next(moved)  # elsewhere: content that nothing is kept of
        travel_times(RoadNetwork(n.tail, n.head, n.seconds, x, n.y), case.places, case.places)

    return Row("first matrix from the table of roads, nothing kept", "CountyGrid", cpu(work, times=2)[0])


def edit_rows(case: Case) -> list[Row]:
    """Close a road, build one; each time the whole matrix and who is within a quarter of an hour of a facility."""
    n, arcs = case.network, iter(range(0, case.network.tail.size, 97))

    def covered(network: RoadNetwork) -> int:
        travel_times(network, case.places, case.places)
        return int((nearest(network, case.facilities, origins=case.places)[0] <= CUTOFF_S).sum())

    def build() -> int:
        one, other = case.places[next(arcs) % len(case.places)], case.places[next(arcs) % len(case.places)]
        return covered(n.edit(added=[(one, other, 30), (other, one, 30)]))

    close_s, _ = cpu(lambda: covered(close_roads(n, [next(arcs)])), times=4)
    build_s, _ = cpu(build, times=4)
    return [
        Row("close a road: new matrix and coverage", "CountyGrid", close_s),
        Row("build a road: new matrix and coverage", "CountyGrid", build_s),
    ]


def nearest_rows(case: Case, *, k: int) -> list[Row]:
    """The nearest facilities of every place; scipy knows only the nearest one."""
    n = case.network
    ours_s, ours = cpu(lambda: nearest(n, case.facilities, k=1), times=3)
    graph = peers.as_csr(n).T.tocsr()
    scipy_s, theirs = cpu(lambda: dijkstra(graph, indices=case.facilities, min_only=True), times=2)
    wrong = int((theirs != ours[0][:, 0]).sum())
    many_s, _ = cpu(lambda: nearest(n, case.facilities, k=k, origins=case.places), times=2)
    question = f"nearest of {len(case.facilities):,}, for every node"
    return [
        Row(question, "CountyGrid", ours_s),
        Row(question, "scipy", scipy_s, ours_s, "", wrong),
        Row(f"nearest {k} of {len(case.facilities):,}, for {len(case.places):,} places", "CountyGrid", many_s),
    ]


def reach_rows(case: Case, *, sources: int = 200) -> list[Row]:
    """Who is within a quarter of an hour of one place."""
    n, begin = case.network, case.places[:sources]
    within(n, begin[:1], cutoff_s=CUTOFF_S)
    ours_s, found = cpu(lambda: [within(n, begin[i : i + 1], cutoff_s=CUTOFF_S) for i in range(len(begin))])
    settled = sum(len(node) for node, _ in found)
    graph, few = peers.as_csr(n), min(len(begin), 10)
    scipy_s, theirs = cpu(lambda: [dijkstra(graph, indices=v, limit=CUTOFF_S) for v in begin[:few]])
    wrong = sum(int((row[node] != s).sum()) for row, (node, s) in zip(theirs, found, strict=False))
    question = f"within {CUTOFF_S} s of one place ({settled // len(begin):,} nodes)"
    ours = Row(question, "CountyGrid", ours_s / len(begin), note=f"{ours_s / settled * 1e6:.3f} µs a node")
    return [ours, Row(question, "scipy", scipy_s / few, ours.cpu_s, "", wrong)]


def route_rows(case: Case, engines: list[str]) -> list[Row]:
    """One way with its course."""
    n = case.network
    ends = np.random.default_rng(5).choice(n.x.size, (ROUTES, 2))
    route(n, ends[0, :1], ends[0, 1:])
    ours_s, ways = cpu(lambda: [route(n, pair[:1], pair[1:]) for pair in ends])
    rows = [Row("one route with its course", "CountyGrid", ours_s / ROUTES)]
    graph = peers.as_csr(n)
    few = 5
    scipy_s, _ = cpu(lambda: [dijkstra(graph, indices=a, return_predecessors=True) for a, _ in ends[:few]])
    rows.append(Row("one route with its course", "scipy", scipy_s / few, rows[0].cpu_s))
    if "networkx" in engines:
        directed = peers.as_networkx(n)
        seconds, found = cpu(
            lambda: [nx.bidirectional_dijkstra(directed, int(a), int(b), "seconds")[0] for a, b in ends[:few]]
        )
        wrong = sum(way.seconds != s for way, s in zip(ways, found, strict=False))
        rows.append(Row("one route with its course", "networkx", seconds / few, rows[0].cpu_s, "", wrong))
    if "routingkit" in engines:
        _, metric = peers.routingkit_matrix(n)
        seconds, found = cpu(lambda: [metric.query(int(a), int(b))[0] for a, b in ends])
        wrong = sum(way.seconds != s for way, s in zip(ways, found, strict=True))
        note = "nodes and arcs, without the course"
        rows.append(Row("one route with its course", "routingkit", seconds / ROUTES, rows[0].cpu_s, note, wrong))
    return rows


def _engines(*, all_of_them: bool) -> list[str]:
    here = peers.installed("pyroutingkit", "igraph", "pandana")
    names = ["scipy", *(["networkx"] if all_of_them else []), *(["routingkit"] if "pyroutingkit" in here else [])]
    return names + [name for name in here if name != "pyroutingkit" and all_of_them]


def whole_part(case: Case, *, all_of_them: bool) -> None:
    """Measure every question on one network."""
    n, engines = case.network, _engines(all_of_them=all_of_them)
    travel_times(n, case.places[:70], case.places[:70])
    question = f"matrix {len(case.places):,} × {len(case.places):,}"
    rows = [first_matrix(case)] if all_of_them else []
    rows += matrix_rows(
        case, lambda: travel_times(n, case.places, case.places), question, engines, times=5 if all_of_them else 2
    )
    rows.append(rectangle_row(case))
    rows += one_to_all_rows(case)
    rows += edit_rows(case) + nearest_rows(case, k=5) + reach_rows(case) + route_rows(case, engines)
    write_section(f"{case.name}: {n.x.size:,} nodes, {n.tail.size:,} arcs", rows)


def rectangle_row(case: Case) -> Row:
    """Measure all places against the facilities; one column is compared with scipy."""
    n = case.network
    seconds, few = cpu(lambda: travel_times(n, case.places, case.facilities), times=3)
    column = dijkstra(peers.as_csr(n).T.tocsr(), indices=case.facilities[0])[case.places]
    question = f"matrix {len(case.places):,} × {len(case.facilities):,}"
    return Row(question, "CountyGrid", seconds, wrong=int((few.values[:, 0] != column).sum()))


def one_to_all_rows(case: Case) -> list[Row]:
    """From one place to every node, the question that suits Dijkstra best."""
    n, everywhere = case.network, np.arange(case.network.x.size)
    ours_s, ours = cpu(lambda: travel_times(n, case.places[:1], everywhere), times=3)
    graph = peers.as_csr(n)
    scipy_s, theirs = cpu(lambda: dijkstra(graph, indices=case.places[0]), times=3)
    question = "from one place to every node"
    return [
        Row(question, "CountyGrid", ours_s),
        Row(question, "scipy", scipy_s, ours_s, "", int((theirs != ours.values[0]).sum())),
    ]


def linyi() -> None:
    """Measure every question on the default county."""
    case = default_county()
    if case is None:
        print("   skipped: no county has been built (make setup)")
        return
    whole_part(case, all_of_them=True)


def province() -> None:
    """Three million nodes: nearest hospitals of 70,000 villages."""
    begun = time.process_time()
    case = seeded("province", places=70_000, facilities=1_500)
    made_s = time.process_time() - begun
    n = case.network
    order_s, _ = cpu(lambda: n.topology)
    customize_s, _ = cpu(lambda: n.hierarchy)
    rows = [
        Row("order and elimination, once for all travel times", "CountyGrid", order_s),
        Row("customization", "CountyGrid", customize_s),
        *nearest_rows(case, k=5),
        *reach_rows(case),
    ]
    memory_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    note = f"Generated in {made_s:.0f} s; at most {memory_gb:.1f} GiB resident in the whole run."
    write_section(f"province: {n.x.size:,} nodes, {n.tail.size:,} arcs", rows, note)


PLACES = {"county": 857, "region": 5_000}
PARTS: dict[str, Callable[[], None]] = {
    "county": lambda: whole_part(seeded("county", places=PLACES["county"], facilities=102), all_of_them=True),
    "linyi": linyi,
    "region": lambda: whole_part(seeded("region", places=PLACES["region"], facilities=102), all_of_them=False),
    "province": province,
}


def beside(commit: str, name: str) -> None:
    """Measure every question beside an earlier version, the two taking turns."""
    case = seeded(name, places=PLACES[name], facilities=102)
    rows = []
    for question, before_s, now_s in compare(commit, case):
        rows += [
            Row(question, "before", before_s),
            Row(question, "now", now_s, note=f"{now_s / before_s:.2f} × before"),
        ]
    note = f"Before: {commit}. Medians of {ROUNDS} turns each in one run."
    write_section(f"{name} beside the version before: {case.network.x.size:,} nodes", rows, note)


def main() -> None:
    """Run the parts named on the command line, all of them if none is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=", ".join(PARTS))
    parser.add_argument("--beside", metavar="COMMIT", default="")
    asked = parser.parse_args()
    known = PLACES if asked.beside else PARTS
    unknown = set(asked.parts) - set(known)
    if unknown:
        raise SystemExit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    for name in asked.parts or known:
        print(name, flush=True)
        if asked.beside:
            beside(asked.beside, name)
        else:
            PARTS[name]()


if __name__ == "__main__":
    main()
