"""What schemes must share to be compared: the service, and whom they count."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from api.actions.comparison.references import FIELD
from api.actions.open_county import OpenCounty
from gis.faults import Fault, FaultsError
from maps.catalogue import LANGS, text

_BASIS = re.compile(r"(?:(?P<year>[0-9]{4})-)?(?:registered-)?(?P<whom>.+)")


class _Counted(NamedTuple):
    """What two schemes must have alike."""

    county: str
    service: str
    base: str
    group: str
    year: str


def refuse_unlike(schemes: Sequence[tuple[str, Mapping[str, Any], OpenCounty]]) -> None:
    """Refuse schemes that cannot be compared with the first.

    Parameters
    ----------
    schemes
        Reference, plan and county of each.

    Raises
    ------
    FaultsError
        ``compare-county``, ``compare-service``, ``compare-base``, ``compare-group``, ``compare-year``: every mismatch
        of every scheme.
    """
    first = _counted(*schemes[0][1:])
    faults = []
    for reference, plan, at_hand in schemes[1:]:
        other = _counted(plan, at_hand)
        for name in _Counted._fields:
            ours, theirs = getattr(first, name), getattr(other, name)
            if ours != theirs:
                words = _words(name, ours, schemes[0][2], "ours") | _words(name, theirs, at_hand, "theirs")
                faults.append(Fault(f"compare-{name}", field=FIELD, value=reference, params=words))
    if faults:
        raise FaultsError(faults)


def _counted(plan: Mapping[str, Any], at_hand: OpenCounty) -> _Counted:
    basis = _BASIS.fullmatch(plan["weights_basis"])
    year, whom = (basis["year"] or "", basis["whom"]) if basis else ("", plan["weights_basis"])
    group = "everyone" if whom in ("resident", "registered") else whom
    return _Counted(at_hand.county.code, plan["service"], plan["base"], group, year)


def _words(name: str, value: str, at_hand: OpenCounty, whose: str) -> dict[str, str]:
    """Return what somebody calls a value, in both languages."""
    words = dict.fromkeys(LANGS, value)
    if name == "service":
        words = {lang: at_hand.tables.services[value].names[lang] for lang in LANGS}
    elif name == "base":
        words = {lang: text(lang, f"planning.weights.{value}") for lang in LANGS}
    elif name == "group":
        key = "compare.everyone" if value == "everyone" else f"planning.weights.{value}"
        words = {lang: text(lang, key) for lang in LANGS}
    elif name == "year":
        words = {lang: value or text(lang, "compare.no-year") for lang in LANGS}
    return {f"{whose}_{lang}": word for lang, word in words.items()}
