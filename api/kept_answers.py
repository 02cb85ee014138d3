"""Answers that are made once and told to everybody: packed, named by their content, not sent twice to one browser."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response

_LEVEL = 6
"""Of packing: done once for thousands of readers."""


@dataclass(frozen=True)
class KeptAnswer:
    """An answer ready for the way.

    Parameters
    ----------
    plain, packed
        The same content as it is, and by gzip.
    etag
    media_type
    headers
        Further ones.
    """

    plain: bytes
    packed: bytes
    etag: str
    media_type: str
    headers: Mapping[str, str]


def keep_answer(content: bytes, media_type: str, *, headers: Mapping[str, str] | None = None) -> KeptAnswer:
    """Return a content ready for the way.

    Parameters
    ----------
    content
    media_type
    headers
        That the answer has beside those of keeping.
    """
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return KeptAnswer(content, gzip.compress(content, _LEVEL, mtime=0), etag, media_type, headers or {})


def tell(request: Request, kept: KeptAnswer) -> Response:
    """Return the answer to one reader: nothing but its name where their browser has it already."""
    headers = {**kept.headers, "ETag": kept.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding, Cookie"}
    if request.headers.get("if-none-match") == kept.etag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(kept.packed, media_type=kept.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(kept.plain, media_type=kept.media_type, headers=headers)
