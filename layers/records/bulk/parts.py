"""Long lists in parts: databases take only so many parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_AT_A_TIME = 500


def in_parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield a list in parts that one question can name."""
    for start in range(0, len(values), _AT_A_TIME):
        yield values[start : start + _AT_A_TIME]
