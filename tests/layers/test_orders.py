"""Elimination orders at rest: read back by a new process, never trusted with the travel times."""

import numpy as np
import pytest

from gis.hierarchy import topology
from gis.hierarchy.kept import Kept
from gis.network import RoadNetwork
from gis.travel_time import travel_times
from layers.cache import Cache
from layers.orders import with_kept_order


@pytest.fixture
def forgetful(monkeypatch):
    """A process that has ordered no network yet, and counts how often it does."""
    found = []
    dissect = topology.dissect
    monkeypatch.setattr(topology, "dissect", lambda *args: found.append(1) or dissect(*args))

    def forget():
        monkeypatch.setattr(topology, "_TOPOLOGIES", Kept(50_000_000))

    forget()
    return found, forget


def ring(n=40):
    node = np.arange(n)
    tail, head = np.concatenate([node, (node + 1) % n]), np.concatenate([(node + 1) % n, node])
    x, y = np.cos(node / n * 6.28) * 1000, np.sin(node / n * 6.28) * 1000
    return RoadNetwork(tail, head, np.arange(2 * n) % 7 + 1, x, y)


def times(network):
    nodes = np.arange(network.x.size)
    return travel_times(network, nodes, nodes).seconds


def test_an_order_is_found_once_and_read_by_the_next_process(tmp_path, forgetful):
    found, forget = forgetful
    expected = times(with_kept_order(Cache(tmp_path), ring()))
    assert found == [1]
    forget()
    again = with_kept_order(Cache(tmp_path), ring())
    assert (times(again) == expected).all()
    assert found == [1]
    assert times(with_kept_order(Cache(tmp_path), ring(41))).shape == (41, 41)
    assert len(list(tmp_path.glob("order-*"))) == 2, "another network has an order of its own"


DAMAGE = {
    "empty": b"",
    "torn": None,
    "of another network": np.arange(41, dtype=np.int32),
    "all zeros": np.zeros(40, np.int32),
    "one node twice": np.r_[np.arange(39), 0].astype(np.int32),
    "a negative node": np.r_[np.arange(39), -1].astype(np.int32),
    "a node too many": np.r_[np.arange(39), 4_000_000].astype(np.int32),
}


@pytest.mark.parametrize("name", DAMAGE)
@pytest.mark.parametrize("sealed", [True, False])
def test_a_damaged_order_is_found_anew(tmp_path, forgetful, name, sealed):
    """Written as the cache writes, or straight into the file."""
    found, forget = forgetful
    expected = times(with_kept_order(Cache(tmp_path), ring()))
    (path,) = tmp_path.glob("order-*")
    damage = DAMAGE[name]
    content = path.read_bytes()[:-9] if damage is None else bytes(damage)
    if sealed:
        Cache(tmp_path).write(path.name, content)
    else:
        path.write_bytes(content)
    forget()
    assert (times(with_kept_order(Cache(tmp_path), ring())) == expected).all()
    assert found == [1, 1]
    forget()
    with_kept_order(Cache(tmp_path), ring())
    assert found == [1, 1], "the mended file is read"


def test_any_order_gives_the_same_times():
    network = ring()
    assert (times(network.with_order(np.arange(40, dtype=np.int32)[::-1].copy())) == times(network)).all()
