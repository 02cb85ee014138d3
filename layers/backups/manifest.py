"""What a backup says of itself, in a file of its own inside the archive."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from layers.backups.records_copy import TableContent

MANIFEST = "manifest.json"
RECORDS = "app.sqlite"
MANIFEST_LIMIT_BYTES = 64 * 2**20
_FORMAT = "countygrid-backup"
_VERSION = 2
_OURS = re.compile(
    r"app\.sqlite|current|builds/[0-9a-f]{16}\.json|layers/[a-z][a-z_]{0,40}/[0-9a-f]{16}\.gpkg"
    r"|files/([0-9a-f]{2})/\1[0-9a-f]{62}"
)
"""Names that a backup may hold; whatever else a file might be called, it is not written anywhere."""
_CONTENT = "files/"
_SETTING = re.compile(r"COUNTYGRID_[A-Z_]{1,60}|PORT")
HIDDEN = "***"
"""Stands for the value of a secret that was set."""


@dataclass(frozen=True)
class FileEntry:
    """A file in the archive.

    Parameters
    ----------
    size
        Bytes.
    sha256
        Hexadecimal.
    """

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds and where it is from.

    Parameters
    ----------
    made_at
        Aware.
    program
        Its version.
    county
        ``code``, ``name``, ``version`` of the current build, texts; empty without one.
    database
        Kind that the records came from; ``None`` without records.
    revision
        Of the tables.
    tables, files
        By name.
    lacking
        Files that builds or records name and that were missing or damaged when the backup was made.
    settings
        Variables that differed from the defaults, ``HIDDEN`` for what was secret.
    """

    made_at: datetime
    program: str
    county: Mapping[str, str]
    database: str | None
    revision: str | None
    tables: Mapping[str, TableContent]
    files: Mapping[str, FileEntry]
    lacking: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(entry.size for entry in self.files.values())

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(table.rows for table in self.tables.values())


class ForeignError(ValueError):
    """Raised when a manifest is none of ours."""


class NewerError(ValueError):
    """Raised when a newer program wrote a manifest in a form that this one does not know."""


def is_our_name(name: str) -> bool:
    """Tell whether a file in an archive has one of the names that backups hold."""
    return _OURS.fullmatch(name) is not None


def is_content(name: str) -> bool:
    """Tell whether a file is named by its content: then its last part is its SHA-256."""
    return name.startswith(_CONTENT)


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return a manifest as JSON."""
    content = {**asdict(manifest), "made_at": manifest.made_at.isoformat()}
    return json.dumps({"format": _FORMAT, "format_version": _VERSION, **content}, ensure_ascii=False, indent=1).encode()


def parse_manifest(raw: bytes) -> Manifest:
    """Return what a manifest says.

    Raises
    ------
    ForeignError
        If it is none of ours.
    NewerError
    """
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ForeignError("no JSON") from error
    if not isinstance(told, dict) or told.get("format") != _FORMAT:
        raise ForeignError("no manifest of a backup")
    version = told.get("format_version")
    if isinstance(version, int) and version > _VERSION:
        raise NewerError(str(told.get("program", "")))
    try:
        return _manifest(told)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ForeignError("a manifest with something missing or wrong") from error


def _manifest(told: Mapping[str, Any]) -> Manifest:
    made_at = datetime.fromisoformat(told["made_at"])
    files = {_text(name): FileEntry(_count(one["size"]), _digest(one["sha256"])) for name, one in told["files"].items()}
    tables = {
        _text(name): TableContent(_count(one["rows"]), _digest(one["sha256"])) for name, one in told["tables"].items()
    }
    if made_at.tzinfo is None or (RECORDS in files) != (told["revision"] is not None):
        raise ValueError("made at no certain moment, or records without a revision")
    if any(is_content(name) and name.rpartition("/")[2] != entry.sha256 for name, entry in files.items()):
        raise ValueError("a file that is named by another content")
    return Manifest(
        made_at=made_at,
        program=_text(told["program"]),
        county={_text(name): _text(value) for name, value in told["county"].items()},
        database=None if told["database"] is None else _text(told["database"]),
        revision=None if told["revision"] is None else _text(told["revision"]),
        tables=tables,
        files=files,
        lacking=tuple(map(_text, told["lacking"])),
        settings={_setting(name): _line(value) for name, value in told.get("settings", {}).items()},
    )


def _setting(name: str) -> str:
    if not _SETTING.fullmatch(name):
        raise ValueError("not a setting")
    return name


def _line(value: object) -> str:
    """Return a text that can be shown on a terminal."""
    if not _text(value).isprintable():
        raise ValueError("not a line")
    return _text(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("not a count")
    return value


def _digest(value: object) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", _text(value)):
        raise ValueError("not a SHA-256")
    return _text(value)
