"""Blocks of a document as the XML of Word: words only ever become text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from markupsafe import Markup

from maps.document.blocks import Block, Document, Fact, Paragraph, Picture, Points, Section, Table
from maps.svg import words

STYLES: dict[str, str] = {
    "Heading1": "Heading 1",
    "Heading2": "Heading 2",
    "Small": "Small",
    "Warning": "Warning",
    "ListBullet": "List Bullet",
    "Caption": "Caption",
    "Cell": "Cell",
}
"""Id of each style that the blocks use → its name; a template that lacks one shows plain paragraphs."""
DrawPicture: TypeAlias = Callable[[Picture], str]
"""What stands in a run of Word for a picture: given by whoever holds the file."""
_LOOKS = {"plain": "", "strong": "", "small": "Small", "warning": "Warning"}
TEXT_TWIPS = 9524
"""Width of the text on a page of A4 with margins of 21 mm, twentieths of a point."""
_SHADE, _BEST_SHADE, _RULE = "EEF2F6", "DCEBD9", "AAB4BF"
_EXTRA = {"{": "&#123;", "}": "&#125;", "%": "&#37;"}
"""What templates of fields are made of is written as character references, so that no reader of them sees it."""


def escaped(told: object) -> str:
    """Return words that Word shows as they are: no markup, no fields, no control characters."""
    plain = words(" ".join(str(told).splitlines()) if "\n" in str(told) or "\r" in str(told) else told)
    return "".join(_EXTRA.get(letter, letter) for letter in plain.replace("\t", " "))


def run(told: object, *, bold: bool = False) -> str:
    """Return a run of words."""
    looks = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{escaped(told)}</w:t></w:r>'


def paragraph(inner: str, style: str = "", *, more: str = "") -> str:
    """Return a paragraph of ready runs in a style, by its id."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    looks = f"<w:pPr>{named}{more}</w:pPr>" if named or more else ""
    return f"<w:p>{looks}{inner}</w:p>"


def sections_xml(sections: Sequence[Section], pictures: DrawPicture) -> Markup:
    """Return sections with their headings."""
    parts = [paragraph(run(one.title), f"Heading{one.level}") + blocks_xml(one.blocks, pictures) for one in sections]
    return Markup("".join(parts))  # noqa: S704 - made here, every word in it escaped


def blocks_xml(blocks: Sequence[Block], pictures: DrawPicture) -> str:
    """Return blocks one after another."""
    return "".join(_block(one, pictures) for one in blocks)


def _block(block: Block, pictures: DrawPicture) -> str:
    if isinstance(block, Paragraph):
        return paragraph(run(block.words, bold=block.look == "strong"), _LOOKS[block.look])
    if isinstance(block, Points):
        return "".join(paragraph(run(item), "ListBullet") for item in block.items)
    if isinstance(block, Table):
        return table_xml(block)
    drawn = paragraph(f"<w:r>{pictures(block)}</w:r>", more='<w:keepNext/><w:jc w:val="center"/>')
    return drawn + paragraph(run(block.caption), "Caption", more='<w:jc w:val="center"/>')


def table_xml(table: Table) -> str:
    """Return a table with its caption before it; the head is repeated on every page."""
    widths = [round(share * TEXT_TWIPS) for share in table.widths]
    head = "".join(
        _cell(run(words_, bold=True), width, _beside(k, table), shade=_SHADE)
        for k, (words_, width) in enumerate(zip(table.head, widths, strict=True))
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    marked = set(table.marked)
    for r, row in enumerate(table.rows):
        cells = []
        for c, (told, width) in enumerate(zip(row, widths, strict=True)):
            best = (r, c) in marked
            inner = run(f"{told}\u00a0★" if best else told, bold=best)
            cells.append(_cell(inner, width, _beside(c, table), shade=_BEST_SHADE if best else ""))
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
    caption = paragraph(run(table.caption), "Caption", more="<w:keepNext/>") if table.caption else ""
    more = paragraph(run(table.more), "Small") if table.more else paragraph("", "Small")
    return caption + _table(rows, widths) + more


def _beside(column: int, table: Table) -> str:
    return "right" if column in table.figures else "left"


def _table(rows: Sequence[str], widths: Sequence[int], *, boxed: bool = False) -> str:
    edges = ("top", "left", "bottom", "right", "insideH", "insideV") if boxed else ("top", "bottom", "insideH")
    lines = "".join(
        f'<w:{edge} w:val="single" w:sz="{8 if edge in ("top", "bottom") else 4}" w:space="0" '
        f'w:color="{"1F2A37" if edge in ("top", "bottom") else _RULE}"/>'
        for edge in edges
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    looks = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>"
    )
    return f"<w:tbl>{looks}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _cell(inner: str, width: int, beside: str, *, shade: str = "") -> str:
    filled = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    looks = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{filled}<w:vAlign w:val="center"/></w:tcPr>'
    placed = f'<w:jc w:val="{beside}"/>' if beside != "left" else ""
    return f"<w:tc>{looks}{paragraph(inner, 'Cell', more=placed)}</w:tc>"


def facts_xml(facts: Sequence[Fact]) -> Markup:
    """Return what stands on the cover: names and values."""
    widths = [round(0.3 * TEXT_TWIPS), round(0.7 * TEXT_TWIPS)]
    rows = [
        f"<w:tr>{_cell(run(one.name), widths[0], 'left')}{_cell(run(one.value), widths[1], 'left')}</w:tr>"
        for one in facts
    ]
    return Markup(_table(rows, widths) + paragraph("", "Small"))  # noqa: S704 - made here, every word in it escaped


def signatures_xml(document: Document) -> Markup:
    """Return the block of signatures: who signs, with room for name, signature and date."""
    count = len(document.signature_head)
    widths = [TEXT_TWIPS // count] * count
    head = "".join(
        _cell(run(told, bold=True), width, "center", shade=_SHADE)
        for told, width in zip(document.signature_head, widths, strict=True)
    )
    high = '<w:trPr><w:cantSplit/><w:trHeight w:val="800" w:hRule="atLeast"/></w:trPr>'
    rows = [f"<w:tr>{head}</w:tr>"]
    for role in document.signatures:
        empty = "".join(_cell("", width, "center") for width in widths[1:])
        rows.append(f"<w:tr>{high}{_cell(run(role), widths[0], 'center')}{empty}</w:tr>")
    return Markup(_table(rows, widths, boxed=True) + paragraph("", "Small"))  # noqa: S704 - as above
