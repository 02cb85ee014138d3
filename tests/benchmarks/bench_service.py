"""How the service bears a crowd: reports at once, wrong questions at once, plans by the hundred.

``COUNTYGRID_DATA=… python -m tests.benchmarks.bench_service [PLANS]`` serves a built county on a free port, asks,
and prints a table. Caller and server share the machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).parents[2]


async def main() -> None:
    """Serve a copy of the county's layers and ask."""
    plans = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    source = Path(os.environ.get("COUNTYGRID_DATA", "data"))
    with tempfile.TemporaryDirectory(prefix="countygrid-bench-") as folder:
        data = Path(folder, "data")
        for name in ("layers", "builds"):
            shutil.copytree(source / name, data / name)
        shutil.copy(source / "current", data / "current")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {**os.environ, "COUNTYGRID_DATA": str(data), "PORT": str(port), "COUNTYGRID_CACHE_MB": "200"}
        server = subprocess.Popen([sys.executable, "-m", "api.cli", "serve"], env=environment, cwd=ROOT)
        try:
            limits = httpx2.Limits(max_connections=300)
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120, limits=limits) as http:
                await _until_ready(http)
                print("200 reports at once, the first:", _told(await _reports(http, 200)))
                print("200 more:", _told(await _reports(http, 200)))
                print("/health beside 40 requests of 2,000 unknown names:", _told(await _beside_nonsense(http)))
                print(f"RSS before plans: {_rss_mb(server.pid)} MB")
                begun = time.monotonic()
                await _plans(http, plans)
                print(f"{plans} varied plans in {time.monotonic() - begun:.0f} s; RSS {_rss_mb(server.pid)} MB")
                parts = (await http.get("/health")).json()["parts"]
                print("cache:", parts["cache"])
        finally:
            server.terminate()
            server.wait(10)


async def _until_ready(http: httpx2.AsyncClient) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx2.TransportError):
            if (await http.get("/health")).status_code == 200:
                return
        await asyncio.sleep(0.1)
    raise SystemExit("the server did not start")


async def _timed(asked: Any, wanted: int) -> float:
    begun = time.monotonic()
    answer = await asked
    assert answer.status_code == wanted, answer.text[:300]
    return time.monotonic() - begun


async def _reports(http: httpx2.AsyncClient, count: int) -> list[float]:
    west, south, east, north = 116.72, 37.03, 117.03, 37.35
    rng = random.Random(1)

    def body() -> dict[str, Any]:
        lon, lat = rng.uniform(west, east), rng.uniform(south, north)
        return {"category": "traffic", "lon": lon, "lat": lat, "idempotency_key": f"{time.time_ns()}-{rng.random()}"}

    return await asyncio.gather(*(_timed(http.post("/api/incidents", json=body()), 201) for _ in range(count)))


async def _beside_nonsense(http: httpx2.AsyncClient) -> list[float]:
    status = {f"没有的村{number}": "required" for number in range(2000)}
    asked = [asyncio.create_task(http.post("/api/plans", json={"service": "hub", "status": status})) for _ in range(40)]
    seconds = []
    while not all(one.done() for one in asked):
        seconds.append(await _timed(http.get("/health"), 200))
        await asyncio.sleep(0.005)
    assert {one.result().status_code for one in asked} == {422}
    return seconds


async def _plans(http: httpx2.AsyncClient, count: int) -> None:
    services = itertools.cycle(("elder-centre", "service-room", "elder-centre", "hub"))
    modes, bases = itertools.cycle(("car", "e-bike", "walk", "elder-walk")), itertools.cycle(("resident", "registered"))
    for number in range(count):
        service = next(services)
        question: dict[str, Any] = {"service": service, "mode": next(modes), "base": next(bases), "time_limit_s": 2}
        if service == "hub":
            question |= {"unlimited": True, "model": "mclp", "p": 3 + number % 97, "limit_minutes": 8 + number % 7}
        else:
            question["p"] = 1 + number % 120
        run = (await http.post("/api/plans", json=question)).json()["run"]
        while run["state"] in ("queued", "running"):
            await asyncio.sleep(0.02)
            run = (await http.get(f"/api/runs/{run['id']}")).json()["run"]


def _told(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p50, p99 = (1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    return f"{len(ordered)} answers, p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {1000 * ordered[-1]:.0f} ms"


def _rss_mb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) >> 10


if __name__ == "__main__":
    asyncio.run(main())
