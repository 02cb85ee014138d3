"""One field of a form: its kind, bounds, unit and what command line and models call it."""

from __future__ import annotations

import dataclasses
from typing import Literal

Kind = Literal["choice", "words", "whole", "number", "yes", "list", "position"]
Part = Literal["question", "condition", "money", "cost", "edit", "search"]


@dataclasses.dataclass(frozen=True)
class Asked:
    """One field of the question as every door reads it.

    Parameters
    ----------
    kind
        ``choice`` of a few, ``words``, ``whole`` or any ``number``, ``yes`` or no, a ``list``, a ``position``.
    part
        What it belongs to: a ``cost`` is the service's own where none is given; limits of the ``search`` are no part
        of what names a plan.
    least, most
        Bounds, included; how long words and lists may be.
    above
        Instead of `least`: must be more; people are offered a tenth more as the least.
    unit
    option
        What the command line calls it, where that is not its name.
    modelled
        What models call it, in their own units.
    """

    kind: Kind
    part: Part
    least: float | None = None
    most: float | None = None
    above: float | None = None
    unit: str = ""
    option: str = ""
    modelled: str = ""

    @property
    def offered_least(self) -> float | None:
        """The least that a form offers."""
        return self.least if self.above is None else self.above + 0.1
