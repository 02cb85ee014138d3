"""When a data folder was restored: keys that were made before sign nobody in, since some may have been ended since."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from layers.whole_files import make_folder, replace_file

_NAME = "restored-at"


def note_restored(data_dir: Path, at: datetime) -> None:
    """Note that the records were put back as they had been, at an aware moment."""
    make_folder(data_dir)
    replace_file(data_dir / _NAME, lambda draft: draft.write_text(at.isoformat(), encoding="ascii"))


def restored_at(data_dir: Path) -> datetime | None:
    """Return when a folder was restored, ``None`` if it never was."""
    try:
        return datetime.fromisoformat((data_dir / _NAME).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
