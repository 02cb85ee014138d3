"""A document as PDF: an archive's profile, letters that can be found, pages that hold, and words that stay words."""

import io
import itertools
import re
import shutil
import subprocess

import numpy as np
import pytest
import shapely
from documents import SVG, document, pdf_text, squeezed
from hostile_texts import HOSTILE
from pypdf import PdfReader

from maps.assets import FONTS, VENDOR
from maps.document.blocks import Brief, Paragraph, Picture, Points, Section, Table
from maps.document.pdf import brief_pdf, pdf_of, png_of
from maps.sheet.figure import map_figure
from maps.sheet.spec import Changed, Ground, MapSpec, Place, Site

pytestmark = pytest.mark.skipif(not (VENDOR / FONTS).is_dir(), reason="fonts not fetched: python -m maps.assets")
WEST, SOUTH = 490_000.0, 4_117_000.0


def county_of_pieces(pieces):
    """A county of so many pieces of road, each of five bends, and 900 places."""
    rng = np.random.default_rng(1)
    starts = rng.uniform((WEST, SOUTH), (WEST + 25_000, SOUTH + 40_000), (pieces, 2))
    courses = starts[:, None, :] + np.cumsum(rng.normal(0, 180, (pieces, 6, 2)), axis=1)
    half = pieces // 2
    roads = {
        "primary": shapely.multilinestrings(shapely.linestrings(courses[:half])),
        "unclassified": shapely.multilinestrings(shapely.linestrings(courses[half:])),
    }
    ground = Ground(shapely.box(WEST, SOUTH, WEST + 25_000, SOUTH + 40_000), roads=roads)
    spots = rng.uniform((WEST, SOUTH), (WEST + 25_000, SOUTH + 40_000), (900, 2)).tolist()
    return ground, spots


def test_every_hostile_text_stays_the_text_that_it_is():
    table = Table("表", ("甲", "乙"), tuple((text, "1") for text in HOSTILE), marked=((0, 0),))
    every = document(Section("a", HOSTILE[7], (Points(HOSTILE), table, *(Paragraph(text) for text in HOSTILE))))
    told = pdf_text(pdf_of(every))
    assert [text for text in HOSTILE if told.count(squeezed(text)) < 3] == []
    assert "root:" not in told


def test_it_is_of_the_profile_of_archives_with_its_letters_inside():
    file = pdf_of(document())
    reader = PdfReader(io.BytesIO(file))
    assert (reader.xmp_metadata.pdfaid_part, reader.xmp_metadata.pdfaid_conformance) == ("2", "B")
    assert reader.metadata.title == "示范县养老布局方案比较报告"
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"].get("/Font", {}).values()]
    below = [one.get_object() for font in fonts for one in font.get("/DescendantFonts", [])]
    assert below
    assert all({"/FontFile2", "/FontFile3"} & set(one["/FontDescriptor"].get_object()) for one in below)
    assert all("/ToUnicode" in font for font in fonts)
    assert {str(font["/BaseFont"]).partition("+")[2].partition("-")[0] for font in fonts} == {"NotoSansSC"}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_its_text_is_found_also_in_its_maps(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_of(document()))
    told = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True).stdout
    assert {"指标比较", "临盘街道", "拟制", "签发"} <= set(told.split())
    assert re.search(r"人均用时\s+12\.5\s+11\.9\s★", told)


def test_every_page_says_when_it_was_made_and_of_which_data():
    long = Table("名单", ("村", "人"), tuple((f"村{k}", str(k)) for k in range(200)))
    pages = PdfReader(io.BytesIO(pdf_of(document(Section("a", "名单", (long,)))))).pages
    told = [squeezed(page.extract_text()) for page in pages]
    assert len(pages) > 5
    for number, page in enumerate(told, 1):
        assert "编制日期2026-11-30·数据版本0123456789ab" in page
        assert f"第{number}页,共{len(pages)}页" in page
    assert all("村人" in page for page in told[2:-1])  # the head of the table is on each


def test_25_pages_with_a_map_of_10_000_pieces_of_road_are_at_most_3_mb():
    ground, spots = county_of_pieces(10_000)
    places = tuple(Place(f"村{k}", x, y, 300, 60 * (k % 40)) for k, (x, y) in enumerate(spots))
    sites = tuple(Site(k + 1, f"中心{k}", *spots[k]) for k in range(5))
    spec = MapSpec(ground, places, sites, ("star", "#D55E00"))
    drawn = map_figure(spec, service="养老服务中心", width_mm=168, height_mm=172, lang="zh")
    picture = Picture("map", "图", drawn.svg, drawn.width_mm, drawn.height_mm)
    rows = tuple((f"村{k}", "某镇", "300", f"{k / 7:.1f}") for k in range(1_100))
    table = Table("名单", ("村", "镇", "人数", "分钟"), rows, figures=(2, 3))
    file = pdf_of(document(Section("a", "地图", (picture,)), Section("b", "名单", (table,))))
    assert len(PdfReader(io.BytesIO(file)).pages) >= 25
    assert len(file) <= 3_000_000


def test_the_same_content_is_the_same_file():
    assert pdf_of(document()) == pdf_of(document())


def test_a_picture_alone_is_a_png_of_its_own_shape():
    png = png_of(Picture("a", "图", SVG, 60.0, 30.0))
    wide, high = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert wide / high == pytest.approx(2.0, rel=0.01)
    assert wide == pytest.approx(60 / 25.4 * 150, abs=2)


@pytest.mark.parametrize("rows", [3, 40, 90])
def test_a_brief_is_one_sheet_of_a3_whatever_it_holds(rows):
    table = Table("名单", ("村", "人"), tuple((f"村{k}", str(k)) for k in range(rows)))
    columns = ((Section("a", "甲", (table,)),), (Section("b", "乙", (Points(("一",)),)),))
    pages = PdfReader(io.BytesIO(brief_pdf(Brief(document(), columns, (1.0, 1.0))))).pages
    assert len(pages) == 1
    assert [round(float(one) / 72 * 25.4) for one in pages[0].mediabox[2:]] == [420, 297]
    told = squeezed(pages[0].extract_text())
    assert f"村{rows - 1}" in told
    assert {"拟制", "审核", "签发"} <= set(re.findall("拟制|审核|签发", told))


def test_a_map_of_changes_has_a_legend_of_its_own_and_hollow_sites():
    ground, spots = county_of_pieces(50)
    times = itertools.cycle([(600, 600), (600, 500), (600, 100), (600, 700), (600, 1300), (600, None), (None, 600)])
    changed = tuple(
        Changed(f"村{k}", x, y, 300, *pair) for k, ((x, y), pair) in enumerate(zip(spots[:70], times, strict=False))
    )
    gone = (Site(1, "老院", *spots[0]),)
    spec = MapSpec(ground, (), (Site(1, "新院", *spots[1]),), ("star", "#D55E00"), changed=changed, gone=gone)
    drawn = map_figure(spec, service="养老服务中心", width_mm=120, height_mm=120, lang="zh")
    for words in ("少 &gt; 10", "多 5 – 10", "变化不超过 1", "不再可达", "新增可达", "后一", "公里", ">N<"):
        assert words in drawn.svg
    assert "都不可达" not in drawn.svg  # nobody is
    assert drawn.width_mm <= 120
