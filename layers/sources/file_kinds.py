"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "GZIP"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"SQLite format 3", "SQLite"),
)
_LOOK_BYTES = 65_536
_READ_BYTES = 1_000_000

WORKBOOKS = ("XLSX", "XLS", "ODS")
TEXTS = ("text", "")


def kind_of(path: Path) -> str:
    """Name the format that a file really has.

    Parameters
    ----------
    path
        Of a file that can be opened.

    Returns
    -------
    str
        ``XLSX``, ``XLS``, ``ODS``, ``XLSB``, ``HTML``, ``XML 2003``, ``MHTML``, ``ZIP`` …; ``protected`` for a
        workbook with a password; ``text`` for a text table; "" if it could be anything.
    """
    with path.open("rb") as file:
        start = file.read(_LOOK_BYTES)
        if start.startswith(_OLE):
            return _kind_of_ole(start + file.read(_READ_BYTES))
    for magic, kind in _STARTS:
        if start.startswith(magic):
            return kind
    if start.startswith(b"PK"):
        return _kind_of_zip(path)
    return _kind_of_text(start)


def _kind_of_zip(path: Path) -> str:
    try:
        with ZipFile(path) as parts:
            names = set(parts.namelist())
    except (BadZipFile, OSError):
        return ""  # broken off; the reader says so
    kinds = (
        ("xl/workbook.xml", "XLSX"),
        ("xl/workbook.bin", "XLSB"),
        ("word/document.xml", "DOCX"),
        ("content.xml", "ODS"),
        ("doc.kml", "KMZ"),
    )
    return next((kind for name, kind in kinds if name in names), "ZIP")


def _kind_of_ole(start: bytes) -> str:
    """Streams of an OLE file are named in UTF-16."""
    for stream, kind in (("EncryptedPackage", "protected"), ("WordDocument", "DOC"), ("PowerPoint Document", "PPT")):
        if stream.encode("utf-16-le") in start:
            return kind
    return "XLS"


def _kind_of_text(start: bytes) -> str:
    text = start.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").removeprefix(b"\xef\xbb\xbf")
    head = text[:4096].lstrip().lower()
    if re.match(rb"(<!doctype html|<html|<head|<meta|<body|<table|<div|<style)", head) or b"<table" in head:
        return "HTML"
    if head.startswith(b"mime-version") or b"content-type: multipart/related" in head:
        return "MHTML"
    if head.startswith((b"<?xml", b"<workbook")):
        return "XML 2003" if b"spreadsheet" in head else "XML"
    if head.startswith((b"{", b"[{")) and b'"' in head:
        return "JSON"
    if head and not re.search(rb"[\x01-\x08\x0e-\x1a]", head):
        return "text"
    return ""
