"""The exported file: everything inside, nothing private, fine with villages and roads alone."""

import json
import re
from html import unescape

import pytest

from maps.assets import VENDOR
from maps.export import render_export

pytestmark = pytest.mark.skipif(
    not (VENDOR / "leaflet" / "leaflet.js").is_file(), reason="web assets not fetched: python -m maps.assets"
)


@pytest.fixture
def html(info, villages, roads, plan):
    return render_export(info, {"villages": villages, "roads": roads}, [plan])


def carried(html):
    return json.loads(re.search(r'id="county-data">(.*?)</script>', html, re.DOTALL)[1])


def test_nothing_is_asked_from_outside_the_file(html):
    assert re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=\"(?!data:)[^\"]*\"", html) == []
    assert re.findall(r"url\((?!data:|#)[^)]*\)", html.split("</style>")[0]) == []
    assert "sourceMappingURL" not in html
    assert "default-src 'none'" in unescape(html)


def test_the_policy_allows_each_inline_script(html):
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(scripts) == 3
    assert unescape(html).count("'sha256-") == 4  # and one for the styles


def test_villages_and_roads_alone_are_a_map(html):
    layers = carried(html)["layers"]
    assert set(layers) == {"villages", "roads"}
    assert layers["villages"]["features"][1]["properties"]["name"] == "西村</script>"
    assert [feature["id"] for feature in layers["roads"]["features"]] == ["primary", "primary-bridge", "residential"]


def test_coordinates_are_those_of_a_metre(html):
    assert "116.85123456" not in html
    assert "116.85123" in html


def test_no_layer_of_persons_enters_the_file(info, villages, roads, plan):
    roster = villages.assign(phone="13800000000")
    html = render_export(info, {"villages": villages, "roads": roads, "roster": roster}, [plan])
    assert "13800000000" not in html
    assert "roster" not in carried(html)["layers"]


def test_the_plan_travels_whole(html, plan):
    assert carried(html)["plans"] == [json.loads(json.dumps(plan))]


def test_a_file_without_plans_colours_by_people(info, villages, roads):
    html = render_export(info, {"villages": villages, "roads": roads}, [], lang="en")
    measures = re.search(r'id="measure">(.*?)</select>', html, re.DOTALL)[1]
    assert re.findall(r'value="(\w+)"', measures) == ["people", "none"]


def test_reconstruction_is_stated(html):
    assert "含模拟数据" in html
    assert "常住人口" in html
