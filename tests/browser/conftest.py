"""The real service with the default county, and headless Chromium with every other host blocked."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from built_once import built_once
from mute_server import free_port
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
def planner_data(shared_dir, tmp_path_factory):
    """Folder of the data behind the page: Linyi built and its plans computed, a copy of this process."""

    def set_up(folder):
        environment = {**os.environ, "COUNTYGRID_DATA": str(folder)}
        subprocess.run([sys.executable, "-m", "api.cli", "setup"], env=environment, check=True)

    data = shutil.copytree(built_once(shared_dir, "linyi", set_up), tmp_path_factory.mktemp("linyi") / "data")
    yield str(data)
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def planner_url(planner_data):
    """Address of a server of its own."""
    port = free_port()
    environment = {**os.environ, "COUNTYGRID_DATA": planner_data, "PORT": str(port)}
    server = subprocess.Popen([sys.executable, "-m", "api.cli", "serve"], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def _wait_until_ready(url):
    deadline = time.monotonic() + 180  # a loaded machine takes its time
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


@pytest.fixture(scope="module")  # while it is open an event loop runs, and a test of the service may need its own
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
