"""A document as a Word file: valid, Chinese throughout, and filled into whatever template an office brings."""

import io
import shutil
import subprocess
import zipfile

import docx
import pytest
from documents import W, document, parts_of, word_text
from hostile_texts import HOSTILE

from gis.faults import FaultsError
from maps.assets import FONTS, VENDOR
from maps.document.blocks import Paragraph, Points, Section, Table
from maps.document.word.fields import FIELDS, names_of
from maps.document.word.template import own_template
from maps.document.word.write import word_of

pytestmark = pytest.mark.skipif(not (VENDOR / FONTS).is_dir(), reason="fonts not fetched: python -m maps.assets")
TEN = (
    "标题", "县域", "编制日期", "数据版本", "p 基本信息", "p 指标比较", "p 方案地图", "p 假设与说明", "p 签署栏",
    "副标题",
)  # fmt: skip
STANDING = ("示范县养老布局方案比较报告", "示范县 371499", "人均用时", "签发")


def template(*lines, cells=()):
    """A template as an office makes it, fields in paragraphs and in the cells of a table."""
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    if cells:
        table = made.add_table(1, len(cells))
        for cell, told in zip(table.rows[0].cells, cells, strict=True):
            cell.text = told
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def faults_of(file):
    with pytest.raises(FaultsError) as refused:
        word_of(document(), file)
    return [(fault.code, fault.value, fault.params) for fault in refused.value.faults]


def test_every_style_has_chinese_letters_and_the_language_of_china():
    parts = parts_of(word_of(document()))
    styles = [one for one in parts["word/styles.xml"].iter(f"{W}style") if one.get(f"{W}type") != "numbering"]
    assert len(styles) > 10
    for looks in [one.find(f"{W}rPr") for one in styles] + list(parts["word/styles.xml"].iter(f"{W}rPrDefault")):
        fonts = next(looks.iter(f"{W}rFonts"))
        assert fonts.get(f"{W}eastAsia") in ("宋体", "黑体")
        assert not any(name.endswith("Theme") for name in fonts.keys())  # noqa: SIM118 - attributes of an element
        assert next(looks.iter(f"{W}lang")).get(f"{W}eastAsia") == "zh-CN"
    theme = parts["word/theme/theme1.xml"]
    assert [one.get("typeface") for one in theme.iter("{*}ea")][:2] == ["黑体", "宋体"]
    languages = [one.get(f"{W}eastAsia") for one in parts["word/settings.xml"].iter(f"{W}themeFontLang")]
    assert set(languages) <= {"zh-CN"}


def test_everything_of_the_document_stands_in_it_and_no_field_is_left():
    lines = word_text(word_of(document()))
    for words in (*STANDING, "含模拟数据(非实测)", "指标比较", "11.9\u00a0★", "数据不是实测。"):
        assert words in lines
    assert not any("{{" in line for line in lines)


def test_pages_say_when_they_were_made_and_count_themselves():
    foot = next(part for name, part in parts_of(word_of(document())).items() if "footer" in name)
    told = "".join(one.text or "" for one in foot.iter(f"{W}t", f"{W}instrText"))
    assert "编制日期 2026-11-30 · 数据版本 0123456789ab" in told
    assert {"PAGE", "NUMPAGES"} <= set(told.split())


def test_every_hostile_text_stays_the_text_that_it_is():
    table = Table("表", ("甲", "乙"), tuple((text, "1") for text in HOSTILE))
    every = document(Section("body", "正文", (Points(HOSTILE), table, *(Paragraph(text) for text in HOSTILE))))
    lines = word_text(word_of(every))
    assert [text for text in HOSTILE if lines.count(text.replace("\t", " ")) != 3] == []
    named = word_of(document(title=HOSTILE[27], county=HOSTILE[25]), template("{{ 标题 }}", "{{ 县域 }}"))
    assert word_text(named) == [HOSTILE[27], HOSTILE[25]]


def test_a_template_of_an_office_with_ten_fields_is_filled():
    fields = [f"{{{{{name if name.startswith('p ') else f' {name}'} }}}}" for name in TEN]
    file = word_of(document(), template("某县民政局文件", *fields[2:], cells=fields[:2]))
    lines = word_text(file)
    assert lines[0] == "某县民政局文件"
    for words in (*STANDING, "2026-11-30", "0123456789ab", "用时只供试算。", "拟制", "现状 / 方案 A"):
        assert words in lines
    assert not any("{{" in line for line in lines)
    assert any(name.startswith("word/media/") for name in zipfile.ZipFile(io.BytesIO(file)).namelist())


def test_fields_have_a_chinese_name_and_a_code_each():
    names = [name for field in FIELDS for name in names_of(field)]
    assert len(names) == len(set(names))
    assert all(len(names_of(field)) >= 2 and name.isidentifier() for field in FIELDS for name in names_of(field))


def test_a_wrong_field_is_named_with_the_nearest_and_all_that_there_are():
    found = faults_of(template("{{ 标题 }}", "{{ 标提 }}", "{{ measurs }}"))
    assert [(code, value) for code, value, _ in found] == [("template-field", "measurs"), ("template-field", "标提")]
    assert [params["nearest"] for _, _, params in found] == ["measures", "标题"]
    assert {"标题", "指标比较", "body"} <= set(found[0][2]["fields"].split(", "))


@pytest.mark.parametrize(
    "line", ["{{ 标题", "{% for a in 标题 %}", "{{ 标题.__class__.__mro__ }}", "{{ 标题 | nosuch }}"]
)
def test_a_field_that_cannot_be_read_is_refused(line):
    assert [code for code, _, _ in faults_of(template(line))] == ["template-broken"]


@pytest.mark.parametrize("file", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_word_file_is_refused(file):
    assert [code for code, _, _ in faults_of(file)] == ["template-unreadable"]


def test_a_package_that_unpacks_to_far_too_much_is_refused_before_it_is(monkeypatch):
    monkeypatch.setattr("maps.document.word.write.MOST_BYTES", 1000)
    assert [code for code, _, _ in faults_of(own_template())] == ["template-unreadable"]


def test_the_same_content_is_the_same_file():
    assert word_of(document()) == word_of(document())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_converts_it(tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(word_of(document()))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    told = (tmp_path / "report.txt").read_text(encoding="utf-8-sig")
    assert "示范县养老布局方案比较报告" in told
    assert "人均用时" in told
