"""What a move carries, held against the table: everything that is needed, nothing else."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from gis.faults import Fault
from planning.incidents.moves import CLOCK_DATA, Need, Transition

_CODE = re.compile(r"[0-9a-z_-]{1,40}")
_LONGEST_ID = 100
_MOST_PARTS = 20


def data_faults(row: Transition, data: Mapping[str, Any], *, beside: bool) -> Iterator[Fault]:
    """Yield what is missing, of the wrong form, or not to be told with this move.

    Parameters
    ----------
    row
        Of the table.
    data
        Plain values by name.
    beside
        Whether what the service adds when it writes the event is there too; a caller may not bring it.
    """
    for name, need in row.needs.items():
        if name not in data:
            yield Fault("case-data-missing", "incidents", field=name, params=_known(need))
        elif not _FORMS[need.form](data[name], need):
            yield Fault("case-data-wrong", "incidents", field=name, value=_shown(data[name]), params=_known(need))
    for name, need in row.may.items():
        if data.get(name) is not None and not _FORMS[need.form](data[name], need):
            yield Fault("case-data-wrong", "incidents", field=name, value=_shown(data[name]), params=_known(need))
    further = row.further | CLOCK_DATA if beside else frozenset()
    for name in sorted(set(data) - set(row.needs) - set(row.may) - further):
        yield Fault("case-data-unknown", "incidents", field=_shown(name))


def _known(need: Need) -> dict[str, str]:
    return {"wanted": need.form, "known": ",".join(need.codes)}


def _shown(value: object) -> str:
    """Return the beginning of a value: a refusal does not repeat a whole text."""
    return str(value)[:40]


def _is_id(value: object, _need: Need) -> bool:
    """Whether it may name something that the records or the roster know; whoever asks looks it up there."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isprintable()


def _is_code(value: object, need: Need) -> bool:
    return isinstance(value, str) and (value in need.codes if need.codes else _CODE.fullmatch(value) is not None)


def _is_ids(value: object, need: Need) -> bool:
    if not isinstance(value, list) or not 1 <= len(value) <= _MOST_PARTS:
        return False
    return all(_is_id(one, need) for one in value) and len(set(value)) == len(value)


def _are_codes(value: object, need: Need) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) == len({str(one) for one in value})
        and all(one in need.codes for one in value)
    )


def _is_instant(value: object, _need: Need) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_degrees(value: object, _need: Need) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= 180


def _is_stars(value: object, _need: Need) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5


_FORMS: Mapping[str, Callable[[object, Need], bool]] = {
    "code": _is_code,
    "instant": _is_instant,
    "id": _is_id,
    "id-or-desk": lambda value, need: value is None or _is_id(value, need),
    "ids": _is_ids,
    "degrees": _is_degrees,
    "stars": _is_stars,
    "codes": _are_codes,
}
