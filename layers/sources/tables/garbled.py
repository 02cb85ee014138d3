"""Text that was decoded wrongly before it was saved: what it should have been, where that can be told."""

from __future__ import annotations

import re

import pandas as pd

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LOST = re.compile("\ufffd|锟斤拷|烫烫|屯屯|\\?{2,}")
_WESTERN = re.compile(r"[\x80-\u024f\u02c0-\u02df\u2010-\u2044\u20ac\u2122]")


def restore(text: str) -> str | None:
    """Return what a garbled text should have been, ``None`` if it is not plainly garbled.

    Parameters
    ----------
    text

    Returns
    -------
    str or None
        Of UTF-8 read as Western ("ä¸´é‚‘") or as GBK ("涓存渤"), or GBK read as Western ("ÁÙÒØ").
    """
    if text.isascii():
        return None
    if len(_WESTERN.findall(text)) >= 2 and not _CHINESE.search(text):
        raw = _western_bytes(text)
        return _chinese(raw, "utf-8", least=1) or _chinese(raw, "gb18030", least=2)
    if len(_CHINESE.findall(text)) >= 2:
        return _from_gbk(text)
    return None


def is_lost(text: str) -> bool:
    """Tell whether characters were replaced by marks that stand for nothing (�, 锟斤拷, ??)."""
    return bool(_LOST.search(text))


def find_garbled(text: pd.Series) -> pd.Series:
    """Return what garbled values should have been, "" where there is nothing to say; (n,) str."""
    restored = {value: restore(value) or "" for value in text.unique()}
    return text.map(restored)


def _western_bytes(text: str) -> bytes:
    """Bytes of a text that was decoded as Windows-1252, with Latin-1 for what that leaves out."""
    found = bytearray()
    for character in text:
        try:
            found += character.encode("cp1252")
        except UnicodeEncodeError:
            if ord(character) > 0xFF:
                return b""
            found.append(ord(character))
    return bytes(found)


def _chinese(raw: bytes, encoding: str, *, least: int) -> str | None:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    chinese = _CHINESE.findall(text)
    is_common = all(_is_level_one(character) for character in chinese) or encoding == "utf-8"
    return text if len(chinese) >= least and is_common else None


def _from_gbk(text: str) -> str | None:
    """UTF-8 that was decoded as GBK; the last character is lost where the bytes were odd."""
    try:
        raw = text.rstrip("?\ufffd").encode("gb18030")
    except UnicodeEncodeError:
        return None
    for end in (len(raw), len(raw) - 1, len(raw) - 2):
        found = _chinese(raw[:end], "utf-8", least=2)
        if found is not None and not (end < len(raw) and len(found) < 3):
            return found
    return None


def _is_level_one(character: str) -> bool:
    try:
        return 0xB0 <= character.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False
