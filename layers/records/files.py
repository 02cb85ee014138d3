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

from layers.content_files import content_path, prune_files
from layers.records.clock import now_of
from layers.records.database import Database
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
    """The folder of files by content.

    Parameters
    ----------
    folder
        ``files`` in a data folder; made when first written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

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
        if _holds(path, content):
            os.utime(path)  # young again: nothing removes it before it is named
        else:
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

    def path_of(self, sha: str) -> Path:
        """Return where a file stands."""
        return content_path(self.folder.parent, sha)

    def prune(self, database: Database) -> int:
        """Remove the files that no run names, and return how many; those just written stay.

        Parameters
        ----------
        database

        Raises
        ------
        DatabaseDownError
            If the database does not say what is named; then nothing is removed.
        """
        return prune_files(self.folder.parent, database)


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


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False
