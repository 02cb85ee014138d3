"""The register of codes: which ground each code names, and those that name none any more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_DIGITS = 15
_SEQUENCE = 3
_MOST = 999


@dataclass(frozen=True)
class CodeRegister:
    """What is known of the codes of a county's cells.

    Parameters
    ----------
    retired
        Of each code that was given and names no cell any more: ``village_id``, ``township_id`` and ``name``.
    parents
        Of each code that was given after the first drawing: the codes that its ground had before.
    moved_m2
        How much the ground of a code has changed since it was given, summed over all drawings.
    office
        Cells that the office has split or merged, with the villages whose ground they hold: they stay when the
        county is drawn anew.
    told
        What the office says of a cell, by column: it goes before what a drawing says.
    """

    retired: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moved_m2: Mapping[str, float] = field(default_factory=dict)
    office: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def given(self, cells: Iterable[str]) -> set[str]:
        """Return every code that was ever given, to these cells or before."""
        return {*cells, *self.retired}

    def successors(self, code: str) -> frozenset[str]:
        """Return the codes that have the ground of a retired one now; itself if it still names a cell."""
        if code not in self.retired:
            return frozenset({code})
        found: set[str] = set()
        for new in (new for new, old in self.parents.items() if code in old):
            found |= self.successors(new)
        return frozenset(found)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it, without what is empty."""
        told = {
            "retired": {code: dict(facts) for code, facts in sorted(self.retired.items())},
            "parents": {code: list(old) for code, old in sorted(self.parents.items())},
            "moved_m2": {code: round(m2, 1) for code, m2 in sorted(self.moved_m2.items())},
            "office": {code: list(units) for code, units in sorted(self.office.items())},
            "told": {code: dict(columns) for code, columns in sorted(self.told.items())},
        }
        return {name: value for name, value in told.items() if value}


def register_from(told: Mapping[str, Any]) -> CodeRegister:
    """Return the register that ``plain`` has written."""
    return CodeRegister(
        retired=told.get("retired", {}),
        parents={code: tuple(old) for code, old in told.get("parents", {}).items()},
        moved_m2=told.get("moved_m2", {}),
        office={code: tuple(units) for code, units in told.get("office", {}).items()},
        told=told.get("told", {}),
    )


def next_code(like: str, given: Iterable[str]) -> str:
    """Return the code after all that were ever given to the village of a code.

    Parameters
    ----------
    like
        15 digits, of which the first twelve are the village's; codes of an office's own are counted on as
        ``code-2``, ``code-3``.
    given

    Raises
    ------
    ValueError
        If all 999 numbers of the village are used up.
    """
    is_ours = re.fullmatch(rf"\d{{{_DIGITS}}}", like) is not None
    stem = like[:-_SEQUENCE] if is_ours else re.sub(r"-\d+$", "", like)
    pattern = re.compile(re.escape(stem) + (rf"(\d{{{_SEQUENCE}}})" if is_ours else r"-(\d+)"))
    numbers = [int(match[1]) for code in given if (match := pattern.fullmatch(code))]
    number = max(numbers, default=0 if is_ours else 1) + 1
    if is_ours and number > _MOST:
        raise ValueError(f"all {_MOST} numbers of {stem} were given")
    return f"{stem}{number:03d}" if is_ours else f"{stem}-{number}"
