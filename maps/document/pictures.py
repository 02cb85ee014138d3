"""All pictures of a document as PNG files in one zip: for slides, and for whatever else an office writes."""

from __future__ import annotations

import io
import re
import zipfile

from maps.document.blocks import Document, Picture
from maps.document.pdf import png_of

MEDIA_TYPE = "application/zip"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
_MOST_LETTERS = 60


def pictures_zip(document: Document) -> bytes:
    """Return a zip with every picture of a document once, in order; the same document is the same file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as out:  # PNG is packed already
        for number, picture in enumerate(document.pictures(), 1):
            out.writestr(zipfile.ZipInfo(_name(number, picture), (*document.made_on, 0, 0, 0)), png_of(picture))
    return packed.getvalue()


def _name(number: int, picture: Picture) -> str:
    """Return the name of a picture's file: its caption, as far as a file may be called so anywhere."""
    words = _NOT_IN_NAMES.sub("_", picture.caption)[:_MOST_LETTERS].strip("._ ")
    return f"{number:02d}_{words or picture.name}.png"
