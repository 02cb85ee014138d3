"""Results kept in memory by the content they were computed from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


class Kept(Generic[T]):
    """The results used last, up to a size.

    Parameters
    ----------
    most
        Sizes of what is kept add up to this at most; the result used last is kept in any case.
    """

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._results: OrderedDict[bytes, tuple[T, int]] = OrderedDict()

    def find(self, key: bytes, compute: Callable[[], T], size: Callable[[T], int]) -> T:
        """Return the result of this key, computed now if it is not at hand.

        Parameters
        ----------
        key
            Names the content; see :func:`content_of`.
        compute
        size
            Size of a result, in the unit of `most`.
        """
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key][0]
        result = compute()
        with self._lock:
            self._results[key] = result, size(result)
            while len(self._results) > 1 and sum(part for _, part in self._results.values()) > self._most:
                self._results.popitem(last=False)
        return result


def content_of(*arrays: NDArray[Any]) -> bytes:
    """Name the content of arrays: equal content, equal name."""
    digest = blake2b(digest_size=16)
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.digest()
