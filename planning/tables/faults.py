"""What is wrong with one cell."""

from __future__ import annotations

from collections.abc import Mapping

from gis.faults import Param


class CellFault(Exception):  # noqa: N818 - told as a fault, never seen as an error
    """What is wrong with a cell.

    Parameters
    ----------
    code
    params
        What the texts mention.
    """

    def __init__(self, code: str, params: Mapping[str, Param] | None = None) -> None:
        super().__init__(code)
        self.code, self.params = code, params or {}
