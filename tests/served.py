"""The service as a process of its own, and a caller of it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from mute_server import free_port

ROOT = Path(__file__).parents[1]
_LONGEST_START_S = 180  # some three seconds where nothing else is at work
_LONGEST_RUN_S = 120
_LONGEST_ANSWER_S = 60


@contextlib.contextmanager
def served(
    data: Path, *, output: int | None = None, errors: int | None = None, module: str = "api.cli", **settings: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run the service on a free port until it answers, and end it; ``output=PIPE`` lets its words be read.

    ``module`` is another way to begin it, for plans that take their time.
    """
    port = int(settings.get("PORT", 0)) or free_port()
    environment = {**os.environ, "COUNTYGRID_DATA": str(data), "PYTHONPATH": str(ROOT), **settings, "PORT": str(port)}
    command = [sys.executable, "-m", module, "serve"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=errors) as process:
        try:
            deadline = time.monotonic() + _LONGEST_START_S
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


class _Told(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the answer itself is looked at."""

    def redirect_request(self, *_given):
        return None


def open_url(url: str, *, method=None, body=None, data=None, trust: Path | None = None, **headers: str):
    """Return the answer to a call, refusals and redirects included; ``trust`` is the authority of https."""
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    if body is not None:
        request.data, request.headers["Content-type"] = json.dumps(body).encode(), "application/json"
    context = ssl.create_default_context(cafile=trust) if url.startswith("https") else None
    handlers = [_Told()] + ([urllib.request.HTTPSHandler(context=context)] if context else [])
    try:
        return urllib.request.build_opener(*handlers).open(request, timeout=_LONGEST_ANSWER_S)
    except urllib.error.HTTPError as refused:
        return refused


def ask(port: int, path: str, *, body: object = None, trust: Path | None = None, **more: str) -> tuple[int, dict]:
    """Return status and content of a call; ``more`` is a ``method`` and headers."""
    scheme = "https" if trust else "http"
    with open_url(f"{scheme}://127.0.0.1:{port}{path}", body=body, trust=trust, **more) as answer:
        return answer.status, json.loads(answer.read())


def finished_run(port: int, run: dict) -> dict:
    """Wait for a run to end, looking five times a second, and return it."""
    deadline = time.monotonic() + _LONGEST_RUN_S
    while run["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, run
        time.sleep(0.2)
        run = ask(port, f"/api/runs/{run['id']}")[1]["run"]
    return run
