"""Files by content: written whole, named in the transaction of the record that needs them, checked on reading."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from layers.content_files import content_path
from layers.records.clock import now_of
from layers.records.tables import file as file_table
from layers.whole_files import replace_file

_SHA = re.compile(r"[0-9a-f]{64}")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredFile:
    """A file that is on disk and may be named in the database."""

    sha: str
    bytes: int
    media_type: str


class FileStore:
    """The files by content of a data folder.

    Parameters
    ----------
    data_dir
    """

    def __init__(self, data_dir: Path) -> None:
        self._data = data_dir

    def put(self, content: bytes, *, media_type: str) -> StoredFile:
        """Write a file, unless it is there; :func:`name_files` names it.

        Parameters
        ----------
        content
        media_type

        Raises
        ------
        OSError
            If the disk is full or the folder cannot be written; then there is no file.
        """
        sha = hashlib.sha256(content).hexdigest()
        path = self.path_of(sha)
        if not _touched(path, content):
            replace_file(path, lambda draft: draft.write_bytes(content))
        return StoredFile(sha, len(content), media_type)

    def read(self, sha: str | None) -> bytes | None:
        """Return the content of a file, ``None`` if it is gone or no longer what it was."""
        if sha is None or not _SHA.fullmatch(sha):
            return None
        try:
            content = self.path_of(sha).read_bytes()
        except OSError:
            return None
        if hashlib.sha256(content).hexdigest() == sha:
            return content
        _LOG.warning("file %s is damaged", sha)
        with contextlib.suppress(OSError):  # so that the next who has this content writes it anew
            self.path_of(sha).unlink()
        return None

    def remove(self, shas: Iterable[str]) -> None:
        """Remove files at once that nothing names any more; one that is gone already is no matter."""
        for sha in shas:
            if _SHA.fullmatch(sha):
                self.path_of(sha).unlink(missing_ok=True)

    def path_of(self, sha: str) -> Path:
        """Return where a file stands."""
        return content_path(self._data, sha)


def name_files(connection: Connection, files: Iterable[StoredFile]) -> None:
    """Name files in the transaction of the record that needs them.

    Parameters
    ----------
    connection
        In a writing transaction.
    files
        As :meth:`FileStore.put` returned them.
    """
    insert = insert_on_postgresql if connection.dialect.name == "postgresql" else insert_on_sqlite
    now = now_of(connection)
    for one in sorted(files, key=lambda stored: stored.sha):  # in one order, so that no two wait for each other
        row = {"sha": one.sha, "bytes": one.bytes, "media_type": one.media_type, "made_at": now}
        again = insert(file_table).values(row)
        connection.execute(again.on_conflict_do_update(index_elements=["sha"], set_={"made_at": now}))


def _touched(path: Path, content: bytes) -> bool:
    """Make a file young again if it holds this content, so that nothing removes it before it is named."""
    try:
        if path.read_bytes() != content:
            return False
        os.utime(path)
    except OSError:
        return False
    return True
