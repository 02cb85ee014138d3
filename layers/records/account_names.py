"""How names of accounts are written: one way, whatever was typed."""

from __future__ import annotations

import unicodedata

from gis.faults import Fault, FaultsError

LONGEST_NAME = 60


def tidy_name(name: str) -> str:
    """Return a name as it is stored.

    Raises
    ------
    FaultsError
        ``account-bad-name``.
    """
    tidy = unicodedata.normalize("NFKC", name).strip().casefold()
    if not 0 < len(tidy) <= LONGEST_NAME or not tidy.isprintable() or any(one.isspace() for one in tidy):
        raise FaultsError([Fault("account-bad-name", layer="accounts", field="name", value=name[:80])])
    return tidy


def tidy_display(display: str) -> str:
    """Return what others see, as it is stored.

    Raises
    ------
    FaultsError
        ``account-bad-display``.
    """
    tidy = unicodedata.normalize("NFC", display).strip()
    if not 0 < len(tidy) <= LONGEST_NAME or not tidy.isprintable():
        raise FaultsError([Fault("account-bad-display", layer="accounts", field="display", value=display[:80])])
    return tidy
