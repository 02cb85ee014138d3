"""From bytes to text: bytes that no character stands for are kept apart, so that their cell can be named."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gis.faults import Fault, FaultsError, Param
from layers.county_spec import LayerSpec
from layers.sources.tables.encodings import MAX_BAD_SHARE, SHOWN, Reading, codec_of, is_clear, rank_encodings, read_as
from layers.sources.tables.source_table import fatal

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BAD = re.compile("[\udc80-\udcff]+")
_WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
_CANDIDATES = "UTF-8, GBK, GB18030"
MAX_TOLD = 1_000


@dataclass(frozen=True)
class Decoded:
    """A text and what could not be decoded.

    Parameters
    ----------
    text
        Undecodable bytes stand as U+DC80 … U+DCFF.
    shown
        Name of the encoding.
    bad
        Where the first ``MAX_TOLD`` runs of such bytes begin in the file.
    cut
        Those of them that begin a character that is not ended.
    notes
    """

    text: str
    shown: str
    bad: Sequence[int] = ()
    cut: frozenset[int] = frozenset()
    notes: tuple[Fault, ...] = ()

    def is_cut_at(self, byte: int) -> bool:
        """Tell whether the run at a byte is the beginning of a character."""
        return byte in self.cut


def decode(spec: LayerSpec, content: bytes) -> Decoded:
    """Decode a text table.

    Parameters
    ----------
    spec
        ``encoding`` overrules.
    content

    Returns
    -------
    Decoded

    Raises
    ------
    FaultsError
        ``undecodable-bytes`` with row and byte where no encoding fits, ``encoding-unclear`` where two do.
    """
    encoding, start = _marked(content)
    body = content[start:]
    if spec.encoding:
        encoding = codecs.lookup(codec_of(spec.encoding) or spec.encoding).name
        reading = read_as(body, encoding)
    elif encoding:
        reading = read_as(body, encoding)
        if encoding == "utf-8" and reading.bad_share > MAX_BAD_SHARE:  # a mark before another text
            reading = choose(spec, body)
    else:
        reading = choose(spec, body)
    if reading.encoding in _WIDE:
        return _decode_wide(spec, body, reading.encoding)
    text = body.decode(reading.encoding, errors=keep_bad())
    bad, cut = _runs(text, reading.encoding, start)
    if bad and reading.bad_share > MAX_BAD_SHARE:
        raise undecodable(spec, content, bad[0], reading.encoding if spec.encoding else "")
    return Decoded(text.replace("\ufeff", ""), SHOWN.get(reading.encoding, reading.encoding), bad, cut)


def choose(spec: LayerSpec, evidence: bytes, *, declared: str = "") -> Reading:
    """Return the reading that the evidence speaks for.

    Raises
    ------
    FaultsError
        ``encoding-unclear`` with both readings if two fit alike.
    """
    readings = rank_encodings(evidence, declared=declared)
    if not is_clear(readings):
        raise unclear(spec, readings)
    return readings[0]


def unclear(spec: LayerSpec, readings: list[Reading]) -> FaultsError:
    """Return the fault of a text that can be read in two ways."""
    first, second = readings[:2]
    params: dict[str, Param] = {
        "first": SHOWN.get(first.encoding, first.encoding),
        "first_text": first.sample,
        "second": SHOWN.get(second.encoding, second.encoding),
        "second_text": second.sample,
        "name": first.encoding,
    }
    return fatal(spec, "encoding-unclear", value=first.sample, params=params)


def keep_bad() -> str:
    """Return the name of the error handler that keeps undecodable bytes as U+DC80 … U+DCFF, one at a time."""
    name = "countygrid-keep-bad"
    codecs.register_error(name, _keep_one)
    return name


def told_bytes(run: str) -> str:
    """Return the first byte of a run of undecodable ones as ``0xFF``."""
    return f"0x{ord(run[0]) - 0xDC00:02X}"


def undecodable(spec: LayerSpec, content: bytes, byte: int, encoding: str) -> FaultsError:
    """Return the fault of a text that no encoding fits."""
    row = len((content[:byte] + b".").splitlines())
    params: dict[str, Param] = {"byte": byte, "encodings": SHOWN.get(encoding, encoding) or _CANDIDATES, "left": "—"}
    return fatal(spec, "undecodable-bytes", row=row, value=f"0x{content[byte]:02X}", params=params)


def _marked(content: bytes) -> tuple[str, int]:
    """Return the encoding that marks of byte order at the start tell, "" if none, and where the text begins."""
    encoding, start = "", 0
    while True:
        for mark, name in _MARKS:
            if content.startswith(mark, start) and encoding in ("", name):
                encoding, start = name, start + len(mark)
                break
        else:
            return encoding, start


def _decode_wide(spec: LayerSpec, body: bytes, encoding: str) -> Decoded:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        row = len((body[: error.start].decode(encoding, errors="replace") + ".").splitlines())
        params: dict[str, Param] = {"byte": error.start, "encodings": SHOWN.get(encoding, encoding), "left": "—"}
        value = f"0x{body[error.start]:02X}"
        raise fatal(spec, "undecodable-bytes", row=row, value=value, params=params) from error
    return Decoded(text.replace("\ufeff", ""), SHOWN.get(encoding, encoding))


def _runs(text: str, encoding: str, start: int) -> tuple[list[int], frozenset[int]]:
    """Return where runs of undecodable bytes begin in the file, and which are beginnings of characters."""
    found: list[int] = []
    cut = set()
    byte, at = start, 0
    for run in _BAD.finditer(text):
        byte += len(text[at : run.start()].encode(encoding))
        found.append(byte)
        raw = bytes(ord(character) - 0xDC00 for character in run[0])
        if is_beginning(raw, encoding):
            cut.add(byte)
        byte, at = byte + len(raw), run.end()
        if len(found) == MAX_TOLD:
            break
    return found, frozenset(cut)


def is_beginning(raw: bytes, encoding: str) -> bool:
    """Tell whether bytes are the beginning of a character that is not ended."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(raw) == ""
    except UnicodeDecodeError:
        return False


def _keep_one(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError) or error.object[error.start] < 0x80:
        raise error
    return chr(0xDC00 + error.object[error.start]), error.start + 1
