"""The workbench's page: our own files only, one script to begin with, texts in the reader's language."""

import json
import re

import pytest

from maps.base_map import Tiles
from maps.incidents_page import incident_script, render_incidents
from maps.pages import address_of
from maps.plan_page import plan_scripts, render_plan


@pytest.fixture
def info():
    layers = {"villages": {"reconstructed": []}, "roads": {"reconstructed": ["geometry"]}}
    return {"county": {"name": "某<b>县", "code": "371400"}, "version": "0" * 64, "layers": layers}


@pytest.mark.parametrize(("lang", "words"), [("zh", "方案工作台"), ("en", "Workbench")])
def test_the_page_asks_our_own_server_only(info, lang, words):
    page = render_plan(info, services=[], lang=lang)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.html)
    assert [a for a in addresses if not a.startswith(("/static/", "/scripts/", "?lang=", "#", "data:,"))] == []
    assert words in page.html
    assert "某&lt;b&gt;县" in page.html
    assert "unsafe" not in page.policy


def test_the_page_begins_with_one_script_of_its_own_and_names_those_that_come_later(info):
    html = render_plan(info, services=[], lang="zh").html
    scripts = plan_scripts()
    assert f'<script type="module" src="{address_of(scripts["start"])}"></script>' in html
    assert address_of(scripts["dialogs"]) in html
    assert html.count('type="module"') == 1


def test_each_part_of_the_page_has_its_place(info):
    html = render_plan(info, services=[], lang="zh").html
    for part in ("scenario", "look-up", "choices", "tools", "legend", "figures", "villages", "dialogs"):
        assert f'id="{part}"' in html


def test_no_handler_stands_inline_and_the_policy_allows_only_our_script(info):
    page = render_plan(info, services=[])
    assert re.findall(r"<[^>]+\s(?:on\w+|style)=", page.html) == []
    assert page.policy.count("'sha256-") == 1


def test_a_name_cannot_break_out_of_the_embedded_data(info):
    hostile = {**info, "county": {**info["county"], "name": "</script><b>县"}}
    for html in (render_plan(hostile, services=[]).html, render_incidents(hostile).html):
        assert "</script><b>" not in html
        embedded = re.search(r'id="page-data">(.*?)</script>', html, re.DOTALL)
        assert json.loads(embedded[1])["info"]["county"]["name"] == "</script><b>县"


@pytest.mark.parametrize(
    ("lang", "badge", "field"), [("zh", "含模拟数据", "位置与形状"), ("en", "reconstructed", "positions and shapes")]
)
def test_what_is_reconstructed_is_listed_by_layer_and_field(info, lang, badge, field):
    for html in (render_plan(info, services=[], lang=lang).html, render_incidents(info, lang=lang).html):
        assert badge in html
        assert field in html


def test_a_county_of_imported_data_says_so(info):
    layers = {name: {**about, "reconstructed": []} for name, about in info["layers"].items()}
    html = render_plan({**info, "layers": layers}, services=[]).html
    assert "全部为导入数据" in html
    assert 'class="honesty"' not in html


def test_tiles_open_the_policy_for_their_host_only(info):
    page = render_plan(info, services=[], tiles=Tiles("osm"))
    assert re.findall(r"https://[^\s;]+", page.policy) == ["https://tile.openstreetmap.org"]


def test_the_page_of_reports_is_light_and_asks_our_own_server_only(info):
    page = render_incidents(info, category_names={"security": {"zh": "治安事项", "en": "x"}})
    assert len(page.html.encode()) < 20_000
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.html)
    assert [a for a in addresses if not a.startswith(("/static/", "/scripts/", "?lang=", "#", "data:,"))] == []
    assert f'<script type="module" src="{address_of(incident_script())}"></script>' in page.html
    assert '"security":"治安事项"' in page.html
    assert '"traffic":"道路交通"' in page.html


def test_the_same_county_gives_the_same_page(info):
    assert render_plan(info, services=[]) == render_plan(info, services=[])
    assert render_incidents(info) == render_incidents(info)
