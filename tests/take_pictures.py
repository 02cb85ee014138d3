"""Take the pictures of README from this code: ``make pictures``, with Chromium, on the default county."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path
from shutil import which

from playwright.sync_api import Page, sync_playwright

PICTURE = Path(__file__).parents[1] / "maps" / "planner.png"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
COMMAND = (sys.executable, "-m", "api.cli")
READY_S = 60


@contextmanager
def served() -> Iterator[str]:
    """Serve the current county on a free port; yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*COMMAND, "serve"], env={**environ, "PORT": str(port)})
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the service answers, or has ended."""
    deadline = time.monotonic() + READY_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/health") as answer:
                if answer.status == 200:
                    return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def take_picture(page: Page, url: str) -> None:
    """Take the planner page with its default plan, once everything is drawn and the fonts are there."""
    page.goto(url)
    page.wait_for_selector("html[data-ready=true]")
    page.wait_for_selector("#plan-proof")
    page.wait_for_selector("#map-status", state="hidden")
    page.evaluate("() => document.fonts.ready.then(() => 0)")
    page.mouse.move(0, 0)
    page.screenshot(path=str(PICTURE), animations="disabled")


def main() -> None:
    """Prepare the default county, serve it, take its picture."""
    path = next(filter(None, map(which, CHROMIUM)), None)
    if path is None:
        raise SystemExit("no Chromium on this machine: apt-get install chromium")
    subprocess.run([*COMMAND, "setup"], check=True)
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.set_default_timeout(READY_S * 1000)
        take_picture(page, url)
        browser.close()
    print(f"{PICTURE.name}: {PICTURE.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
