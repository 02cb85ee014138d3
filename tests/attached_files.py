"""Files that people send: photos with a position, recordings with notes, and traps."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

PLACE = b"37.1905N 116.8667E"
"""Stands in every one of them, where a telephone puts its position."""


def photo(kind: str = "JPEG", *, size: tuple[int, int] = (60, 40), turned: bool = True) -> bytes:
    """Return a photo, red at its left, that a telephone held upright says to turn; with position, maker and comment."""
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 4, size[1]))
    exif = Image.Exif()
    exif[0x010F] = PLACE.decode()
    exif[0x8825] = {1: "N", 2: (37.0, 11.0, 25.0), 3: "E", 4: (116.0, 52.0, 0.0), 29: PLACE.decode()}
    if turned:
        exif[0x0112] = 6
    told = {"exif": exif.tobytes()}
    if kind == "JPEG":
        told["comment"] = PLACE
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", PLACE.decode())
        told["pnginfo"] = notes
    written = io.BytesIO()
    picture.save(written, kind, **told)
    assert PLACE in written.getvalue()
    return written.getvalue()


def bomb() -> bytes:
    """Return a picture of a few hundred bytes that says to be of 900 million points."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def mp3() -> bytes:
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    head = b"ID3\x04\x00\x00" + bytes((0, 0, 0, len(PLACE))) + PLACE
    return head + frame * 3 + b"TAG" + PLACE.ljust(125, b" ")


def wav() -> bytes:
    parts = b"fmt " + struct.pack("<I", 16) + bytes(16) + b"LIST" + struct.pack("<I", len(PLACE)) + PLACE
    parts += b"data" + struct.pack("<I", 4) + b"\1\2\3\4"
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WAVE" + parts


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + kind + body


def m4a(*, handler: bytes = b"soun") -> bytes:
    hdlr = box(b"hdlr", bytes(8), handler, bytes(12))
    track = box(b"trak", box(b"mdia", hdlr), box(b"udta", PLACE))
    moov = box(b"moov", box(b"mvhd", bytes(100)), track, box(b"udta", box(b"\xa9xyz", PLACE)), box(b"free", PLACE))
    return box(b"ftyp", b"M4A ", bytes(4)) + moov + box(b"mdat", b"sound")


def amr() -> bytes:
    return b"#!AMR\n" + bytes(32)
