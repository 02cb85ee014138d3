"""The real service with the default county, and headless Chromium with every other host blocked."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from watched_page import WAIT_MS, Watched

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
expect.set_options(timeout=WAIT_MS)  # what a page shows in the end is tested here, not how soon


@pytest.fixture(scope="session")
def planner_data(tmp_path_factory):
    """Folder of the data behind the page."""
    data = tmp_path_factory.mktemp("linyi")
    yield str(data)
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def planner_url(planner_data):
    """Address of a server of its own with Linyi built and its plans computed."""
    data = planner_data
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


def chromium_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def watched(browser: Browser, planner_url: str) -> Iterator[Watched]:
    seen = Watched(browser, planner_url)
    yield seen
    seen.page.close()
    assert seen.wrong == []


@pytest.fixture
def phone(browser: Browser, planner_url: str) -> Iterator[Watched]:
    seen = Watched(browser, planner_url, width=360, height=740)
    yield seen
    seen.page.close()
    assert seen.wrong == []
