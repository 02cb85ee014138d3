"""The figures a model is asked with, checked by name."""

from __future__ import annotations

from gis.faults import Fault, FaultsError


def whole_number(field: str, value: object, *, least: int, most: int | None = None) -> int:
    """Return `value` as an integer within its range.

    Raises
    ------
    FaultsError
        ``option-missing``, ``option-not-whole``, ``option-too-small`` or ``option-too-large``.
    """
    if value is None:
        raise FaultsError([Fault("option-missing", field=field)])
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise FaultsError([Fault("option-not-whole", field=field, value=str(value))])
    if value < least:
        raise FaultsError([Fault("option-too-small", field=field, value=str(value), params={"least": least})])
    if most is not None and value > most:
        raise FaultsError([Fault("option-too-large", field=field, value=str(value), params={"most": most})])
    return int(value)
