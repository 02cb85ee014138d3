"""Values as both kinds of database give them back, so that what rests in either has the same digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

_REFUSED = {0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


def storable(value: Any) -> Any:
    """Return plain values as both databases keep them: a character that one of them refuses is replaced."""
    if isinstance(value, str):
        return value.translate(_REFUSED)
    if isinstance(value, Mapping):
        return {storable(name): storable(one) for name, one in value.items()}
    return [storable(one) for one in value] if isinstance(value, list | tuple) else value


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it, the same from either kind of database."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return _whole(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def _whole(value: float) -> int:
    """Return a whole number by its digits as they are written.

    JSONB keeps no difference between 1 and 1.0, and writes all zeros of 1e23; the float nearest to that is another
    number.
    """
    return int(Decimal(repr(value)))
