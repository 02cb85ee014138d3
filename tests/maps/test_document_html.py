"""The file that opens without a server: everything inside, nothing private, names that stay names."""

import json
import re
from html import unescape

import pytest
from documents import document
from hostile_texts import HOSTILE

from maps.assets import VENDOR
from maps.document.blocks import Points, Section, Table
from maps.document.html import LiveMap, MapPlaces, MapSite, MapView, html_of

pytestmark = pytest.mark.skipif(
    not (VENDOR / "leaflet" / "leaflet.js").is_file(), reason="web assets not fetched: python -m maps.assets"
)


@pytest.fixture
def live(info):
    places = MapPlaces(("a", "b"), ("东村", "西村</script>"), (None, "某镇"), (116.8, 116.9), (37.1, 37.1), (100, 250))
    views = [MapView("scheme-A", "方案 A", "elder-centre", 900, (300, None), (MapSite("a", "东村", 116.8, 37.1),))]
    return LiveMap(places, views, {"edition": 1}, (116.8, 37.1, 116.9, 37.2), info, [])


def carried(page):
    return json.loads(re.search(r'id="map-data">(.*?)</script>', page, re.DOTALL)[1])


def test_nothing_is_asked_from_outside_the_file(live):
    page = html_of(document(), live)
    assert re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=\"(?!data:)[^\"]*\"", page) == []
    assert re.findall(r"url\((?!data:|#)[^)]*\)", page.split("</style>")[0]) == []
    assert "sourceMappingURL" not in page
    assert "default-src 'none'" in unescape(page)


def test_the_policy_allows_each_inline_script(live):
    page = html_of(document(), live)
    assert len(re.findall(r"<script>(.*?)</script>", page, re.DOTALL)) == 3
    assert unescape(page).count("'sha256-") == 4  # and one for the styles


def test_the_map_carries_its_views_and_no_layer_of_persons(live):
    page = html_of(document(), live)
    assert carried(page)["views"][0]["seconds"] == [300, None]
    assert carried(page)["places"]["names"] == ["东村", "西村</script>"]
    assert "roster" not in page
    assert 'data-view="scheme-A"' not in page  # no section of this document is of it


def test_a_section_with_a_view_leads_to_it(live):
    page = html_of(document(Section("scheme-A", "方案 A", ())), live)
    assert 'data-view="scheme-A"' in page


def test_every_hostile_text_stays_the_text_that_it_is(live):
    table = Table("表", ("甲",), tuple((text,) for text in HOSTILE))
    page = html_of(document(Section("a", "正文", (Points(HOSTILE), table))), live)
    shown = re.findall(r"<(?:li|td)>(.*?)</(?:li|td)>", page, re.DOTALL)
    assert [text for text in HOSTILE if [unescape(one) for one in shown].count(text) != 2] == []
    assert "<script>alert(1)</script>" not in page
