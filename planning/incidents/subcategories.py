"""The small kinds of case under the six categories: what is asked, how bad it usually is, and who enforces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

Mode = Literal["none", "directed", "resident", "regional"]
MODES: tuple[Mode, ...] = get_args(Mode)
"""``directed`` (定向式): to a department; ``resident`` (下沉式): to the township's team; ``regional`` (区域派驻式): to
a team that several townships share."""


@dataclass(frozen=True, slots=True)
class Subcategory:
    """One small kind (小类).

    Parameters
    ----------
    code
        Begins with the code of its category.
    category
    names
        Language → name.
    question
        What whoever takes the report asks, in words or as a code of the catalogue; "" for nothing.
    severity
        Where the reporter does not say.
    mode, unit
        Who enforces; the department of a directed one.
    radius_m, window
        How near and how soon after another report of the same kind it may be the same; nothing for never.
    """

    code: str
    category: str
    names: Mapping[str, str]
    question: str = ""
    severity: str = "normal"
    mode: Mode = "none"
    unit: str = ""
    radius_m: int = 0
    window: timedelta = timedelta()
