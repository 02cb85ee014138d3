"""What a backup or a restore did, as lines of text and as JSON."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from api.actions.backup import Backup
from layers.backups.manifest import HIDDEN, Manifest, is_content
from maps.catalogue import Lang, text

_PLACES = ("COUNTYGRID_DATA", "COUNTYGRID_DATABASE_URL")


def backup_lines(made: Backup, lang: Lang) -> list[str]:
    """Return what was kept, where, and what went."""
    lines = [text(lang, "cli.backup.made", file=str(made.path)), *_figures(made.manifest, lang)]
    lines += [text(lang, "cli.backup.removed", file=path.name) for path in made.removed]
    return [*lines, *([text(lang, "cli.backup.pruned", count=f"{made.pruned:,}")] if made.pruned else [])]


def restore_lines(manifest: Manifest, folder: Path, lang: Lang, *, url: str) -> list[str]:
    """Return what was put back, and how to serve it."""
    lines = [text(lang, "cli.backup.restored", folder=str(folder)), *_figures(manifest, lang)]
    served = "COUNTYGRID_DATABASE_URL=… " if url else ""
    lines += _setting_lines(manifest, lang)
    return [*lines, text(lang, "cli.backup.serve", line=f"{served}COUNTYGRID_DATA={folder} countygrid serve")]


def _setting_lines(manifest: Manifest, lang: Lang) -> list[str]:
    """Return what the site had set, ready to be set again; where its data rested is another place now."""
    told = {name: value for name, value in manifest.settings.items() if name not in _PLACES}
    lines = [
        text(lang, "cli.backup.secret-setting", name=name) if value == HIDDEN else f"  {name}={shlex.quote(value)}"
        for name, value in told.items()
    ]
    return [text(lang, "cli.backup.settings"), *lines] if lines else []


def lacking_lines(manifest: Manifest, lang: Lang) -> list[str]:
    """Return a warning for each file that could not be kept, and where there are no records at all."""
    severity = text(lang, "cli.severity.warning")
    words = [
        text(lang, "cli.backup.lacking-result" if is_content(name) else "cli.backup.lacking", file=name)
        for name in manifest.lacking
    ]
    words += [] if manifest.database else [text(lang, "cli.backup.no-records")]
    return [text(lang, "cli.fault-anywhere", severity=severity, words=one) for one in words]


def unpruned_lines(made: Backup, lang: Lang) -> list[str]:
    """Return a warning if the database did not let result files go."""
    severity, words = text(lang, "cli.severity.warning"), text(lang, "cli.backup.not-pruned")
    return [text(lang, "cli.fault-anywhere", severity=severity, words=words)] if made.pruned is None else []


def backup_json(made: Backup) -> dict[str, Any]:
    """Return the same as JSON."""
    return {
        "file": str(made.path),
        **manifest_json(made.manifest),
        "removed": [path.name for path in made.removed],
        "pruned": made.pruned,
    }


def manifest_json(manifest: Manifest) -> dict[str, Any]:
    """Return what a backup holds as JSON."""
    return {
        "made_at": manifest.made_at.isoformat(),
        "program": manifest.program,
        "county": dict(manifest.county),
        "database": manifest.database,
        "revision": manifest.revision,
        "rows": {name: table.rows for name, table in manifest.tables.items()},
        "files": {name: {"size": one.size, "sha256": one.sha256} for name, one in manifest.files.items()},
        "lacking": list(manifest.lacking),
        "settings": dict(manifest.settings),
    }


def _figures(manifest: Manifest, lang: Lang) -> list[str]:
    county = manifest.county.get("name", "")
    records = text(lang, "cli.backup.records", rows=f"{manifest.rows:,}", revision=str(manifest.revision))
    files = text(lang, "cli.backup.files", count=f"{len(manifest.files):,}", mb=f"{manifest.size / 2**20:,.1f}")
    return [
        text(lang, "cli.backup.moment", moment=f"{manifest.made_at:%Y-%m-%d %H:%M:%S}", program=manifest.program),
        *([text(lang, "cli.backup.county", name=county)] if county else []),
        *([records] if manifest.database else []),
        files,
    ]
