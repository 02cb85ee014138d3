"""The free text of a report: bounded, printable, and without the numbers of persons."""

from __future__ import annotations

import unicodedata

from gis.faults import Fault, FaultsError
from planning.incidents.numbers import mask_numbers

MAX_CHARACTERS = 2000


def clean_text(text: str) -> str:
    """Return a description fit for a log that nobody can edit afterwards.

    Line ends become newlines, outer white space goes, and all but the last four digits of telephone,
    identity and bank card numbers are hidden: events are append-only, so a number could never be taken out.

    Raises
    ------
    FaultsError
        If it is longer than ``MAX_CHARACTERS`` or holds control characters other than newlines.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    faults = []
    if len(plain) > MAX_CHARACTERS:
        params = {"count": len(plain), "limit": MAX_CHARACTERS}
        faults.append(Fault("text-too-long", layer="incidents", field="text", params=params))
    odd = sorted({f"U+{ord(c):04X}" for c in plain if c != "\n" and unicodedata.category(c) in {"Cc", "Cs"}})
    if odd:
        faults.append(Fault("text-control-character", layer="incidents", field="text", value=" ".join(odd[:5])))
    if faults:
        raise FaultsError(faults)
    return mask_numbers(plain)
