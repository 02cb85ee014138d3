"""A mark in the data folder that accounts exist, for the time when the database does not say so."""

from __future__ import annotations

from pathlib import Path

from layers.whole_files import make_folder

_NAME = "accounts-exist"


def accounts_mark(data_dir: Path) -> Path:
    """Return the file that is there once there have been accounts."""
    return data_dir / _NAME


def note_accounts(data_dir: Path) -> None:
    """Note that there are accounts; nobody is let in without a key from now on."""
    mark = accounts_mark(data_dir)
    if not mark.exists():
        make_folder(mark.parent)
        mark.touch()
