"""The free text of a report: bounded, printable, and without telephone numbers."""

from __future__ import annotations

import re
import unicodedata

from gis.faults import Fault, FaultsError

MAX_CHARACTERS = 2000

_PHONE = re.compile(r"(?<!\d)(?:(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}-\d{7,8})(?!\d)", re.ASCII)


def clean_text(text: str) -> str:
    """Return a description fit for a log that nobody can edit afterwards.

    Line ends become newlines, outer white space goes, and all but the last four digits of a
    telephone number are hidden: events are append-only, so a number could never be taken out.

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
    return _PHONE.sub(lambda match: "****" + match[0][-4:], plain)
