"""Edits as JSON read into what they are: strictly, and with everything that is wrong told at once."""

from __future__ import annotations

import dataclasses
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gis.faults import Fault, FaultsError
from planning.closest import Closest
from planning.scenario.edits import (
    CHOICES,
    FIELDS,
    MOST_EDITS,
    MOST_POSITIONS,
    OPS,
    AdoptedSite,
    Edit,
    Position,
)

_SHOWN = 80
"""So many characters of a wrong value are told."""
_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")
"""Kinds of characters that break a line, or are half of one."""
_WORLD = {"lon": 180, "lat": 90}


def edits_from(given: Any) -> tuple[Edit, ...]:
    """Return the edits that JSON says.

    Parameters
    ----------
    given
        A list of objects, as :func:`planning.scenario.edits.told` writes them.

    Raises
    ------
    FaultsError
        Everything that is wrong with all of them; the row of a fault is the number of its edit, from 1.
    """
    if not _is_list(given):
        raise FaultsError([Fault("edits-not-a-list", layer="edits", field="edits", value=_shown(given))])
    if len(given) > MOST_EDITS:
        told = {"most": MOST_EDITS}
        raise FaultsError([Fault("edits-too-many", layer="edits", field="edits", value=str(len(given)), params=told)])
    reader = _Reader()
    edits = [reader.edit(one, row) for row, one in enumerate(given, 1)]
    faults = list(reader.faults)
    if reader.positions > MOST_POSITIONS:
        told = {"most": MOST_POSITIONS}
        faults += [Fault("edits-too-many-positions", "edits", field="edits", value=str(reader.positions), params=told)]
    if faults:
        raise FaultsError(faults)
    return tuple(edit for edit in edits if edit is not None)


class _Reader:
    """Reads one edit after another and remembers what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.positions = 0
        self._row: int | None = None
        self._closest: dict[str, Closest] = {}

    def tell(self, code: str, field: str, value: Any, **params: str | float) -> Any:
        """Add a fault of the edit that is being read, and return nothing in place of a value."""
        self.faults.append(Fault(code, layer="edits", row=self._row, field=field, value=_shown(value), params=params))

    def edit(self, given: Any, row: int) -> Edit | None:
        """Return an edit, ``None`` if anything is wrong with it."""
        self._row = row
        if not isinstance(given, Mapping):
            self.tell("edit-not-an-object", "edit", given)
            return None
        if "op" not in given:
            self.tell("edit-without-op", "op", "", known=", ".join(OPS))
            return None
        op = given["op"]
        if not isinstance(op, str) or op not in OPS:
            self.tell("edit-unknown-op", "op", op, known=", ".join(OPS), closest=self._closest_to("op", op, OPS))
            return None
        before = len(self.faults)
        fields = self._fields(OPS[op], {name: value for name, value in given.items() if name != "op"})
        if op in ("counted", "standard") and not given.keys() - {"op"}:
            self.tell("edit-says-nothing", "op", op, known=", ".join(_names(OPS[op])))
        if len(self.faults) > before:
            return None
        edit: Edit = OPS[op](**fields)
        return edit

    def _fields(self, form: type[Any], given: Mapping[Any, Any], prefix: str = "") -> dict[str, Any]:
        """Return the fields of an edit or of a site of a scheme; those that are wrong are left out."""
        known = _names(form)
        for name in [name for name in given if name not in known]:
            closest = self._closest_to(form.__name__, name, known)
            self.tell("edit-unknown-field", prefix + _shown(name), name, known=", ".join(known), closest=closest)
        for field in dataclasses.fields(form):
            if field.default is dataclasses.MISSING and field.name not in given:
                self.tell("edit-missing-field", prefix + field.name, "")
        read: dict[str, Any] = {}
        for name in known:
            if name in given:
                read[name] = self._value(name, given[name], prefix + name)
        return read

    def _value(self, name: str, value: Any, field: str) -> Any:
        if name == "area":
            return self._area(value, field)
        if name == "sites":
            return self._sites(value, field)
        return _READ[FIELDS[name].kind](self, name, value, field)

    def choice(self, name: str, value: Any, field: str) -> Any:
        """Return one of a few; 1 is no choice of a year because it equals ``True``."""
        choices = CHOICES[name]
        if not any(type(value) is type(choice) and value == choice for choice in choices):
            known = ", ".join(str(choice) for choice in choices)
            closest = self._closest_to(name, value, [one for one in choices if isinstance(one, str)])
            self.tell("edit-unknown-choice", field, value, known=known, closest=closest)
        return value

    def words(self, name: str, value: Any, field: str) -> Any:
        """Return a name: printable, not blank where one is needed, not too long."""
        least, most = int(FIELDS[name].least or 0), int(FIELDS[name].most or 0)
        if not isinstance(value, str):
            return self.tell("edit-not-words", field, value)
        if len(value) > most:
            self.tell("edit-too-long", field, value, most=most)
        elif least and not value.strip():
            self.tell("edit-blank", field, value)
        elif any(unicodedata.category(one) in _UNPRINTABLE for one in value):
            self.tell("edit-unprintable", field, value)
        return value

    def number(self, name: str, value: Any, field: str) -> Any:
        """Return a figure within its bounds."""
        asked = FIELDS[name]
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if asked.kind == "whole" and not is_whole:
            return self.tell("edit-not-whole", field, value)
        if not (is_whole or isinstance(value, float)):
            return self.tell("edit-not-a-number", field, value)
        if isinstance(value, float) and not math.isfinite(value):
            return self.tell("edit-not-finite", field, value)
        if asked.above is not None and value <= asked.above:
            self.tell("edit-not-above", field, value, least=asked.above, unit=asked.unit)
        elif asked.least is not None and value < asked.least:
            self.tell("edit-too-small", field, value, least=asked.least, unit=asked.unit)
        elif asked.most is not None and value > asked.most:
            self.tell("edit-too-large", field, value, most=asked.most, unit=asked.unit)
        else:
            return value if asked.kind == "whole" else float(value)
        return None

    def position(self, _name: str, value: Any, field: str) -> Any:
        """Return longitude and latitude."""
        if not _is_list(value) or len(value) != len(_WORLD) or not all(_is_number(one) for one in value):
            return self.tell("edit-not-a-position", field, value)
        if not all(math.isfinite(one) for one in value if isinstance(one, float)):
            return self.tell("edit-not-finite", field, value)
        if any(abs(one) > most for one, most in zip(value, _WORLD.values(), strict=True)):
            told = ", ".join(_shown(one) for one in value)
            return self.tell("edit-outside-the-world", field, told)
        return float(value[0]), float(value[1])

    def _area(self, value: Any, field: str) -> tuple[Position, ...] | None:
        """Return the corners; a ring that is closed, as GeoJSON closes it, is the same area."""
        corners = self._list("area", value, field)
        if corners is None:
            return None
        self.positions += len(corners)
        read = [self.position("at", one, f"{field}.{number}") for number, one in enumerate(corners, 1)]
        ring = read[:-1] if len(read) > 1 and read[0] == read[-1] else read
        if len(ring) < int(FIELDS["area"].least or 0):
            self.tell("edit-too-few", field, len(ring), least=FIELDS["area"].least or 0)
        return tuple(one for one in ring if one is not None)

    def _sites(self, value: Any, field: str) -> tuple[AdoptedSite, ...] | None:
        sites = self._list("sites", value, field)
        if sites is None:
            return None
        self.positions += len(sites)
        read: list[AdoptedSite] = []
        for number, one in enumerate(sites, 1):
            if not isinstance(one, Mapping):
                self.tell("edit-not-an-object", f"{field}.{number}", one)
                continue
            before = len(self.faults)
            fields = self._fields(AdoptedSite, one, f"{field}.{number}.")
            if len(self.faults) == before:
                read.append(AdoptedSite(**fields))
        return tuple(read)

    def _list(self, name: str, value: Any, field: str) -> Any:
        least, most = int(FIELDS[name].least or 0), int(FIELDS[name].most or 0)
        if not _is_list(value):
            return self.tell("edit-not-a-list", field, value)
        if len(value) < least:
            return self.tell("edit-too-few", field, len(value), least=least)
        if len(value) > most:
            return self.tell("edit-too-many", field, len(value), most=most)
        return list(value)

    def _closest_to(self, what: str, word: Any, known: Sequence[str] | Mapping[str, Any]) -> str:
        if not isinstance(word, str) or len(word) > _SHOWN:
            return ""
        return self._closest.setdefault(what, Closest(list(known))).to(word)


_READ: Mapping[str, Callable[[_Reader, str, Any, str], Any]] = {
    "choice": _Reader.choice,
    "words": _Reader.words,
    "whole": _Reader.number,
    "number": _Reader.number,
    "position": _Reader.position,
}


def _names(form: type[Any]) -> list[str]:
    return [field.name for field in dataclasses.fields(form) if field.name != "op"]


def _is_list(value: Any) -> Any:
    return isinstance(value, list | tuple)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """Return a wrong value as it can be told: not long, and without halves of characters."""
    if isinstance(value, str):
        return value[:_SHOWN].encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return "{…}"
    if _is_list(value):
        return "[…]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int) and value.bit_length() > 4 * _SHOWN:
        return "…"  # Python itself refuses to write numbers of thousands of digits
    return str(value)[:_SHOWN]
