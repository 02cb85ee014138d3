"""Which encoding a text is in, decided on the evidence of all of it rather than by the first that does not fail.

For every candidate the text is decoded and its probability reckoned under a simple model of a Chinese office's tables:
characters come from classes (common Chinese, less common, punctuation, other scripts, unassigned, undecodable …) whose
shares are learnt from the text itself with a prior, and are alike within a class. The same bytes compared under two
readings give a ratio of odds. One cut character costs a reading little; a whole table read in the wrong encoding
spreads over rare characters and costs hundreds of nats.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

CLEAR_ODDS = 3.0
"""Nats by which one reading must beat every other (odds of 20 to 1) to be taken."""
DECLARED_BONUS = 3.0
"""What the word of a .cpg or of a .dbf header weighs: as much as one or two characters; it is often wrong."""
BIG5_MALUS = 6.0
"""What Big5 must make up for where nothing declares it: few counties get tables from Taiwan, Hong Kong or Macao."""
MAX_EVIDENCE_BYTES = 16_000_000
"""Longer texts are judged by blocks spread over them."""
MAX_BAD_SHARE = 0.2
"""With more undecodable sequences among its characters a text is in none of the encodings."""

_BLOCKS = 16
_WORDS_SHOWN = 40
_ALIASES: Mapping[str, str] = {
    **dict.fromkeys(("936", "cp936", "ansi936", "gbk", "gb2312", "gb18030", "euccn", "xgbk", "ms936"), "gb18030"),
    **dict.fromkeys(("65001", "cp65001", "utf8", "utf8sig"), "utf-8"),
    **dict.fromkeys(("950", "cp950", "ansi950", "big5"), "cp950"),
    **dict.fromkeys(("oem", "ansi", "system", "default", ""), ""),
}
SHOWN: Mapping[str, str] = {
    "utf-8": "UTF-8",
    "gb18030": "GBK, GB18030",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16 BE",
    "cp950": "Big5",
}

_CLASSES = (
    # name, pseudo-count of the prior, characters that share its mass
    ("ascii", 10.0, 95),
    ("common", 20.0, 3755),  # level 1 of GB 2312, ordered by sound
    ("less common", 1.0, 3008),  # level 2, ordered by radical
    ("punctuation", 2.0, 200),
    ("rare", 0.05, 85_000),
    ("Latin", 0.3, 350),
    ("other scripts", 0.02, 400),
    ("symbols", 0.1, 20_000),
    ("control", 0.001, 62),
    ("private", 0.002, 6_400),
    ("bad", 0.02, 128),
    ("traditional", 0.2, 3000),  # level 1 of Big5 without the characters of GB 2312
)
_SIZES = np.array([size for *_, size in _CLASSES], dtype=np.float64)
_PRIOR = np.array([count for _, count, _ in _CLASSES])
_BAD, _TRADITIONAL = len(_CLASSES) - 2, len(_CLASSES) - 1
_BIG5_CELLS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
_MIXED_WORD = re.compile(r"[A-Za-z][\u4e00-\u9fff\ue000-\uf8ff][a-z]")
_MIXED_WORD_COST = 6.0


@dataclass(frozen=True)
class Reading:
    """A text under one encoding.

    Parameters
    ----------
    encoding
        Name of the codec.
    odds
        Logarithm of its probability, in nats; comparable between readings of the same bytes.
    sample
        The first words that are not ASCII.
    bad_share
        Undecodable sequences among the characters that are not ASCII.
    """

    encoding: str
    odds: float
    sample: str
    bad_share: float


def rank_encodings(content: bytes, *, declared: str = "") -> list[Reading]:
    """Return the readings of a text, the most probable first.

    Parameters
    ----------
    content
        The bytes; of a table with fields of fixed width, its different values, one a line.
    declared
        What the file says of itself; weighs little.

    Returns
    -------
    list of Reading
        UTF-8, GB18030 and Big5, what is declared, and UTF-16 where there are NULs. Plain ASCII is UTF-8.
    """
    evidence = b"".join(_blocks(content))
    claimed = codec_of(declared)
    candidates = ["utf-8", "gb18030"]
    if b"\0" in evidence:  # whoever writes separators and digits in UTF-16 writes NULs
        candidates += ["utf-16-le", "utf-16-be"]
    if not evidence.isascii():
        candidates += [name for name in dict.fromkeys((claimed, "cp950")) if name and name not in candidates]
    bonus = {"cp950": -BIG5_MALUS} | ({claimed: DECLARED_BONUS} if claimed else {})
    readings = [_reading(evidence, encoding, bonus=bonus.get(encoding, 0.0)) for encoding in candidates]
    return sorted(readings, key=lambda reading: -reading.odds)


def read_as(content: bytes, encoding: str) -> Reading:
    """Return the reading of a text under one encoding."""
    return _reading(b"".join(_blocks(content)), encoding, bonus=0.0)


def is_clear(readings: list[Reading]) -> bool:
    """Tell whether the first reading beats the others, or they say the same."""
    first, *others = readings
    return all(first.odds - other.odds >= CLEAR_ODDS for other in others if other.sample != first.sample)


def codec_of(name: str) -> str:
    """Return the codec that a .cpg, a code page or a header means, "" where it means none."""
    plain = re.sub(r"[^a-z0-9]", "", name.strip().lower())
    if plain in _ALIASES:
        return _ALIASES[plain]
    for known in (name.strip(), f"cp{plain}", f"iso-8859-{plain.removeprefix('8859').removeprefix('iso')}"):
        if is_text_codec(known):
            return codecs.lookup(known).name
    return ""


def is_text_codec(name: str) -> bool:
    """Tell whether a name is that of an encoding of texts: "hex" is none, "idna" knows no bytes that are wrong."""
    try:
        return isinstance(b"\xe4\xb8".decode(name, "replace"), str)
    except (LookupError, ValueError):
        return False


def join_values(values: Iterable[bytes]) -> bytes:
    """Return the different values that are not ASCII, one a line, as evidence for ``rank_encodings``."""
    return b"\n".join(sorted({value for value in values if not value.isascii()}))


def _blocks(content: bytes) -> Iterator[bytes]:
    if len(content) <= MAX_EVIDENCE_BYTES:
        yield content
        return
    size = MAX_EVIDENCE_BYTES // _BLOCKS // 4 * 4
    for k in range(_BLOCKS):
        start = (len(content) - size) * k // (_BLOCKS - 1) // 4 * 4
        block = content[start : start + size]
        if k and b"\0" not in block:  # begin at a line, so that no character is cut
            block = block[block.find(b"\n") + 1 :]
        yield block


def _reading(evidence: bytes, encoding: str, *, bonus: float) -> Reading:
    text = evidence.decode(encoding, errors="replace")
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    counts = np.bincount(_class_table()[points], minlength=len(_CLASSES)).astype(np.float64)
    share = (counts + _PRIOR) / (counts.sum() + _PRIOR.sum())
    odds = float((counts * np.log(share / _SIZES)).sum()) + bonus
    odds -= _MIXED_WORD_COST * len(_MIXED_WORD.findall(text))
    other = counts[1:].sum()
    words = islice(re.finditer(r"[^\x00-\x7f]+", text), _WORDS_SHOWN)
    sample = " ".join(word[0] for word in words)[:40]
    return Reading(encoding, odds, sample, float(counts[_BAD] / other) if other else 0.0)


_TABLE: list[NDArray[np.uint8]] = []


def _class_table() -> NDArray[np.uint8]:
    """(0x110000,) class of every code point; made at first use."""
    if not _TABLE:
        table = np.full(0x110000, 7, dtype=np.uint8)
        table[0x20:0x7F] = 0
        table[[9, 10, 13]] = 0
        table[0x3400:0xA000] = table[0xF900:0xFB00] = table[0x20000:0x32000] = 4
        for level, rows in ((1, range(0xB0, 0xD8)), (2, range(0xD8, 0xF8))):
            encoded = bytes(byte for row in rows for cell in range(0xA1, 0xFF) for byte in (row, cell))
            text = encoded.decode("gb2312", errors="ignore")
            table[[ord(character) for character in text]] = level
        level_1 = bytes(b for row in range(0xA4, 0xC7) for cell in _BIG5_CELLS for b in (row, cell))
        traditional = np.array([ord(c) for c in level_1.decode("cp950", errors="ignore") if "\u4e00" <= c < "\ua000"])
        table[traditional[table[traditional] == 4]] = _TRADITIONAL
        table[0x3000:0x3020] = table[0xFF01:0xFF5F] = 3
        table[[ord(mark) for mark in "“”‘’…—·•°′″×℃①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢ№㎡²"]] = 3
        table[0xC0:0x250] = table[0x1E00:0x1F00] = 5
        table[0x370:0x800] = table[0xF00:0x1000] = table[0x1800:0x18B0] = table[0x3040:0x3100] = 6
        table[0xAC00:0xD7A4] = table[0xA000:0xA4D0] = 6  # Hangul; Yi
        table[0:9] = table[[0xB, 0xC]] = table[0xE:0x20] = table[0x7F:0xA0] = 8
        table[0xE000:0xF900] = table[0xF0000:] = 9
        table[0xD800:0xE000] = table[[0xFFFD, 0xFFFE, 0xFFFF]] = _BAD
        _TABLE.append(table)
    return _TABLE[0]
