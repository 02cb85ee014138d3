"""What stands beside a comparison stands in every kind of file: ranges, curve, added sites, hearing; figures alike."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from html import unescape

import openpyxl
import pytest
from callers import asked
from documents import pdf_text, squeezed, word_text
from pypdf import PdfReader

from api.actions.report import beside, futures_tables
from maps.assets import FONTS, VENDOR

pytestmark = pytest.mark.skipif(not (VENDOR / FONTS).is_dir(), reason="fonts not fetched: python -m maps.assets")
ELDERS = {"service": "elder-centre", "limit_minutes": 10}


def read_html(file):
    return squeezed(unescape(file.decode()))


READ = {"pdf": pdf_text, "docx": lambda file: squeezed("".join(word_text(file))), "html": read_html}


@pytest.fixture
def wanted(client):
    """Three schemes with all that can be asked about them; one is published and heard."""
    best = asked(client, "/api/plans", {**ELDERS, "p": 2})["id"]
    placed = client.post("/api/scenarios", json={"name": "一处", "question": {**ELDERS, "sites": ["00006"]}})
    runs = ["today", best, placed.json()["id"]]
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    notice = {"runs": [best], "title": "公示<b>", "text": "征求意见", "closes_at": until, "slug": "yanglao-1"}
    assert client.post("/api/publications", json=notice).status_code == 201
    for words, stance in (("张三家最远", "against"), ("很好", "for"), ("知道了", "")):
        said = {"text": words, "stance": stance}
        assert client.post("/api/publications/yanglao-1/comments", json=said).status_code == 201
    futures = asked(client, "/api/futures", {"runs": runs, "count": 12, "resolve": 4})["id"]
    study = asked(client, "/api/studies", {"kind": "frontier", "plan_id": best, "curve": "mean-worst"})["id"]
    return {"runs": ",".join(runs), "futures": futures, "study": study, "made_good": "0-B,A-B"}


def file_of(client, wanted, ending, **more):
    answer = client.get("/api/compare", params={**wanted, "as": ending, **more})
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.mark.parametrize("ending", READ)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_beside_the_schemes_stands_in_the_file(client, wanted, ending, lang):
    told = client.get("/api/compare", params={**wanted, "lang": lang}).json()
    words = READ[ending](file_of(client, wanted, ending, lang=lang))
    ranges, pairs = futures_tables.ranges_table(told, lang), futures_tables.pairs_table(told, lang)
    chosen = [futures_tables.chosen_table(again, told, lang) for again in told["futures"]["resolved"]]
    join = "".join if ending != "html" else "</td><td".join
    for table in (ranges, pairs, *chosen):
        for row in table.rows:
            missing = [cell for cell in row if squeezed(cell) not in words]
            assert missing == [], (table.caption, join(row))
    for said in (*beside.made_good_points(told, lang), *beside.heard_points(told, lang)):
        assert squeezed(said) in words
    assert all(squeezed(one["words"]) in words for one in told["futures"]["assumptions"])
    for point in told["curve"]["points"]:
        for axis in ("x", "y"):
            assert beside.curve_figure(point[axis], "mean-worst", axis) in words
        assert all(name in words for name in point["names"])
    assert "张三" not in words


def test_one_sheet_of_a3_has_them_too(client, wanted):
    told = client.get("/api/compare", params=wanted).json()
    file = file_of(client, wanted, "pdf", paper="A3")
    assert len(PdfReader(io.BytesIO(file)).pages) == 1
    words = pdf_text(file)
    for table in (futures_tables.ranges_table(told, "zh"), futures_tables.pairs_table(told, "zh")):
        assert [row for row in table.rows if squeezed("".join(row)) not in words] == []
    for said in (*beside.made_good_points(told, "zh"), *beside.heard_points(told, "zh")):
        assert squeezed(said) in words


def test_the_workbook_has_a_sheet_for_each(client, wanted):
    told = client.get("/api/compare", params=wanted).json()
    book = openpyxl.load_workbook(io.BytesIO(file_of(client, wanted, "xlsx")))
    curve = list(book["权衡曲线"].iter_rows(min_row=2, values_only=True))
    points = [(one["x"], one["y"]) for one in (*told["curve"]["points"], *told["curve"]["schemes"])]
    assert [row[1:3] for row in curve] == [pytest.approx(one) for one in points]
    added = [row[7] for row in book["补救增设"].iter_rows(min_row=2, values_only=True) if row[5]]
    assert added == [site["people"] for one in told["made_good"] for site in one["added"]]
    heard = {row[3]: row[4] for row in book["公示意见"].iter_rows(min_row=2, values_only=True)}
    counted = [heard[name] for name in ("合计", "已答复", "反对", "赞成", "未表态")]
    assert counted == [3, 0, 1, 1, 1], "whoever takes no stance is counted as well"


def test_every_picture_is_a_png_in_one_zip(client, wanted):
    with zipfile.ZipFile(io.BytesIO(file_of(client, wanted, "zip"))) as packed:
        names = packed.namelist()
        assert all(packed.read(name).startswith(b"\x89PNG") for name in names)
    assert len(names) == 1 + 3 + 2, "the curve, each scheme, and what changes from today"
    assert names[0].startswith("01_图_人均用时与最远用时")
    assert all("/" not in name and "<" not in name for name in names)
