"""Results used last, held in memory up to a size: what a person changes back and forth is not read or made anew."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Results by name, those used least lately let go first.

    Parameters
    ----------
    most_bytes
        Of all together; the last one is held however large it is.
    size_of
        Bytes of a result.
    """

    def __init__(self, most_bytes: int, size_of: Callable[[T], int]) -> None:
        self._most, self._size_of = most_bytes, size_of
        self._held: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, compute: Callable[[], T]) -> T:
        """Return the result of this name, computed if it is not held; no lock is held while it is computed."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
                return self._held[name]
        result = compute()
        with self._lock:
            self._held[name] = result
            self._held.move_to_end(name)
            while len(self._held) > 1 and sum(map(self._size_of, self._held.values())) > self._most:
                self._held.popitem(last=False)
        return result
