"""Ten thousand wrong sign-ins over a thousand names: what holds, and who waits.

``python -m tests.benchmarks.bench_doors [--wait]``.

Each address of the guessers is told by a proxy that the service believes, as nginx would.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))

from served import served
from signed_in import account
from toy_county import write_toy_county

from api.access.passwords import hash_password
from layers.build import build_county
from layers.records.database import open_database, sqlite_url

TRIES, NAMES, ADDRESSES, AT_ONCE = 10_000, 1_000, 2_000, 40
PASSWORD = "the right one 7"


def post(port: int, name: str, password: str, address: str) -> tuple[int, int]:
    """Return status and Retry-After of a sign-in."""
    body = urlencode({"name": name, "password": password}).encode()
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/sign-in", body, {"X-Forwarded-For": address, "Accept": "text/html"}
    )
    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(asked, timeout=60) as answer:
            return answer.status, 0
    except urllib.error.HTTPError as refused:
        return refused.code, int(refused.headers.get("Retry-After", 0))


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_told: object) -> None:
        return None


def main() -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp())
    build_county(write_toy_county(folder / "files"), data_dir=folder / "data")
    database = open_database(sqlite_url(folder / "data"))
    for number in range(3):
        account(database, f"name{number}", ("planner", "county", "*"), password_hash=hash_password(PASSWORD))
    database.close()
    with served(folder / "data", COUNTYGRID_PROXY="127.0.0.1") as (port, _process):
        done, waits = threading.Event(), []
        watcher = threading.Thread(target=watch, args=(port, done, waits))
        watcher.start()
        begun = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tries = range(TRIES)
            told = Counter(
                status
                for status, _wait in pool.map(
                    lambda n: post(port, f"name{n % NAMES}", "wrong", f"10.0.{n % ADDRESSES // 250}.{n % 250}"), tries
                )
            )
        seconds = time.monotonic() - begun
        done.set()
        watcher.join()
        waits.sort()
        held = post(port, "name1", PASSWORD, "10.9.9.9")
        figures = {
            "seconds": round(seconds),
            "answers": dict(told),
            "health_p50_ms": round(waits[len(waits) // 2] * 1000),
            "health_p99_ms": round(waits[int(len(waits) * 0.99)] * 1000),
            "right_password_while_held": held,
        }
        print(json.dumps(figures), flush=True)
        if "--wait" in sys.argv:
            time.sleep(held[1] + 1)
            print("after the wait:", post(port, "name1", PASSWORD, "10.9.9.9"))


def watch(port: int, done: threading.Event, waits: list[float]) -> None:
    """Ask for the health ten times a second."""
    while not done.is_set():
        begun = time.monotonic()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=30) as answer:
            answer.read()
        waits.append(time.monotonic() - begun)
        time.sleep(0.1)


if __name__ == "__main__":
    main()
