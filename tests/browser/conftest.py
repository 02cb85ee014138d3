"""The real service with the default county, for a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest


@pytest.fixture(scope="session")
def planner_url(tmp_path_factory):
    """Address of a server of its own with Linyi built and its plans computed."""
    data = tmp_path_factory.mktemp("linyi")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "COUNTYGRID_DATA": str(data), "PORT": str(port)}
    command = [sys.executable, "-m", "api.cli"]
    subprocess.run([*command, "setup"], env=environment, check=True)
    server = subprocess.Popen([*command, "serve"], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url)
        yield url
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(data, ignore_errors=True)


def _wait_until_ready(url):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/health") as answer:
                if answer.status == 200:
                    return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")
