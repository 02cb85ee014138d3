"""An instant as people and spreadsheets write it."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from planning.incidents.clocks import CHINA_TIME

_WRITTEN = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[\sT]*(\d{1,2})\s*[::时点]\s*(\d{1,2})\s*分?(?:\s*:?\s*(\d{1,2})(?:\.\d+)?\s*秒?)?)?"
)


def read_moment(text: str) -> datetime | None:
    """Return an instant, ``None`` if a text is none; without a zone it is China's.

    2026-11-03 08:30, 2026/11/3 8:30, 2026年11月3日 8时30分, a bare day, and ISO 8601 with its zone are understood.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    try:
        found = _WRITTEN.fullmatch(written)
        if found is None:
            moment = datetime.fromisoformat(written)
            return moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=CHINA_TIME)
    except ValueError:
        return None
