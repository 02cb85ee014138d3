"""Let schemathesis ask the service whatever its own description allows, and what it forbids, for ten minutes.

Fails if anything is a 500, an answer has another form than described, or a status is not described.
``python -m tests.fuzzing.fuzz_api [SECONDS]``; what was asked last of a failure is printed to be repeated.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from layers.build import build_county
from tests.toy_county import write_toy_county

ROOT = Path(__file__).parents[2]
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)


def main() -> int:
    """Run the service on the toy county and schemathesis against it; return its exit code."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "600"
    fuzzer = shutil.which("schemathesis", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if fuzzer is None:
        print("schemathesis is not installed: pip install -r requirements-test.lock")
        return 2
    with tempfile.TemporaryDirectory(prefix="countygrid-fuzz-") as folder:
        data = Path(folder, "data")
        build_county(write_toy_county(Path(folder, "toy")), data_dir=data)
        records = _records(data)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {**os.environ, "COUNTYGRID_DATA": str(data), "PORT": str(port), "PYTHONPATH": str(ROOT)}
        server = subprocess.Popen([sys.executable, "-m", "api.cli", "serve"], env=environment, cwd=folder)
        try:
            _wait_until_open(port)
            hooks = {
                "SCHEMATHESIS_HOOKS": str(Path(__file__).with_name("hooks.py")),
                "COUNTYGRID_FUZZ_RECORDS": records,
            }
            asked = subprocess.run(_command(fuzzer, port, seconds), env=environment | hooks, cwd=folder, check=False)
            if server.poll() is not None:
                print("the server has ended by itself")
                return 1
            return asked.returncode
        finally:
            server.terminate()
            server.wait(10)
            log = data / "logs" / "countygrid.log"
            if log.exists():
                print(log.read_text(encoding="utf-8")[-6000:])


def _records(data: Path) -> str:
    """Make what calls are to be about, and return how it is named."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    command = [sys.executable, "-m", "tests.fuzzing.records", str(data)]
    made = subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return made.stdout.decode()


def _command(fuzzer: str, port: int, seconds: str) -> list[str]:
    return [
        fuzzer,
        f"--config-file={Path(__file__).with_name('schemathesis.toml')}",
        "run",
        f"http://127.0.0.1:{port}/openapi.json",
        "--phases=examples,coverage,fuzzing,stateful",
        f"--checks={','.join(CHECKS)}",
        f"--max-time={seconds}",
        "--workers=1",
        "--continue-on-failure",
        "--request-timeout=120",
        "--suppress-health-check=all",
        "--seed=47",
    ]


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            # The description is made at the first need, which may take longer than schemathesis waits for it.
            urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json", timeout=300).close()
            return
        time.sleep(0.2)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    raise SystemExit(main())
