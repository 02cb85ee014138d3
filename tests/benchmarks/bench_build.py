"""Building a county of 80,000 road nodes, beside osmnx reading the same roads: CPU seconds and ratio.

Run with ``python -m tests.benchmarks.bench_build``.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium
import osmnx
from osmium.osm.mutable import Node, Way
from pyproj import Transformer

from layers.build import build_county
from layers.county import open_county

SIDE, BENDS, SPACING_M = 126, 2, 300.0
CLASSES = ("residential", "unclassified", "residential", "tertiary")
PLACES = 857


def write_county(folder: Path) -> int:
    """Write a jittered grid with two bends on every road and 857 places; return the number of nodes."""
    steps = BENDS + 1
    size = (SIDE - 1) * steps + 1
    i, j = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    is_node = (i % steps == 0) | (j % steps == 0)
    jitter = np.random.default_rng(1).uniform(-0.2, 0.2, (2, size, size))
    to_degrees = Transformer.from_crs("EPSG:4548", "EPSG:4490", always_xy=True)
    scale = SPACING_M / steps
    x, y = 480_000 + (i + jitter[0]) * scale, 4_100_000 + (j + jitter[1]) * scale
    lon, lat = to_degrees.transform(x, y)
    number = np.cumsum(is_node.ravel()).reshape(size, size)
    with osmium.SimpleWriter(str(folder / "roads.osm.pbf")) as writer:
        for position in zip(number[is_node], lon[is_node], lat[is_node], strict=True):
            writer.add_node(Node(id=int(position[0]), location=position[1:]))
        way = 0
        for line in (*number[:, ::steps].T, *number[::steps, :]):
            for begin in range(0, size - 1, 2 * steps):
                way += 1
                tags = {"highway": CLASSES[way % 4], "name": f"{way}路"}
                writer.add_way(Way(id=way, nodes=line[begin : begin + 2 * steps + 1].tolist(), tags=tags))
    here = np.random.default_rng(2).integers(0, size, (2, PLACES))
    rows = [f"{k:05d},村{k},{lon[a, b]:.7f},{lat[a, b]:.7f},{300 + k}" for k, (a, b) in enumerate(here.T)]
    (folder / "places.csv").write_text("\n".join(["id,name,lon,lat,population", *rows]), encoding="utf-8")
    text = '[county]\nname = "大县"\ncode = "371400"\n'
    text += '[layers.roads]\nsource = "roads.osm.pbf"\n[layers.villages]\nsource = "places.csv"\n'
    (folder / "county.toml").write_text(text, encoding="utf-8")
    return int(number.max())


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nodes = write_county(folder)
        build_s = timed(lambda: build_county(folder / "county.toml", data_dir=folder / "data"))
        pieces = len(open_county(folder / "data").layer("roads"))
        osmnx_s = timed(lambda: read_with_osmnx(folder))
    print(f"{f'{nodes} nodes, {pieces} road pieces, {PLACES} places':<56}{'CPU s':>8}{'ratio':>8}")
    print(f"{'CountyGrid: read, check, derive cells, store':<56}{build_s:>8.2f}{1:>8.1f}")
    print(f"{'osmnx: graph_from_xml and simplify, roads only':<56}{osmnx_s:>8.2f}{osmnx_s / build_s:>8.1f}")


def read_with_osmnx(folder: Path) -> None:
    """Read the roads as osmnx does, from the XML that it asks for."""
    xml = folder / "roads.osm"
    with osmium.SimpleWriter(str(xml)) as writer:
        for thing in osmium.FileProcessor(str(folder / "roads.osm.pbf")):
            writer.add(thing)
    osmnx.graph_from_xml(xml)


def timed(work: Callable[[], object]) -> float:
    """Return the CPU seconds of this process that `work` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
