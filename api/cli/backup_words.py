"""What a backup or a restore did, as lines of text and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.actions.backup import Backup
from layers.backups.manifest import Manifest
from maps.catalogue import Lang, text


def backup_lines(made: Backup, lang: Lang) -> list[str]:
    """Return what was kept, where, and what went."""
    lines = [text(lang, "cli.backup.made", file=str(made.path)), *_figures(made.manifest, lang)]
    return [*lines, *(text(lang, "cli.backup.removed", file=path.name) for path in made.removed)]


def restore_lines(manifest: Manifest, folder: Path, lang: Lang, *, url: str) -> list[str]:
    """Return what was put back, and how to serve it."""
    lines = [text(lang, "cli.backup.restored", folder=str(folder)), *_figures(manifest, lang)]
    served = "COUNTYGRID_DATABASE_URL=… " if url else ""
    return [*lines, text(lang, "cli.backup.serve", line=f"{served}COUNTYGRID_DATA={folder} countygrid serve")]


def lacking_lines(manifest: Manifest, lang: Lang) -> list[str]:
    """Return a warning for each file that could not be kept, and where there are no records at all."""
    severity = text(lang, "cli.severity.warning")
    words = [text(lang, "cli.backup.lacking", file=name) for name in manifest.lacking]
    words += [] if manifest.database else [text(lang, "cli.backup.no-records")]
    return [text(lang, "cli.fault-anywhere", severity=severity, words=one) for one in words]


def backup_json(made: Backup) -> dict[str, Any]:
    """Return the same as JSON."""
    return {
        "file": str(made.path),
        **manifest_json(made.manifest),
        "removed": [path.name for path in made.removed],
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
