"""The service as a process of its own, and a caller of it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from mute_server import free_port

ROOT = Path(__file__).parents[1]


@contextlib.contextmanager
def served(
    data: Path, *, output: int | None = None, module: str = "api.cli", **settings: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run the service on a free port until it answers, and end it; ``output=PIPE`` lets its words be read.

    ``module`` is another way to begin it, for plans that take their time.
    """
    port = free_port()
    environment = {**os.environ, "COUNTYGRID_DATA": str(data), "PORT": str(port), "PYTHONPATH": str(ROOT), **settings}
    command = [sys.executable, "-m", module, "serve"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output) as process:
        try:
            deadline = time.monotonic() + 60
            while True:
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                assert process.poll() is None, "the server has ended"
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.1)
            yield port, process
        finally:
            process.kill()


def ask(port: int, path: str, *, body: object = None, method: str | None = None, **headers: str) -> tuple[int, dict]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers, method=method)
    if body is not None:
        request.data, request.headers["Content-type"] = json.dumps(body).encode(), "application/json"
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())
