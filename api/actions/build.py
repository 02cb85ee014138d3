"""Building a county from its file, or the default county from its facts."""

from __future__ import annotations

from pathlib import Path

from api.settings import Settings
from layers.build import BuildReport, build_county


def build(settings: Settings, county_toml: Path) -> BuildReport:
    """Build a county and make it the current one.

    Parameters
    ----------
    settings
    county_toml

    Raises
    ------
    FaultsError
        With every fault of every layer; the last good county stays current.
    """
    return build_county(county_toml, data_dir=settings.data)


def build_default(settings: Settings) -> BuildReport:
    """Reconstruct Linyi as ordinary files and build it through the same import as any county."""
    from layers.reconstruction.write import write_linyi  # noqa: PLC0415 - only the default county needs it

    return build(settings, write_linyi(settings.data / "sources" / "linyi"))
