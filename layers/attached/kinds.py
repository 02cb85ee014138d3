"""What a file that was sent is, by its content: its name and what the sender says of it are not believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gis.faults import Fault, FaultsError

LAYER = "attachments"
"""Under this name faults of attachments are told."""
LARGEST_BYTES = 12 * 2**20
"""Of any file: a photo of fifty million points has some ten."""
LARGEST_SOUND_BYTES = 4 * 2**20
"""Of a recording: some four minutes."""

Family = Literal["photo", "sound", "file"]


@dataclass(frozen=True)
class FileKind:
    """A kind of file that may be sent.

    Parameters
    ----------
    name
    family
    media_type
    ending
        Of its name, without a dot.
    """

    name: str
    family: Family
    media_type: str
    ending: str


JPEG = FileKind("JPEG", "photo", "image/jpeg", "jpg")
PNG = FileKind("PNG", "photo", "image/png", "png")
WEBP = FileKind("WEBP", "photo", "image/webp", "webp")
PDF = FileKind("PDF", "file", "application/pdf", "pdf")
MP3 = FileKind("MP3", "sound", "audio/mpeg", "mp3")
M4A = FileKind("M4A", "sound", "audio/mp4", "m4a")
AMR = FileKind("AMR", "sound", "audio/amr", "amr")
WAV = FileKind("WAV", "sound", "audio/wav", "wav")
KINDS = (JPEG, PNG, WEBP, PDF, MP3, M4A, AMR, WAV)

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
_BEGINNINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"%PDF-", PDF),
    (b"#!AMR", AMR),
    (b"ID3", MP3),
)


def kind_of(content: bytes) -> FileKind:
    """Return what a file is.

    Raises
    ------
    FaultsError
        ``attachment-empty``, ``attachment-too-large``, ``attachment-heic`` (no free program reads it), or
        ``attachment-unknown-kind``.
    """
    if not content:
        raise refused("attachment-empty")
    kind = _recognised(content[:64])
    if kind is None:
        is_heic = content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS
        raise refused("attachment-heic" if is_heic else "attachment-unknown-kind")
    most = LARGEST_SOUND_BYTES if kind.family == "sound" else LARGEST_BYTES
    if len(content) > most:
        raise refused("attachment-too-large", limit=most // 2**20)
    return kind


def refused(code: str, **params: int) -> FaultsError:
    """Return the refusal of a file."""
    return FaultsError([Fault(code, LAYER, field="file", params=dict(params))])


def _recognised(head: bytes) -> FileKind | None:
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE"):
        return WEBP if head[8:12] == b"WEBP" else WAV
    if head[4:8] == b"ftyp":
        return None if head[8:12] in _HEIC_BRANDS else M4A
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2  # MPEG audio, layer III
    return MP3 if is_frame else None
