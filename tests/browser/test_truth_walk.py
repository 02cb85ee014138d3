"""Nothing false and nothing swallowed: faults beside their fields, one count of people, reports confirmed."""

import json
import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, Response, expect
from watched_page import Watched

from api.figures import hours_of, minutes_of, share_of

pytestmark = pytest.mark.browser
STARS = ".leaflet-plan-pane .leaflet-marker-icon"
REFUSED = re.compile("422")  # Chromium notes each refused request in its console


@pytest.fixture
def refused(watched: Watched):
    """A page that is refused something on purpose."""
    yield watched
    watched.wrong[:] = [told for told in watched.wrong if not REFUSED.search(told)]


def reports(page: Page) -> int:
    return page.evaluate("async () => (await (await fetch('/api/incidents?limit=500')).json()).length")


def look_at(page: Page, lat: float, lon: float, zoom: int) -> None:
    page.evaluate(f"() => {{ window.countyMaps.planner.setView([{lat}, {lon}], {zoom}, {{ animate: false }}); }}")


def expect_fault(page: Page, field: str, *words: str) -> None:
    """The fault stands beside its field and in the list, in full."""
    field_in_error = page.locator(f"#plan-{field}")
    expect(field_in_error).to_have_attribute("aria-invalid", "true")
    expect(field_in_error).to_be_focused()
    expect(field_in_error).to_be_in_viewport()
    for word in words:
        expect(page.locator(f"#problem-plan-{field}")).to_contain_text(word)
        expect(page.locator("#plan-result .problems")).to_contain_text(word)


def test_a_refused_question_is_told_beside_its_field_and_leaves_no_other_plan_on_the_map(refused: Watched) -> None:
    page = refused.open()
    expect(page.locator(STARS)).to_have_count(5)
    page.fill("#plan-p", "900")
    page.click("#plan-run")
    expect_fault(page, "p", "不大于候选点数 865", "900", "改小")
    expect(page.locator(STARS)).to_have_count(0)
    expect(page.locator("#plan-sites")).to_have_count(0)
    page.click("#plan-earlier")
    expect(page.locator(STARS)).to_have_count(5)
    expect(page.locator("#plan-p")).to_have_value("5")
    expect(page.locator("#plan-p")).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#plan-sites tbody tr")).to_have_count(5)


@pytest.mark.parametrize(
    ("model", "field", "words"),
    [("budget", "budget_yuan", "预算(元)"), ("capacitated", "capacity", "每处容量"), ("mclp", "p", "不小于 1")],
)
def test_what_a_model_needs_is_asked_for(refused: Watched, model: str, field: str, words: str) -> None:
    page = refused.open()
    page.select_option("#plan-model", model)
    if model == "mclp":
        page.fill("#plan-p", "0")
    page.click("#plan-run")
    expect_fault(page, field, words)
    expect(page.locator(STARS)).to_have_count(0)
    page.fill(f"#plan-{field}", "1")
    expect(page.locator(f"#problem-plan-{field}")).to_have_count(0)


def test_several_faults_come_at_once_and_an_unread_number_is_one(refused: Watched) -> None:
    page = refused.open()
    page.fill("#plan-limit_minutes", "9999")
    page.click("#plan-conditions summary")
    page.fill("#plan-separation_km", "-1")
    page.click("#plan-run")
    expect(page.locator("#plan-result .problems li")).to_have_count(2)
    expect(page.locator("[aria-invalid=true]")).to_have_count(2)
    page.fill("#plan-limit_minutes", "30")
    page.focus("#plan-separation_km")
    page.keyboard.press("Control+A")
    page.keyboard.type("1e")
    page.click("#plan-run")
    expect_fault(page, "separation_km", "数字")


def test_studies_and_closures_tell_their_faults_too(refused: Watched) -> None:
    page = refused.open()
    page.click("#study-phasing summary")
    page.fill("#study-yearly", "")
    page.click("#study-phasing button.primary")
    expect(page.locator("#problem-study-yearly")).to_contain_text("请填写“每年预算(元)”")
    expect(page.locator("#study-phasing .problems")).to_contain_text("请填写“每年预算(元)”")
    page.click("#tab-roads")
    look_at(page, 37.6, 117.6, 14)  # far outside the county
    page.click("#closure-centre")
    expect(page.locator("#closure-problem .problems")).to_contain_text("请放大地图,点在道路上")


def test_page_api_command_line_and_closures_count_the_same_people(watched: Watched, planner_data: str) -> None:
    page = watched.open()
    card = page.locator("#plan-result .figures").inner_text()
    within, total = re.search(r"([\d,]+) 人 / 共 ([\d,]+) 人", card).groups()
    mean, farthest = (re.search(rf"{name}\s+([\d.]+) 分钟", card)[1] for name in ("人均用时", "最远村用时"))
    page.click("#tab-roads")
    look_at(page, 37.19, 116.87, 13)
    page.click("#closure-centre")
    expect(page.locator("#closure-list li")).to_have_count(1)
    expect(page.locator("#closure-counted")).to_have_text(f"统计对象:60 岁及以上常住人口,共 {total} 人")
    before = [row.locator("td").first.inner_text() for row in page.locator("#closure-figures tbody tr").all()]
    assert before == [mean, farthest, within, "0"]
    by_api = page.evaluate(
        "async () => (await (await fetch('/api/plans', {method: 'POST', headers: {'Content-Type': 'application/json'},"
        " body: JSON.stringify({service: 'elder-centre'})})).json()).run.result.measures"
    )
    assert (f"{by_api['people_within_limit']:,}", f"{by_api['people_total']:,}") == (within, total)
    command = [sys.executable, "-m", "api.cli", "plan", "--service", "elder-centre"]
    environment = {**os.environ, "COUNTYGRID_DATA": planner_data}
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    assert f"{within} 人 / 共 {total} 人" in told
    assert f"人均用时:{mean} 分钟" in told
    assert f"最远村用时:{farthest} 分钟" in told
    as_json = subprocess.run([*command, "--json"], env=environment, check=True, capture_output=True, text=True).stdout
    assert json.loads(as_json)["measures"] == by_api


@pytest.mark.parametrize("service", ["elder-centre", "hub"])
def test_the_default_plans_are_there_at_once(watched: Watched, service: str) -> None:
    page = watched.open()
    page.select_option("#plan-service", service)
    answers: list[Response] = []
    page.on("response", lambda one: answers.append(one) if one.request.method == "POST" else None)
    page.click("#plan-run")
    expect(page.locator("#plan-progress")).to_be_hidden()
    expect(page.locator("#plan-result .card h3").first).to_have_text(
        {"elder-centre": "养老服务中心", "hub": "社区综合服务中心"}[service]
    )
    assert [one.json()["run"]["state"] for one in answers] == ["done"]
    expect(page.locator("#plan-result .basis")).not_to_contain_text("新建一处")


def test_a_report_is_filed_only_when_it_is_confirmed(watched: Watched) -> None:
    page = watched.open()
    page.click("#tab-incident")
    page.click("#incident-pick")
    expect(page.locator("#problem-incident-category")).to_contain_text("请先选择事件类别")
    expect(page.locator("#incident-pick")).to_have_attribute("aria-pressed", "false")
    page.select_option("#incident-category", "security")
    page.fill("#incident-text", "井盖缺失")
    before = reports(page)
    question = page.locator("#incident-question")
    for give_up in ("button", "Escape"):
        page.click("#incident-pick")
        expect(page.locator("#pick-hint")).to_contain_text("Esc")
        page.locator("#planner_map").click(position={"x": 500, "y": 400})
        for word in ("治安", "井盖缺失"):
            expect(question).to_contain_text(word)
        expect(question).to_contain_text(re.compile(r"\d{15}"))
        expect(page.locator("#incident-confirm")).to_be_focused()
        if give_up == "button":
            page.click("#incident-cancel")
        else:
            page.keyboard.press("Escape")
        expect(question).to_have_count(0)
        expect(page.locator("#incident-result")).to_contain_text("尚未上报")
        expect(page.locator(".leaflet-incident-pane .leaflet-marker-icon")).to_have_count(0)
    assert reports(page) == before
    page.click("#incident-centre")
    page.select_option("#incident-category", "traffic")  # what is confirmed is what stands there
    expect(question).to_contain_text("道路交通")
    page.dblclick("#incident-confirm")
    expect(page.locator("#incident-card")).to_contain_text("道路交通")
    expect(page.locator("#incident-recent li").first).to_contain_text("道路交通")
    assert reports(page) == before + 1


def test_a_place_outside_the_county_is_said_before_filing(watched: Watched) -> None:
    page = watched.open()
    page.click("#tab-incident")
    page.select_option("#incident-category", "campus")
    before = reports(page)
    look_at(page, 37.6, 117.6, 13)
    page.click("#incident-centre")
    expect(page.locator("#incident-warning")).to_contain_text("不在本县范围内")
    expect(page.locator("#incident-confirm")).to_have_text("仍要上报")
    assert reports(page) == before
    page.click("#incident-confirm")
    expect(page.locator("#incident-card")).to_contain_text("县指挥中心值班席位")
    assert reports(page) == before + 1


def test_clicks_for_another_tab_file_nothing(watched: Watched) -> None:
    page = watched.open()
    page.click("#tab-incident")
    page.select_option("#incident-category", "campus")
    page.click("#incident-pick")
    page.click("#tab-roads")
    before = reports(page)
    page.locator("#planner_map").click(position={"x": 500, "y": 400})
    expect(page.locator("#pick-hint")).to_be_hidden()
    expect(page.locator("#incident-question")).to_have_count(0)
    assert reports(page) == before


def test_a_phone_is_not_told_to_press_keys(phone: Watched) -> None:
    page = phone.open()
    page.click("#drawer-toggle")
    page.click("#tab-incident")
    page.select_option("#incident-category", "traffic")
    page.click("#incident-pick")
    hint = page.locator("#pick-hint")
    expect(hint).to_be_visible()
    expect(hint).not_to_contain_text("Esc")
    page.click("#pick-end")
    expect(hint).to_be_hidden()
    page.click("#tab-roads")
    page.click("#closure-pick")
    expect(hint).not_to_contain_text("Esc")
    zoom, box = page.locator(".leaflet-control-zoom").bounding_box(), hint.bounding_box()
    assert zoom is not None
    assert box is not None
    assert box["x"] + box["width"] <= zoom["x"]
    page.click("#pick-end")
    page.click("#tab-incident")
    page.click("#incident-centre")
    expect(page.locator("#incident-question")).to_be_in_viewport()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_a_village_s_popup_can_be_closed_on_a_phone(phone: Watched) -> None:
    page = phone.open()
    page.fill("#search", "王书村")
    expect(page.locator("#search-hits [role=option]").first).to_be_visible()
    page.press("#search", "Enter")
    expect(page.locator(".leaflet-popup-content h3")).to_have_text("王书村")
    page.click(".leaflet-popup-close-button")
    expect(page.locator(".leaflet-popup-content")).to_have_count(0)


def test_the_note_on_reconstructed_data_closes(watched: Watched) -> None:
    page = watched.open()
    words = page.locator("#honesty > div")
    for close in ("#honesty-close", "#tab-layers"):
        page.click("#honesty summary")
        expect(words).to_be_visible()
        page.click(close)
        expect(words).to_be_hidden()
    page.click("#honesty summary")
    page.keyboard.press("Escape")
    expect(words).to_be_hidden()


def test_no_sentence_speaks_of_a_census_that_was_not_compared(watched: Watched) -> None:
    page = watched.open()
    expect(page.locator("#plan-result .notes")).to_contain_text("各村人口为模拟数据")
    expect(page.locator("body")).not_to_contain_text("普查")


def test_a_default_is_named_as_its_field_is(watched: Watched) -> None:
    page = watched.open()
    page.click("#plan-defaults summary")
    for service, name in (("elder-centre", "每处床位(张)"), ("service-room", "每处最多服务(人)")):
        page.select_option("#plan-service", service)
        expect(page.locator("#plan-defaults-list dt", has_text=name)).to_have_count(1)
        expect(page.locator("#capacity-words")).to_have_text(name)


def test_the_page_says_what_travel_times_leave_out(watched: Watched) -> None:
    page = watched.open()
    expect(page.locator("#plan-result .notes")).to_contain_text("用时未计转弯限制、坡度、拥堵和停车。")
    page.click("#tab-roads")
    page.click("#closure-centre")
    expect(page.locator("#closure-result")).to_contain_text("用时未计转弯限制、坡度、拥堵和停车。")


def test_page_and_command_line_round_alike(watched: Watched) -> None:
    page = watched.open()
    script = """async (given) => {
      const { minutesFigure, hoursFigure, formatShare } = await import('/static/js/text.js');
      const shares = given.shares.map(([part, whole]) => formatShare(part, whole));
      return [given.seconds.map(minutesFigure), given.sums.map(hoursFigure), shares];
    }"""
    seconds = [*range(7200), 660.3, 471.0, 470.9999, 1e6]
    sums = [*range(0, 4000, 90), 68_014_075, 359_999, 360_000, 10**10 + 1800]
    shares = [(part, whole) for whole in (1, 3, 750, 103_265) for part in {0, 1, whole // 2, whole - 1, whole}]
    told = page.evaluate(script, {"seconds": seconds, "sums": sums, "shares": shares})
    assert told == [
        [minutes_of(value) for value in seconds],
        [hours_of(value) for value in sums],
        [share_of(part, whole) for part, whole in shares],
    ]
