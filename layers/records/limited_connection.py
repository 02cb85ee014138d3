"""A connection to PostgreSQL that never waits for ever."""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

from layers.records.database_faults import SilentError

ANSWER_TIMEOUT_S = 4.0
"""A report is one short transaction; a server that needs longer than this for a statement is as good as gone."""

T = TypeVar("T")


class LimitedConnection(psycopg.Connection[Any]):
    """Ends itself when the server is silent for too long.

    Time limits of the server do not help where the server itself stands still, and the kernel of a machine goes on
    acknowledging packets for it, so the limit is on this side.
    """

    limit_s = ANSWER_TIMEOUT_S

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Wait for an answer, at most as long as is allowed."""
        try:
            return super().wait(gen, interval, self.limit_s if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:  # what `wait` says it raises
            if timeout is not None:
                raise
            self.close()
            raise SilentError("no answer in time") from None
