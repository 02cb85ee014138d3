"""The recording that others hear: its sound, without the notes about it, among which a telephone puts its position."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from layers.attached.kinds import AMR, M4A, MP3, WAV, FileKind, refused

_HOLD_BOXES = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf")
_NOTES = (b"udta", b"meta", b"uuid", b"free", b"skip")
"""The last two are room that was left over, in which older notes may stand."""
_MOST_BOXES = 10_000


def shown_sound(content: bytes, kind: FileKind) -> bytes:
    """Return a recording without title, place, device and pictures.

    Parameters
    ----------
    content
    kind
        As ``kind_of`` told it.

    Raises
    ------
    FaultsError
        ``attachment-damaged`` if it is not built as such files are, ``attachment-moving`` if there are pictures in it.
    """
    try:
        return _WITHOUT_NOTES[kind.name](content)
    except (ValueError, IndexError) as error:
        raise refused("attachment-damaged") from error


def _mp3(content: bytes) -> bytes:
    while content[:3] == b"ID3":  # a size of four times seven bits
        size = sum((byte & 0x7F) << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))
        content = content[10 + size + (10 if content[5] & 0x10 else 0) :]
    if content[-128:-125] == b"TAG":
        content = content[:-128]
    if content[-32:-24] == b"APETAGEX":
        size = int.from_bytes(content[-20:-16], "little")
        content = content[: max(0, len(content) - size - 32)]
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        raise ValueError("no frame of sound")
    return content


def _wav(content: bytes) -> bytes:
    kept = b"".join(_chunks(content))
    if b"fmt " not in kept[:4] or b"data" not in kept:
        raise ValueError("no sound")
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WAVE" + kept


def _chunks(content: bytes) -> Iterator[bytes]:
    """Yield the format and the sound of a recording, none of its other parts."""
    start = 12
    while start + 8 <= len(content):
        size = int.from_bytes(content[start + 4 : start + 8], "little")
        whole = content[start : start + 8 + size]
        if whole[:4] in (b"fmt ", b"data"):
            if len(whole) != 8 + size:
                raise ValueError("cut off")
            yield whole + b"\0" * (size % 2)
        start += 8 + size + size % 2


class _Box(NamedTuple):
    kind: bytes
    start: int
    body: int
    end: int


def _m4a(content: bytes) -> bytes:
    """Return the file with every note overwritten: what stands behind a note stays where the rest looks for it."""
    shown, count = bytearray(content), 0
    waiting = list(_boxes(content, 0, len(content)))
    if not any(box.kind == b"moov" for box in waiting):
        raise ValueError("no contents")
    while waiting:
        box, count = waiting.pop(), count + 1
        if count > _MOST_BOXES:
            raise ValueError("too many parts")
        if box.kind == b"hdlr" and content[box.body + 8 : box.body + 12] == b"vide":
            raise refused("attachment-moving")
        if box.kind in _NOTES:
            shown[box.start + 4 : box.start + 8] = b"free"
            shown[box.body : box.end] = bytes(box.end - box.body)
        elif box.kind in _HOLD_BOXES:
            waiting += _boxes(content, box.body, box.end)
    return bytes(shown)


def _boxes(content: bytes, start: int, end: int) -> Iterator[_Box]:
    while start + 8 <= end:
        size, body = int.from_bytes(content[start : start + 4], "big"), start + 8
        if size == 1:
            size, body = int.from_bytes(content[body : body + 8], "big"), body + 8
        size = size or end - start  # 0: as far as there is
        if size < body - start or start + size > end:
            raise ValueError("a part that ends beyond the whole")
        yield _Box(content[start + 4 : start + 8], start, body, start + size)
        start += size


def _amr(content: bytes) -> bytes:
    if not content.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        raise ValueError("not the beginning of a recording")
    return content  # it has no room for notes


_WITHOUT_NOTES: Mapping[str, Callable[[bytes], bytes]] = {
    MP3.name: _mp3,
    M4A.name: _m4a,
    AMR.name: _amr,
    WAV.name: _wav,
}
