"""Reports and clients that poll, at a rate that does not wait for answers; a burst; and kills under all of it.

Run with ``python -m tests.benchmarks.load_cases http://127.0.0.1:8000 --minutes 10`` beside a service in solo mode, or
with ``--key`` in one with accounts. Prints times from the moment at which a call was due: a service that falls behind
cannot hide it. With ``--acknowledged FILE`` every acknowledged report is noted, to be held against the records after
kills (``--check FILE``).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CONNECTIONS = 32
POLL_EVERY_S = 5.0
_LONGEST_ANSWER_S = 60.0


@dataclass
class Measured:
    """What was seen."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"report": [], "poll": []})
    errors: list[str] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)

    def tell(self) -> None:
        """Print it."""
        for kind, values in self.seconds.items():
            if values:
                ordered = sorted(values)
                shares = {
                    f"p{share}": ordered[min(len(ordered) - 1, len(ordered) * share // 100)] for share in (50, 95, 99)
                }
                told = ", ".join(f"{name} {value * 1000:.0f} ms" for name, value in shares.items())
                print(f"{kind}: {len(ordered)} calls, {told}, most {ordered[-1] * 1000:.0f} ms", flush=True)
        print(f"errors: {len(self.errors)} {self.errors[:3]}", flush=True)


class Connection:
    """One kept connection; a call over it is tried again once where it has been closed meanwhile."""

    def __init__(self, host: str, port: int, key: str | None) -> None:
        self._address, self._streams = (host, port), None
        bearer = f"Authorization: Bearer {key}\r\n" if key else ""
        self._head = f"Host: {host}:{port}\r\nContent-Type: application/json\r\n{bearer}"

    async def call(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """Return status and content."""
        for attempt in (1, 2):
            try:
                async with asyncio.timeout(_LONGEST_ANSWER_S):
                    return await self._call(method, path, b"" if body is None else json.dumps(body).encode())
            except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
                self._streams = None
                if attempt == 2:
                    raise
        raise AssertionError

    async def _call(self, method: str, path: str, data: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        reader, writer = self._streams
        writer.write(f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
        first, length = await reader.readline(), 0
        if not first:
            raise asyncio.IncompleteReadError(first, None)  # closed meanwhile
        status = int(first.split()[1])
        while (line := await reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return status, await reader.readexactly(length)


@dataclass
class Load:
    """Whom to call, how often, and what about."""

    url: str
    key: str | None
    places: Sequence[tuple[float, float]]
    measured: Measured = field(default_factory=Measured)
    draw: random.Random = field(default_factory=random.Random)

    def connection(self) -> Connection:
        """Return a new connection to the service."""
        parts = urlsplit(self.url)
        return Connection(str(parts.hostname), parts.port or 80, self.key)

    def report(self) -> dict[str, Any]:
        """Return a report somewhere near a village."""
        lon, lat = self.draw.choice(self.places)
        about = {"category": self.draw.choice(["traffic", "party", "environment"]), "text": "路面有坑"}
        place = {"lon": lon + self.draw.uniform(-0.004, 0.004), "lat": lat + self.draw.uniform(-0.004, 0.004)}
        return {**about, **place, "idempotency_key": f"load-{self.draw.getrandbits(64):016x}"}

    async def send(self, free: asyncio.Queue[Connection], due: float, *, until_taken: bool) -> None:
        """Send one report that was due at an instant; after a kill the same one again, until it is acknowledged."""
        body, connection = self.report(), await free.get()
        try:
            while True:
                answer = await self.measure("report", connection, "POST", "/api/incidents", body, due=due)
                if answer is not None:
                    self.measured.acknowledged[body["idempotency_key"]] = json.loads(answer)["id"]
                if answer is not None or not until_taken:
                    return
                await asyncio.sleep(0.2)
        finally:
            free.put_nowait(connection)

    async def poll(self, begin: float, end: float) -> None:
        """Ask what has changed every five seconds, as a page does."""
        connection = self.connection()
        await asyncio.sleep(begin)
        _, feed = await connection.call("GET", "/api/incidents/feed")  # a page begins where the feed stands
        position = json.loads(feed)["position"]
        while (due := time.monotonic()) < end:
            answer = await self.measure("poll", connection, "GET", f"/api/incidents?after={position}&limit=50", due=due)
            if answer and (rows := json.loads(answer)):
                position = rows[-1]["pos"]
            await asyncio.sleep(max(0.0, due + POLL_EVERY_S - time.monotonic()))

    async def measure(
        self, kind: str, connection: Connection, method: str, path: str, body: object = None, *, due: float
    ) -> bytes | None:
        """Return the content of an answer, ``None`` where there was none or a refusal."""
        try:
            status, content = await connection.call(method, path, body)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
            self.measured.errors.append(f"{kind}: {type(error).__name__}")
            return None
        self.measured.seconds[kind].append(time.monotonic() - due)
        if status not in (200, 201):
            self.measured.errors.append(f"{kind}: {status} {content[:100]!r}")
            return None
        return content


async def run(load: Load, *, seconds: float, rate: float, pollers: int, burst: int, until_taken: bool) -> None:
    """Keep the load up for so long, then send a burst."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(load.connection())
    begun = time.monotonic()
    end = begun + seconds
    tasks = [asyncio.create_task(load.poll(n * POLL_EVERY_S / max(pollers, 1), end)) for n in range(pollers)]
    for n in range(round(seconds * rate)):
        due = begun + n / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        tasks.append(asyncio.create_task(load.send(free, due, until_taken=until_taken)))
    await asyncio.gather(*tasks)
    load.measured.tell()
    if burst:
        begun, before = time.monotonic(), len(load.measured.acknowledged)
        await asyncio.gather(*(load.send(free, begun, until_taken=until_taken) for _ in range(burst)))
        acknowledged = len(load.measured.acknowledged) - before
        print(f"burst: {acknowledged} of {burst} acknowledged in {time.monotonic() - begun:.1f} s", flush=True)


async def check(load: Load, acknowledged: dict[str, str]) -> None:
    """Look every acknowledged report up, and print how many are not there, or twice."""
    connection, missing = load.connection(), 0
    for case_id in acknowledged.values():
        status, _ = await connection.call("GET", f"/api/incidents/{case_id}")
        missing += status != 200
    print(f"acknowledged {len(acknowledged)}, different cases {len(set(acknowledged.values()))}, missing {missing}")


async def places_of(load: Load) -> list[tuple[float, float]]:
    """Return where the villages of the county are."""
    _, content = await load.connection().call("GET", "/api/layers/villages")
    return [tuple(one["geometry"]["coordinates"][:2]) for one in json.loads(content)["features"]]


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("url")
    asked.add_argument("--key", default=None)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--rate", type=float, default=20)
    asked.add_argument("--pollers", type=int, default=200)
    asked.add_argument("--burst", type=int, default=2000)
    asked.add_argument("--acknowledged", type=Path, default=None)
    asked.add_argument("--check", type=Path, default=None)
    told = asked.parse_args()
    load = Load(told.url, told.key, [(0.0, 0.0)])
    if told.check is not None:
        asyncio.run(check(load, json.loads(told.check.read_text("utf-8"))))
        return
    load.places = asyncio.run(places_of(load))
    options = {"seconds": told.minutes * 60, "rate": told.rate, "pollers": told.pollers, "burst": told.burst}
    with suppress(KeyboardInterrupt):
        asyncio.run(run(load, **options, until_taken=told.acknowledged is not None))
    if told.acknowledged is not None:
        told.acknowledged.write_text(json.dumps(load.measured.acknowledged), "utf-8")


if __name__ == "__main__":
    main()
