"""A document as PDF and its pictures as PNG, by typst: PDF/A-2b, all letters embedded, no browser."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from maps.assets import FONTS, VENDOR
from maps.catalogue import text
from maps.document.blocks import Brief, Document, Picture
from maps.pages import TEMPLATES

_FOLDER = TEMPLATES / "document"
STANDARD = "a-2b"
"""PDF/A-2b: what archives of public offices ask for."""
PNG_PER_INCH = 150.0
"""Fine enough for print at the size of a page, and small enough for a file of Word."""


def pdf_of(document: Document) -> bytes:
    """Return a document as PDF, A4 upright: cover, contents and sections."""
    return _compiled("report.typ", {"document": _told(document), "words": _words(document)})


def brief_pdf(brief: Brief) -> bytes:
    """Return what is most needed on one sheet of A3 across: its letters grow or shrink until all of it fits."""
    columns = [[_section(section) for section in column] for column in brief.columns]
    told = {"document": _told(brief.document, sections=()), "columns": columns, "shares": brief.shares}
    return _compiled("brief.typ", {**told, "words": _words(brief.document)})


def png_of(picture: Picture) -> bytes:
    """Return a picture alone, as it stands in the document."""
    return _run("picture.typ", {"picture": _block(picture)}, format="png", ppi=PNG_PER_INCH)


def _compiled(template: str, told: Mapping[str, Any]) -> bytes:
    # Tags of structure would double a long document; the HTML file is there for who listens instead of reading.
    return _run(template, told, format="pdf", pdf_standards=[STANDARD], pdf_tags=False)


def _run(template: str, told: Mapping[str, Any], **options: Any) -> bytes:
    """Run typst on one of our templates; what is told reaches it as data, never as markup."""
    import typst  # noqa: PLC0415 - 80 MB of machine code, needed for reports only

    inputs = {"told": json.dumps(told, ensure_ascii=False)}
    fonts = [str(path) for path in _font_folders()]
    found = typst.compile(
        str(_FOLDER / template),
        root=str(_FOLDER),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs=inputs,
        **options,
    )
    return bytes(found[0] if isinstance(found, list) else found or b"")


@cache
def _font_folders() -> tuple[Path, ...]:
    return tuple(sorted((VENDOR / FONTS).iterdir()))


def _words(document: Document) -> dict[str, str]:
    names = ("contents", "page-of", "best", "signatures")
    return {name: text(document.lang, f"report.{name}", page="{page}", pages="{pages}") for name in names}


def _told(document: Document, **instead: Any) -> dict[str, Any]:
    sections = instead.pop("sections", document.sections)
    plain = {field.name: getattr(document, field.name) for field in dataclasses.fields(document)}
    facts = [dataclasses.asdict(fact) for fact in document.facts]
    return {**plain, "facts": facts, "sections": [_section(section) for section in sections]}


def _section(section: Any) -> dict[str, Any]:
    blocks = [_block(block) for block in section.blocks]
    return {"code": section.code, "title": section.title, "level": section.level, "blocks": blocks}


def _block(block: Any) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    more = {"widths": block.widths} if kind == "table" else {}
    return {"kind": kind, **dataclasses.asdict(block), **more}
