"""Figures in tags of OpenStreetMap: speeds and spans of time, with their units and lists."""

from __future__ import annotations

import re

from layers.schema import LEAST_SPEED_KMH, TOP_SPEED_KMH

WALK_KMH = 5.0
"""What ``maxspeed=walk`` allows: the pace of people on foot, 4–7 km/h where courts had to say."""

_SPEED = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(mph|knots|km/h|kmh|kph)?")
_KMH_OF_UNIT = {"mph": 1.609344, "knots": 1.852}
_CLOCK = re.compile(r"(\d+):(\d{1,2})(?::(\d{1,2}))?")
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:min|minutes?|mins)?")
_SPANS_BETWEEN = re.compile(r"[;,\-–]")


def parse_speed(text: str) -> float:
    """Return a ``maxspeed`` in km/h.

    Parameters
    ----------
    text
        ``60``, ``30 mph``, ``10 knots``, ``walk``. Of several (``60;40``) the lowest counts: where each
        holds is not written.

    Returns
    -------
    float
        NaN for what is no likely figure (``CN:urban``, ``none``, ``0``).
    """
    found = [speed for part in re.split(r"[;|]", text) if (speed := _one_speed(part.strip().lower())) is not None]
    return min(found, default=float("nan"))


def parse_span(text: str) -> float:
    """Return a ``duration`` or ``interval`` in seconds.

    Parameters
    ----------
    text
        ``00:10`` (hours and minutes), ``1:30:00``, ``10`` (minutes), ``PT10M``. Of several, and of a
        range, the longest counts.

    Returns
    -------
    float
        NaN for what is none, and for 0.
    """
    iso = _ISO.fullmatch(text.strip().upper())
    parts = [text] if iso else _SPANS_BETWEEN.split(text)
    found = [span for part in parts if (span := _one_span(part.strip())) > 0]
    return max(found, default=float("nan"))


def _one_speed(text: str) -> float | None:
    if text == "walk":
        return WALK_KMH
    found = _SPEED.fullmatch(text)
    if not found:
        return None
    speed_kmh = float(found[1]) * _KMH_OF_UNIT.get(found[2], 1.0)
    return speed_kmh if LEAST_SPEED_KMH <= speed_kmh <= TOP_SPEED_KMH else None


def _one_span(text: str) -> float:
    if clock := _CLOCK.fullmatch(text):
        return float(clock[1]) * 3600 + float(clock[2]) * 60 + float(clock[3] or 0)
    if text and (iso := _ISO.fullmatch(text.upper())):
        days, hours, minutes, seconds = (float(part or 0) for part in iso.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    minutes_alone = _MINUTES.fullmatch(text.lower())
    return float(minutes_alone[1]) * 60 if minutes_alone else 0.0
