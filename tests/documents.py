"""Documents made by hand, and what is read back from the files of them."""

import io
import zipfile
from dataclasses import replace

from lxml import etree
from pypdf import PdfReader

from maps.document.blocks import Document, Fact, Paragraph, Picture, Points, Section, Table

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30" width="60mm" height="30mm">'
    '<rect width="60" height="30" fill="#eef"/><text x="4" y="18" font-size="8">临盘街道</text></svg>'
)


def document(*sections, **fields):
    """A short document of every kind of block, or of the sections given."""
    told = Section("notes", "假设与说明", (Points(("用时只供试算。",)), Paragraph("数据不是实测。", "warning")))
    rows = (("人均用时", "12.5", "11.9"),)
    table = Table("各方案指标", ("指标", "现状", "方案 A"), rows, figures=(1, 2), marked=((0, 2),))
    shown = Section("maps", "地图", (Picture("scheme-A", "图:方案 A", SVG, 60.0, 30.0),))
    usual = (Section("measures", "指标比较", (table,)), shown, told)
    made = Document(
        title="示范县养老布局方案比较报告",
        subtitle="现状 / 方案 A",
        county="示范县 371499",
        badge="含模拟数据(非实测)",
        facts=(Fact("made-on", "编制日期", "2026-11-30"), Fact("data-version", "数据版本", "0123456789ab")),
        sections=sections or usual,
        signatures=("拟制", "审核", "签发"),
        signature_head=("环节", "姓名", "签字", "日期"),
        page_words="编制日期 2026-11-30 · 数据版本 0123456789ab",
        made_on=(2026, 11, 30),
        lang="zh",
    )
    return replace(made, **fields)


def pdf_text(file):
    """All words of a PDF, without its spaces and breaks, since lines break where they must."""
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages))


def word_text(file):
    """All words of a Word file's body, paragraph by paragraph."""
    body = parts_of(file)["word/document.xml"]
    return ["".join(run.text or "" for run in one.iter(f"{W}t")) for one in body.iter(f"{W}p")]


def parts_of(file):
    """Every XML part of a Word file, read strictly."""
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        names = [name for name in packed.namelist() if name.endswith((".xml", ".rels"))]
        return {name: etree.fromstring(packed.read(name)) for name in names}


def squeezed(words):
    """Words without any space."""
    return "".join(words.split())
