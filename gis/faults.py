"""What is wrong with an input, in a form that can be listed, translated and tested."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Literal

Severity = Literal["error", "warning", "note"]
Param = str | int | float

_NO_PARAMS: Mapping[str, Param] = MappingProxyType({})


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one value.

    Parameters
    ----------
    code
        Stable name such as ``duplicate-id``; the texts (what was expected, how to mend it)
        stand in the message catalogue under ``fault.<code>``.
    layer, file, field, value
        Where it stands and what was found, as a person would look for it.
    row
        Line of the file as a spreadsheet counts (the header is row 1), or ``None``.
    severity
        ``error`` stops a build, ``warning`` is shown with the result, ``note`` informs.
    params
        Figures that the texts mention.
    """

    code: str
    layer: str = ""
    file: str = ""
    row: int | None = None
    field: str = ""
    value: str = ""
    severity: Severity = "error"
    params: Mapping[str, Param] = dataclasses.field(default_factory=lambda: _NO_PARAMS)


class FaultsError(Exception):
    """Raised once all faults of an input are known.

    Parameters
    ----------
    faults
        Every fault found, warnings included.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{f.layer}: {f.code} {f.value}".strip() for f in self.faults[:5]))


def errors(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults that stop a build."""
    return [fault for fault in faults if fault.severity == "error"]


def refuse_together(*checks: Callable[[], object]) -> None:
    """Make all checks, and tell what all of them find at once.

    Parameters
    ----------
    *checks
        Each raises ``FaultsError`` for what it finds.

    Raises
    ------
    FaultsError
        With the faults of all of them.
    """
    found: list[Fault] = []
    for check in checks:
        try:
            check()
        except FaultsError as error:
            found += error.faults
    if found:
        raise FaultsError(found)
