"""The printed sheet: one page of A4 or A3, true to scale, every item that a hearing asks for, nothing cut off."""

import re

import pytest
from playwright.sync_api import Page, expect
from watched_page import Watched

pytestmark = pytest.mark.browser

MM = {"A4": (297, 210), "A3": (420, 297)}
ITEMS = ("question", "made-at", "version", "badge", "legend", "scale", "figures", "verdict", "sites", "chart",
         "left-behind", "notes", "signatures")  # fmt: skip
WORDS = {
    "zh": ("图例", "设点清单", "各用时段人数", "未得到服务的村(居)", "数据版本", "制表时间", "审核", "批准", "模拟"),
    "en": ("Legend", "Sites", "People by travel time", "Left behind", "Data version", "Made", "Checked by",
           "Approved by", "reconstructed data"),
}  # fmt: skip
CUT_OFF = """() => [...document.querySelectorAll("#sheet, #sheet *")].filter((one) => !(one instanceof SVGElement)
    && getComputedStyle(one).overflow !== "visible"
    && (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)).map((one) => one.id)"""
WIDTH_MM = "(one) => one.getBoundingClientRect().width * 25.4 / 96"
BAR_MM = """(bar) => [...bar.querySelectorAll("rect")]
    .reduce((sum, part) => sum + part.getBoundingClientRect().width, 0) * 25.4 / 96"""
BOXES = """() => [...document.querySelectorAll(".map text.name:not([transform])")].map((one) => one.getBBox())
    .map(({ x, y, width, height }) => ({ x, y, width, height }))"""


def opened(watched: Watched, service: str) -> Page:
    """The sheet of the default plan of a service, which set-up has computed."""
    page = watched.page
    run = page.request.post(f"{watched.url}/api/plans", data={"service": service}).json()["run"]
    assert run["state"] == "done"
    page.goto(f"{watched.url}/plan/sheet?run={run['id']}&paper=A4&lang=zh")
    return page


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_stands_on_one_page(watched: Watched, paper: str, lang: str) -> None:
    sheet = opened(watched, "elder-centre")
    sheet.goto(re.sub(r"paper=\w+&lang=\w+", f"paper={paper}&lang={lang}", sheet.url))
    told = sheet.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", told)) == 1
    (box,) = re.findall(rb"/MediaBox\s*\[([^\]]+)\]", told)
    assert tuple(round(float(one) * 25.4 / 72) for one in box.split()) == (0, 0, *MM[paper])
    sheet.emulate_media(media="print")
    for item in ITEMS:
        expect(sheet.locator(f"#{item}")).to_be_visible()
    text = sheet.locator("#sheet").inner_text()
    assert [word for word in WORDS[lang] if word not in text] == []
    assert sheet.evaluate(CUT_OFF) == []
    expect(sheet.locator(".map .places circle")).to_have_count(865)
    expect(sheet.locator(".map text.township")).to_have_count(12)
    sheet.close()


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_map_is_true_to_its_scale_on_paper(watched: Watched, paper: str) -> None:
    sheet = opened(watched, "elder-centre")
    sheet.goto(re.sub(r"paper=\w+", f"paper={paper}", sheet.url))
    sheet.emulate_media(media="print")
    denominator = int(sheet.locator(".map").get_attribute("data-scale"))
    assert f"1:{denominator:,}" in sheet.locator("#scale").inner_text()
    outline = sheet.locator(".map .ground path").first.evaluate(WIDTH_MM)
    county_m = 32_389  # from the westernmost to the easternmost point of Linyi
    assert outline == pytest.approx(county_m * 1000 / denominator, rel=0.01)
    bar = sheet.locator(".scale-bar")
    length_m = float(bar.get_attribute("data-length-m"))
    long = bar.evaluate(BAR_MM)
    assert long == pytest.approx(length_m * 1000 / denominator, rel=0.03)  # with the edges of its four parts
    sheet.close()


def test_names_on_the_map_stand_clear_of_one_another(watched: Watched) -> None:
    sheet = opened(watched, "hub")
    boxes = sheet.evaluate(BOXES)
    assert len(boxes) > 40
    met = [
        (one, other)
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"]) > 0.05
        and min(one["y"] + 0.8 * one["height"], other["y"] + 0.8 * other["height"])
        - max(one["y"] + 0.2 * one["height"], other["y"] + 0.2 * other["height"]) > 0.05
    ]  # fmt: skip
    assert met == []
    assert sheet.evaluate(CUT_OFF) == []
    sheet.close()


def test_the_button_prints_and_is_not_printed(watched: Watched) -> None:
    sheet = opened(watched, "elder-centre")
    sheet.evaluate("() => { window.print = () => { window.printed = true; }; }")
    sheet.click("#print")
    assert sheet.evaluate("() => window.printed") is True
    sheet.emulate_media(media="print")
    expect(sheet.locator("#print")).to_be_hidden()
    expect(sheet.locator("#other-paper")).to_be_hidden()
    sheet.close()
