"""A county of 80,000 road nodes builds in seconds."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import osmium
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


def test_eighty_thousand_nodes_build_in_five_seconds(tmp_path: Path, data_dir: Path) -> None:
    assert write_county(tmp_path) >= 78_000
    started = time.process_time()
    build_county(tmp_path / "county.toml", data_dir=data_dir)
    seconds = time.process_time() - started
    roads = open_county(data_dir).layer("roads")
    assert len(roads) == 2 * SIDE * (SIDE - 1)
    assert seconds < 5.0, f"{seconds:.1f} s of CPU time"
