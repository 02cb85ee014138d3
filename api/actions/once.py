"""Results that are computed once, however many ask at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Once:
    """Results by name; no lock is held while one is computed, so that only those wait who need that very result."""

    def __init__(self) -> None:
        self._results: dict[str, Future[Any]] = {}
        self._lock = threading.Lock()

    def get(self, name: str, compute: Callable[[], T]) -> T:
        """Return the result of this name, computed now if nobody has; what fails is tried anew by the next."""
        with self._lock:
            known = self._results.get(name)
            mine: Future[Any] = self._results.setdefault(name, Future())
        if known is not None:
            return cast("T", known.result())
        try:
            result = compute()
        except BaseException as error:
            with self._lock:
                self._results.pop(name, None)
            mine.set_exception(error)
            raise
        mine.set_result(result)
        return result

    def forget_all_but(self, *names: str) -> None:
        """Let go of all other results."""
        with self._lock:
            self._results = {known: result for known, result in self._results.items() if known in names}
