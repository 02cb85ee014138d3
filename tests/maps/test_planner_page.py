"""The planner page: light, local, honest about reconstructed data."""

import json
import re

import pytest

from maps.base_map import Tiles
from maps.planner_page import render_planner

SERVICES = [
    {
        "name": "elder-centre",
        "models": [{"name": "p-median", "needs": ["p"], "takes": []}],
        "defaults": {"model": "p-median", "p": 5, "limit_minutes": 20, "mode": "car", "base": "resident"},
        "bases": {"model": "least-travel"},
        "rooms": [],
    }
]


def test_the_page_is_light_and_asks_only_our_own_server(info):
    page = render_planner(info, services=SERVICES)
    assert len(page.html.encode()) < 40_000
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.html)
    assert [a for a in addresses if not a.startswith(("/static/", "/texts/", "?lang=", "#", "data:,"))] == []


def test_no_handler_stands_inline_and_the_policy_allows_only_our_script(info):
    page = render_planner(info, services=SERVICES)
    assert re.findall(r"<[^>]+\s(?:on\w+|style)=", page.html) == []
    assert page.policy.count("'sha256-") == 1
    assert "unsafe" not in page.policy


def test_a_name_cannot_break_out_of_the_embedded_data(info):
    hostile = {**info, "county": {**info["county"], "name": "</script><b>县"}}
    html = render_planner(hostile, services=SERVICES).html
    assert "</script><b>" not in html
    embedded = re.search(r'id="page-data">(.*?)</script>', html, re.DOTALL)
    assert json.loads(embedded[1])["info"]["county"]["name"] == "</script><b>县"


@pytest.mark.parametrize(
    ("lang", "badge", "field"), [("zh", "含模拟数据", "位置与形状"), ("en", "reconstructed", "positions and shapes")]
)
def test_what_is_reconstructed_is_listed_by_layer_and_field(info, lang, badge, field):
    html = render_planner(info, services=SERVICES, lang=lang).html
    assert badge in html
    assert field in html


def test_a_county_of_imported_data_says_so(info):
    layers = {name: {**about, "reconstructed": []} for name, about in info["layers"].items()}
    html = render_planner({**info, "layers": layers}, services=SERVICES).html
    assert "全部为导入数据" in html
    assert 'class="honesty"' not in html


def test_tiles_open_the_policy_for_their_host_only(info):
    page = render_planner(info, services=SERVICES, tiles=Tiles("osm"))
    assert re.findall(r"https://[^\s;]+", page.policy) == ["https://tile.openstreetmap.org"]


def test_the_same_county_gives_the_same_page(info):
    assert render_planner(info, services=SERVICES) == render_planner(info, services=SERVICES)
