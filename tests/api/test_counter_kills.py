"""A server that is killed while counter-proposals are computed: the next one takes them up, and their file comes."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from served import ask, served
from slow_plans import until

from layers.records.database import open_database

SLOW = "tests.slow_service"
ADDRESS = "/api/publications/yanglao/counter-proposals"


@pytest.fixture
def options(database_url):
    """A database of its own with its tables."""
    open_database(database_url).close()
    return {"module": SLOW, "SLOW_S": "1.5", "COUNTYGRID_DATABASE_URL": database_url}


def publish(port):
    run = ask(port, "/api/plans", body={"service": "elder-centre", "p": 1})[1]["run"]
    until(lambda: ask(port, f"/api/runs/{run['id']}")[1]["run"]["state"] == "done")
    closes = (datetime.now(UTC) + timedelta(days=15)).isoformat()
    body = {"runs": [run["id"]], "title": "养老中心选址", "closes_at": closes, "slug": "yanglao"}
    status, told = ask(port, "/api/publications", body=body)
    assert status == 201, told
    return told["sha"]


def test_after_a_kill_they_are_computed_by_the_next_server(toy_data, tmp_path, options):
    data = tmp_path / "own"
    shutil.copytree(toy_data, data)
    with served(data, **options) as (port, process):
        sha = publish(port)
        until(lambda: ask(port, ADDRESS)[1]["run"]["progress"].get("done", 0) > 2)
        assert ask(port, "/api/p/yanglao/counter-proposals?place=00001")[1]["state"] == "computing"
        process.kill()
    with served(data, **options) as (port, _):
        until(lambda: ask(port, ADDRESS)[1]["state"] == "done")
        told = ask(port, ADDRESS)[1]
        assert told["run"]["attempts"] == 2
        one = ask(port, "/api/p/yanglao")[1]
        assert (one["sha"], one["counter_sha"]) == (sha, told["sha"])
        assert ask(port, "/api/p/yanglao/counter-proposals?place=00001")[1]["instead"]["state"] == "proven"
    file = next((data / "files").glob(f"*/{told['sha']}*"))
    assert hashlib.sha256(file.read_bytes()).hexdigest() == told["sha"]
