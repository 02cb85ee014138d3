"""The picture that others see: the same points, drawn anew, and nothing that a camera wrote beside them."""

from __future__ import annotations

import io
import threading

from PIL import Image, ImageOps

from gis.faults import FaultsError
from layers.attached.kinds import FileKind, refused

MOST_POINTS = 50_000_000
"""Of a picture: as many as telephones take; decoding one takes some 150 MB at most."""
LONGEST_SIDE = 2048
"""Points of the copy: a sheet of paper can be read on it."""
_QUALITY = 82
_ONE_AT_A_TIME = threading.Lock()


def shown_picture(content: bytes, kind: FileKind) -> bytes:
    """Return a picture as JPEG, upright, at most 2048 points long, without position, time, camera or preview.

    Parameters
    ----------
    content
        Of a moving picture the first frame counts.
    kind
        As ``kind_of`` told it.

    Raises
    ------
    FaultsError
        ``attachment-too-many-points``, ``attachment-damaged``.
    """
    with _ONE_AT_A_TIME:  # memory stays bounded however many send at once
        try:
            return _drawn_anew(content, kind)
        except FaultsError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _too_many_points() from None
        except Exception as error:
            raise refused("attachment-damaged") from error


def _drawn_anew(content: bytes, kind: FileKind) -> bytes:
    with Image.open(io.BytesIO(content), formats=(kind.name,)) as sent:
        if sent.width * sent.height > MOST_POINTS:
            raise _too_many_points()
        sent.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded at a part of its size
        sent.load()
        upright = ImageOps.exif_transpose(sent)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = io.BytesIO()
    _on_white(upright).save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """Return a picture of colours alone: a new one, to which nothing clings."""
    flat = Image.new("RGB", picture.size, "white")
    seen = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    flat.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    return flat


def _too_many_points() -> FaultsError:
    return refused("attachment-too-many-points", limit=MOST_POINTS // 1_000_000)
