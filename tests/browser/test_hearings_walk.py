"""An official publishes, hears and answers; what villagers read follows. By mouse and by the tab key alone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from served import ROOT, ask, served
from watched_page import Watched

from tests.browser.axe import serious_faults
from tests.browser.hands import by

pytestmark = pytest.mark.browser
GOOD = "纸船 7 sails"
PEOPLE = (("root", "administrator", "王主任"), ("zhao", "official", "赵县长"))
WIDTHS = (360, 1280, 1920)


@pytest.fixture(scope="module")
def office(toy_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service with an administrator and an official."""
    data: Path = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(toy_built, data)
    environment = {"COUNTYGRID_DATA": str(data), "PYTHONPATH": str(ROOT), "PATH": str(Path(sys.executable).parent)}
    for name, role, display in PEOPLE:
        words = ["account", "add", name, "--role", role, "--display", display, "--password-stdin"]
        command = [sys.executable, "-m", "api.cli", *words]
        subprocess.run(command, input=f"{GOOD}\n", text=True, env=environment, cwd=ROOT, check=True)
    with served(data) as (port, _process):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def signed_in(browser: Browser, office: str) -> Iterator[BrowserContext]:
    """A browser in which the official has signed in."""
    context = browser.new_context(base_url=office)
    page = context.new_page()
    page.goto("/hearings")
    page.fill("#name", "zhao")
    page.fill("#password", GOOD)
    page.press("#password", "Enter")
    page.wait_for_url("**/hearings")
    yield context
    context.close()


@pytest.fixture(scope="module")
def scenarios(signed_in: BrowserContext, office: str) -> list[str]:
    """Two scenarios of the official's, whose sites are named."""

    def made(name: str, *sites: str) -> str:
        body = {"name": name, "question": {"service": "elder-centre", "sites": list(sites)}}
        answer = signed_in.request.post(f"{office}/api/scenarios", data=body)
        assert answer.status == 201, answer.text()
        return str(answer.json()["id"])

    return [made("方案甲", "00003"), made("方案乙", "00006")]


@pytest.fixture
def official(browser: Browser, office: str, signed_in: BrowserContext) -> Iterator[Watched]:
    seen = Watched(browser, office, width=1280, height=800)
    seen.page.context.add_cookies(signed_in.cookies())  # type: ignore[arg-type]
    yield seen
    seen.page.close()
    assert seen.wrong == []


def say(office: str, slug: str, text: str, **more: str) -> str:
    """Say something without an account, and return the receipt."""
    port = int(office.rsplit(":", 1)[1])
    status, told = ask(port, f"/api/publications/{slug}/comments", body={"text": text, **more})
    assert status == 201, told
    return str(told["receipt"])


def publish(page: Page, office: str, runs: list[str], slug: str, title: str = "公示") -> None:
    body = {"runs": runs, "title": title, "closes_at": f"{in_days(9)}T00:00:00+08:00", "slug": slug}
    assert page.request.post(f"{office}/api/publications", data=body).status == 201


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def article(page: Page, words: str):
    return page.locator("article", has_text=words)


def form_of(page: Page, words: str) -> str:
    """Return the selector of the form that decides on a remark."""
    action = article(page, words).locator("form").get_attribute("action")
    return f"form[action='{action}']"


@pytest.mark.parametrize("hands", ["mouse", "keyboard"])
def test_an_official_publishes_hears_answers_and_withdraws(
    official: Watched, browser: Browser, office: str, scenarios: list[str], hands: str
) -> None:
    page, slug = official.page, f"walk-{hands}"
    hand = by(hands, page)
    page.goto(f"{office}/hearings?runs=today,{scenarios[1]},{scenarios[0]}#publish")
    expect(page.locator("select[name=run] option:checked")).to_contain_text("方案乙")
    expect(page.locator("select[name=beside-1] option:checked")).to_contain_text("方案甲")
    hand.choose("select[name=run]", scenarios[0])
    hand.choose("select[name=beside-1]", scenarios[1])
    hand.fill("input[name=title]", "养老服务中心选址公示")
    hand.fill("textarea[name=text]", "请村民提意见。")
    hand.fill("input[name=closes]", in_days(10))
    hand.fill("input[name=slug]", slug)
    hand.press("#publish button.primary")
    page.wait_for_url(f"**/hearings/{slug}")
    expect(page.locator("h1")).to_have_text("养老服务中心选址公示")
    expect(page.locator(".lead")).to_contain_text(f"意见截止:{in_days(10)}")

    receipt = say(office, slug, "路太远,老人走不动")
    say(office, slug, "骂人的话")
    page.reload()
    far = form_of(page, "路太远")
    hand.choose(f"{far} select[name=state]", "accepted")
    hand.fill(f"{far} textarea[name=answer]", "增设班车。")
    hand.press(f"{far} button")
    expect(page.locator("#queue [role=status]")).to_contain_text("1 条意见有变化")
    expect(page.locator("#queue [role=status]")).to_be_in_viewport()
    rude = form_of(page, "骂人的话")
    hand.choose(f"{rude} select[name=state]", "hidden")
    hand.press(f"{rude} button")
    expect(page.locator("#queue [role=status]")).to_contain_text("1 条意见有变化")

    hand.choose("form[method=get] select[name=state]", "new")
    hand.press("form[method=get] button")
    expect(page.locator(".nothing")).to_be_visible()

    hand.choose("form[action*=entered] select[name=channel]", "meeting")
    hand.fill("form[action*=entered] textarea[name=text]", "会上说要有停车场")
    hand.press("form[action*=entered] button")
    expect(page.locator("#queue [role=status]")).to_contain_text(re.compile("[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}"))
    expect(article(page, "会上说要有停车场")).to_contain_text("会议")

    reader = Watched(browser, office, width=360, height=740)
    reader.page.goto(f"{office}/p/{slug}")
    expect(reader.page.locator("#heard-title ~ .remarks li")).to_have_count(1)
    expect(reader.page.locator(".answer")).to_contain_text("增设班车。")
    reader.page.goto(f"{office}/p/{slug}/receipt?code={receipt}")
    expect(reader.page.locator("dl")).to_contain_text("增设班车。")

    hand.fill("form[action*=withdraw] textarea", "数据有误,重新公示")
    hand.press("form[action*=withdraw] button")
    expect(page.locator(".lead")).to_contain_text("已撤回")
    expect(page.locator("form[action*=withdraw]")).to_have_count(0)
    reader.page.goto(f"{office}/p/{slug}")
    expect(reader.page.locator("[role=alert]")).to_contain_text("数据有误,重新公示")
    expect(reader.page.locator("#say textarea")).to_have_count(0)
    reader.page.close()
    assert reader.wrong == []


@pytest.mark.parametrize(("hands", "site"), [("mouse", 0), ("keyboard", 1)])
def test_an_official_adopts_what_was_heard_and_takes_it_back(
    official: Watched, office: str, scenarios: list[str], hands: str, site: int
) -> None:
    page, slug, hand = official.page, f"adopt-{hands}", by(hands, official.page)
    publish(page, office, [scenarios[site]], slug)
    page.goto(f"{office}/hearings/{slug}")
    hand.press("section a.button[href*='adoptions/new']")
    name = ("大王庄", "河口")[site]
    expect(page.locator("#change-title ~ dl")).to_contain_text(name)
    hand.fill("input[name=decision]", f"示范发〔2026〕{site} 号")
    hand.fill("input[name=from_date]", in_days(40))
    hand.press("button.primary")
    page.wait_for_url("**/adoptions")
    decided = page.locator("article", has_text=f"示范发〔2026〕{site} 号")
    expect(decided).to_contain_text(name)
    expect(decided.locator(".tag.good")).to_be_visible()
    page.goto(f"{office}/hearings/{slug}")
    expect(page.locator("#adopt-title ~ .notice")).to_contain_text(f"示范发〔2026〕{site} 号")
    page.goto(f"{office}/adoptions")
    hand.press("article details summary")
    hand.fill("article input[name=reason]", "预算未批")
    hand.press("article button.danger")
    expect(decided.locator(".tag.bad")).to_be_visible()
    expect(decided).to_contain_text("预算未批")


def test_the_comparison_leads_to_the_form_with_its_schemes(official: Watched, scenarios: list[str]) -> None:
    page = official.open(f"/compare?runs=today,{scenarios[0]},{scenarios[1]}")
    page.click("#publish-these")
    expect(page.locator("select[name=run] option:checked")).to_contain_text("方案甲")
    expect(page.locator("select[name=beside-1] option:checked")).to_contain_text("方案乙")
    expect(page.locator("input[name=title]")).to_be_in_viewport()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_off_and_nothing_stands_in_anybodys_way(
    official: Watched, office: str, scenarios: list[str], lang: str, width: int
) -> None:
    page, slug = official.page, f"look-{lang}-{width}"
    publish(page, office, scenarios, slug, title="公示" * 60)
    say(office, slug, "长" * 2000)
    say(office, slug, "a" * 2000, name="李")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{office}/hearings/{slug}")
    person = page.locator("article a").first.get_attribute("href")
    new = f"/adoptions/new?scenario={scenarios[0]}"
    for path in ("/hearings", f"/hearings/{slug}", f"/hearings/{slug}?state=hidden", person or "", "/adoptions", new):
        page.goto(f"{office}{path}{'&' if '?' in path else '?'}lang={lang}")
        for details in page.locator("details summary").all():
            details.click()
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        assert serious_faults(page) == [], path
