"""What a form of a page sends when a file is among it: multipart/form-data, read in full or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message

from api.explain import ApiError

_BOUNDARY = re.compile(rb'boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_MOST_PARTS = 40


@dataclass(frozen=True)
class SentFile:
    """A file of a form.

    Parameters
    ----------
    name
        As it is called where it comes from; "" if none was chosen.
    content
    """

    name: str
    content: bytes


@dataclass(frozen=True)
class SentForm:
    """A form as it was sent.

    Parameters
    ----------
    fields
        Name → text; of fields of one name the last.
    files
        Name → file.
    """

    fields: dict[str, str]
    files: dict[str, SentFile]


def read_form(content_type: str, body: bytes) -> SentForm:
    """Return the fields and files of a form.

    Parameters
    ----------
    content_type
        Header of the request.
    body

    Raises
    ------
    ApiError
        400 if it is no such form.
    """
    form = SentForm({}, {})
    for head, content in _parts(content_type, body):
        name = head.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise ApiError(400, "form-unreadable")
        file = head.get_param("filename", header="content-disposition")
        if isinstance(file, str):
            form.files[name] = SentFile(file, content)
        else:
            form.fields[name] = content.decode("utf-8", "replace")
    return form


def _parts(content_type: str, body: bytes) -> Iterator[tuple[Message, bytes]]:
    found = _BOUNDARY.search(content_type.encode("latin-1", "replace"))
    if not content_type.lower().startswith("multipart/form-data") or found is None:
        raise ApiError(400, "form-unreadable")
    delimiter = b"\r\n--" + (found[1] or found[2])
    pieces = (b"\r\n" + body).split(delimiter, _MOST_PARTS)
    if len(pieces) > _MOST_PARTS or len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise ApiError(400, "form-unreadable")
    for piece in pieces[1:-1]:
        head, gap, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if not gap:
            raise ApiError(400, "form-unreadable")
        yield message_from_string(head.decode("utf-8", "replace") + "\r\n\r\n"), content
