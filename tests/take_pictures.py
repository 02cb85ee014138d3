"""Take the pictures of README from this code: ``make pictures``, with Chromium, on the default county.

The office with its people is made up, beside the county in a folder of its own: nobody gets an account where one works.
"""

import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from os import environ
from pathlib import Path
from shutil import which

from playwright.sync_api import Page, sync_playwright

from api.settings import Settings

MAPS = Path(__file__).parents[1] / "maps"
PICTURE = MAPS / "workbench.png"
PAGES = ("people", "audit")
COMPARED, VILLAGE = MAPS / "compare.png", MAPS / "village.png"
PASSWORD = "纸船 7 sails"
PEOPLE = (
    ("wangfang", "王芳", "administrator"),
    ("zhaomin", "赵敏", "planner"),
    ("liqiang", "李强", "township-desk@township:临南镇"),
    ("sunhao", "孙浩", "official"),
    ("zhoujie", "周洁", "county-desk"),
)
CASES, ON_THE_WAY = MAPS / "desk.png", MAPS / "worker.png"
HAPPENED = (
    ("traffic", "urgent", 116.853, 37.187, "路面塌陷,车辆绕行"),
    ("environment", "normal", 116.872, 37.201, "沟渠有污水排入"),
    ("livelihood", "normal", 116.884, 37.176, "独居老人两天没有出门"),
    ("security", "emergency", 116.861, 37.166, "两家因宅基地争吵"),
    ("campus", "normal", 116.893, 37.195, "校门口乱停车"),
    ("party", "normal", 116.842, 37.174, "党员活动室漏雨"),
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
COMMAND = (sys.executable, "-m", "api.cli")
READY_S = 60
RUN_S = 300
RESTS_MS = 1000  # names come once the map rests
WALKED = "localStorage.setItem('countygrid.plan.walked', '1')"  # the first-run walk would lie over the page


@contextmanager
def served(**settings: str) -> Iterator[str]:
    """Serve the current county on a free port; yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*COMMAND, "serve"], env={**environ, **settings, "PORT": str(port)})
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
    """Take the workbench with its default plan, once everything is drawn and the fonts are there."""
    page.add_init_script(WALKED)
    page.goto(f"{url}/plan")
    page.wait_for_selector("html[data-ready=true]")
    page.wait_for_selector(".main-figures[data-source=confirmed]")
    page.wait_for_selector(".verdict.good")
    page.wait_for_timeout(RESTS_MS)
    page.evaluate("() => document.fonts.ready.then(() => 0)")
    page.mouse.move(0, 0)
    page.screenshot(path=str(PICTURE), animations="disabled")


@contextmanager
def office(people: Sequence[tuple[str, str, str]] = PEOPLE) -> Iterator[str]:
    """Serve the same county to an office of five, or to whoever sits at the machine; yield the address."""
    with tempfile.TemporaryDirectory() as made:
        folder, data = Path(made), Settings().data.absolute()
        for name in ("layers", "builds", "current"):
            (folder / name).symlink_to(data / name)
        own = {"COUNTYGRID_DATA": made, "COUNTYGRID_DATABASE_URL": ""}
        for name, display, role in people:
            words = ("account", "add", name, "--role", role, "--display", display)
            words += ("--password-stdin",) if name in ("wangfang", "zhaomin") else ()
            subprocess.run(
                [*COMMAND, *words],
                input=PASSWORD,
                env={**environ, **own},
                check=True,
                text=True,
                stdout=subprocess.DEVNULL,
            )
        with served(**own) as url:
            yield url


def sign_in(page: Page, url: str, name: str) -> None:
    """Begin a session."""
    page.goto(f"{url}/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(lambda address: not address.endswith("/sign-in"))


def take_office(page: Page, url: str) -> None:
    """Take the pages of an administrator, after a planner was there."""
    sign_in(page, url, "zhaomin")
    page.wait_for_selector("html[data-ready=true]")
    page.wait_for_selector("#plan-proof")
    page.context.clear_cookies()
    sign_in(page, url, "wangfang")
    page.set_viewport_size({"width": 1100, "height": 560})
    for name in PAGES:
        page.goto(f"{url}/{name}")
        page.evaluate("() => document.fonts.ready.then(() => 0)")
        page.screenshot(path=str(MAPS / f"{name}.png"), animations="disabled", full_page=True)


def take_comparison(page: Page, url: str) -> str:
    """Take today, five centres and seven beside each other, as a planner sees them; return the run of the five."""
    sign_in(page, url, "zhaomin")
    five, seven = (plan_of(page, url, sites) for sites in (5, 7))
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(f"{url}/compare?runs=today,{five},{seven}")
    page.wait_for_selector("html[data-ready=true]")
    page.wait_for_timeout(RESTS_MS)
    page.screenshot(path=str(COMPARED), animations="disabled")
    return five


def plan_of(page: Page, url: str, sites: int) -> str:
    """Ask for a plan of elder-care centres; return its run once it is done."""
    run = page.request.post(f"{url}/api/plans", data={"service": "elder-centre", "p": sites}).json()["run"]
    deadline = time.monotonic() + RUN_S
    while run["state"] != "done":
        if time.monotonic() > deadline or run["state"] not in ("queued", "running"):
            raise SystemExit(f"no plan of {sites} sites: {run['state']}")
        page.wait_for_timeout(200)
        run = page.request.get(f"{url}/api/runs/{run['id']}").json()["run"]
    return str(run["id"])


def take_village(page: Page, url: str, run: str) -> None:
    """Take what a villager reads of a published plan, on a phone and without an account."""
    closes = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    body = {"runs": [run], "title": "区域养老服务中心选址公示", "closes_at": closes, "slug": "yanglao"}
    answer = page.request.post(f"{url}/api/publications", data=body)
    if answer.status != 201:
        raise SystemExit(answer.text())
    page.request.delete(f"{url}/api/publications/yanglao/counter-proposals")  # minutes of computing for no picture
    page.context.clear_cookies()
    page.set_viewport_size({"width": 390, "height": 760})
    page.goto(f"{url}/p/yanglao?q=王书村")
    page.evaluate("() => document.fonts.ready.then(() => 0)")
    page.screenshot(path=str(VILLAGE), animations="disabled")


def take_cases(page: Page, url: str) -> None:
    """Take the desk with a case that is under way, and the same on the telephone of who goes there."""
    ids = []
    for number, (category, severity, lon, lat, said) in enumerate(HAPPENED):
        body = {"category": category, "severity": severity, "lon": lon, "lat": lat, "text": said}
        ids.append(
            page.request.post(f"{url}/api/incidents", data={**body, "idempotency_key": f"p{number}"}).json()["id"]
        )
    for version, move in ((2, "accept"), (3, "arrive")):
        told = {"move": move, "expected_version": version, "key": move}
        page.request.post(f"{url}/api/incidents/{ids[0]}/events", data=told)
    for path, picture, width, height in (("desk", CASES, 1280, 760), ("worker", ON_THE_WAY, 360, 760)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{url}/{path}?case={ids[0]}")
        page.wait_for_selector("html[data-ready=true]")
        page.wait_for_timeout(RESTS_MS)
        page.mouse.move(0, 0)
        page.screenshot(path=str(picture), animations="disabled")


def main() -> None:
    """Prepare the default county, serve it, take its pictures."""
    path = next(filter(None, map(which, CHROMIUM)), None)
    if path is None:
        raise SystemExit("no Chromium on this machine: apt-get install chromium")
    subprocess.run([*COMMAND, "setup"], check=True)
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.set_default_timeout(READY_S * 1000)
        take_picture(page, url)
        with office() as behind_a_door:
            take_office(page, behind_a_door)
            page.context.clear_cookies()
            take_village(page, behind_a_door, take_comparison(page, behind_a_door))
        with office(people=()) as alone:
            take_cases(page, alone)
        browser.close()
    for picture in (PICTURE, COMPARED, VILLAGE, CASES, ON_THE_WAY, *(MAPS / f"{name}.png" for name in PAGES)):
        print(f"{picture.name}: {picture.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
