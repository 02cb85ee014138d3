"""Why a file cannot be read or written, in words: the system says it in its own language."""

from __future__ import annotations

import errno

from maps.catalogue import Lang, text

_REASONS = {
    errno.ENOENT: "missing",
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.EROFS: "forbidden",
    errno.EISDIR: "folder",
    errno.ENOTDIR: "missing",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
}


def file_words(error: OSError, lang: Lang) -> str:
    """Return a sentence for a refusal of the file system; one that is not known keeps the system's words."""
    reason = _REASONS.get(error.errno or 0)
    words = text(lang, f"cli.file.{reason}") if reason else error.strerror or str(error)
    return text(lang, "cli.cannot-write", file=error.filename or "", reason=words)
