"""Our own template of Word: styles whose letters are Chinese in every one of them, and the fields of a report."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO

import docx
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from lxml import etree

from maps.document.word.xml import STYLES

BODY_FONT, HEAD_FONT, LATIN_FONT = "宋体", "黑体", "Times New Roman"
"""Those of every Windows and WPS in an office; elsewhere the machine's own Chinese letters stand in."""
_KEPT = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Title", "Subtitle", "Header", "Footer"}
_SIZES = {"Title": 24.0, "Subtitle": 13.0, "Heading 1": 15.0, "Heading 2": 12.5, "Caption": 10.0}
_SMALL_SIZES = {"Small": 9.0, "Cell": 9.0, "Warning": 10.5, "List Bullet": 10.5, "Normal": 10.5}
_HEADS = {"Title", "Heading 1", "Heading 2", "Caption"}
_INK, _ALERT = RGBColor(0x1F, 0x2A, 0x37), RGBColor(0x8A, 0x2F, 0x00)
_THEME = PackURI("/word/theme/theme1.xml")


@cache
def own_template() -> bytes:
    """Return the template as a .docx file."""
    document = docx.Document()
    _keep_styles(document)
    _add_styles(document)
    for style in document.styles:
        _speak_chinese(style)
    _speak_chinese_by_default(document)
    _page(document)
    _cover(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _keep_styles(document: Docx) -> None:
    """Leave only the styles that are used: the library's own are many, and Japanese."""
    wanted = _KEPT | set(STYLES.values())
    for style in list(document.styles):
        if style.name not in wanted:
            style.delete()
    for style in document.styles:
        for link in style.element.findall(qn("w:link")):
            style.element.remove(link)


def _add_styles(document: Docx) -> None:
    for name in ("Small", "Cell", "Warning"):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
    sizes = {**_SIZES, **_SMALL_SIZES}
    for style in document.styles:
        if not isinstance(style, ParagraphStyle) or style.name is None:
            continue
        style.font.size = Pt(sizes.get(style.name, 10.5))
        style.font.bold = style.name in _HEADS
        style.font.italic = False
        style.font.color.rgb = _ALERT if style.name == "Warning" else _INK
        spacing = style.paragraph_format
        spacing.space_before = Pt(12 if style.name.startswith("Heading") else 0)
        spacing.space_after = Pt(0 if style.name == "Cell" else 5)
        spacing.line_spacing = 1.0 if style.name in {"Cell", "Small"} else 1.35
        spacing.keep_with_next = style.name in {"Heading 1", "Heading 2"}


def _speak_chinese(style: BaseStyle) -> None:
    """Give a style Chinese letters and the language zh-CN; letters by theme go, since themes name others."""
    if style.element.tag != qn("w:style") or style.type == WD_STYLE_TYPE.LIST:
        return
    looks = style.element.get_or_add_rPr()
    for old in looks.findall(qn("w:rFonts")) + looks.findall(qn("w:lang")):
        looks.remove(old)
    head = style.name in _HEADS
    looks.insert(0, _fonts(HEAD_FONT if head else BODY_FONT))
    looks.append(_language())


def _fonts(chinese: str) -> etree._Element:
    fonts = OxmlElement("w:rFonts")
    for name, font in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("cs", LATIN_FONT), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{name}"), font)
    return fonts


def _language() -> etree._Element:
    language = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "zh-CN"), ("bidi", "ar-SA")):
        language.set(qn(f"w:{name}"), value)
    return language


def _speak_chinese_by_default(document: Docx) -> None:
    """Make defaults, settings and theme Chinese: the library's are Japanese."""
    looks = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if looks is not None:
        for old in [*looks.findall(qn("w:rFonts")), *looks.findall(qn("w:lang"))]:
            looks.remove(old)
        looks.insert(0, _fonts(BODY_FONT))
        looks.append(_language())
    for rel in list(document.part.rels.values()):
        if rel.reltype.endswith("/stylesWithEffects"):  # a copy of the library's styles, for Word of 2010 only
            del document.part.rels[rel.rId]
    settings = document.settings.element
    for language in settings.findall(qn("w:themeFontLang")):
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
    for part in document.part.package.iter_parts():
        if part.partname == _THEME:
            theme = part.blob.decode("utf-8")
            theme = re.sub(r'(<a:majorFont>.*?<a:ea typeface=")[^"]*', rf"\g<1>{HEAD_FONT}", theme, flags=re.DOTALL)
            theme = re.sub(r'(<a:minorFont>.*?<a:ea typeface=")[^"]*', rf"\g<1>{BODY_FONT}", theme, flags=re.DOTALL)
            # The library has no other way to change a theme.
            part._blob = theme.encode("utf-8")


def _page(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(21)
    section.top_margin, section.bottom_margin = Mm(24), Mm(21)
    section.header.paragraphs[0].text = "{{ title }} · {{ county }}"
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ page_words }} · ")
    for told in ("PAGE", "NUMPAGES"):
        _number(foot.add_run(), told)
        foot.add_run(" / " if told == "PAGE" else "")
    for paragraph in (section.header.paragraphs[0], foot):
        for one in paragraph.runs:
            one.font.size = Pt(8.5)


def _number(place: object, told: str) -> None:
    """Put a field of Word into a run: a number that Word counts itself."""
    for kind, words in (("begin", None), (None, f" {told} "), ("end", None)):
        element = OxmlElement("w:instrText" if words else "w:fldChar")
        if words:
            element.set(qn("xml:space"), "preserve")
            element.text = words
        else:
            element.set(qn("w:fldCharType"), kind or "")
        place._r.append(element)  # type: ignore[attr-defined]


def _cover(document: Docx) -> None:
    """Write the fields in their order: cover with signatures, then the sections."""
    for told, style, middle in (
        ("{{ county }}", "Subtitle", True),
        ("{{ title }}", "Title", True),
        ("{{ subtitle }}", "Subtitle", True),
        ("{{ badge }}", "Warning", True),
        ("{{p facts }}", "Normal", False),
        ("{{p signatures }}", "Normal", False),
    ):
        paragraph = document.add_paragraph(told, style=style)
        if middle:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.paragraphs[0].paragraph_format.space_before = Mm(34)
    document.add_page_break()  # type: ignore[no-untyped-call]
    document.add_paragraph("{{p body }}")
