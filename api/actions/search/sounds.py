"""How names sound: for every character all its readings, so that 重, 乐 and 长 are found by whichever is meant."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from layers.cache import Cache
from layers.matrices import content_key

_TWO_LETTERS = ("zh", "ch", "sh")
_EDITION = "1"

Readings = Mapping[str, tuple[str, ...]]
"""Character → its readings in plain letters."""
Sounds = tuple[tuple[frozenset[str], tuple[str, ...]], ...]
"""Of each character of a name: what may be typed for all of it, and its readings, which may be half typed."""


def readings_of(names: Iterable[str], cache: Cache) -> Readings:
    """Return the readings of all Chinese characters in some names, kept for the next process.

    Parameters
    ----------
    names
    cache
    """
    characters = sorted({c for name in names for c in name if not c.isascii() and c.isalpha()})
    name = f"readings-{content_key(_EDITION, *characters)}.json"
    known = cache.read(name)
    if known is None:
        found = _look_up(characters)
        cache.write(name, json.dumps(found, ensure_ascii=False).encode())
        return found
    return {character: tuple(readings) for character, readings in json.loads(known).items()}


def _look_up(characters: Iterable[str]) -> dict[str, tuple[str, ...]]:
    from pypinyin import Style, pinyin  # noqa: PLC0415 - slow to import, and needed once a build

    found: dict[str, tuple[str, ...]] = {}
    for character in characters:
        told = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
        plain = {reading for one in told for reading in one}
        if plain:  # ü is typed as v or as u
            found[character] = tuple(sorted(plain | {reading.replace("v", "u") for reading in plain}))
    return found


def sounds_of(name: str, readings: Readings) -> Sounds:
    """Return what may be typed for each character of a name."""
    return tuple(_sounds(character, readings.get(character, ())) for character in name)


def _sounds(character: str, readings: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    begins = {reading[0] for reading in readings} | {r[:2] for r in readings if r.startswith(_TWO_LETTERS)}
    return frozenset({character, *readings, *begins}), readings


def heard_in(typed: str, sounds: Sounds) -> int | None:
    """Return how well what is typed fits how a name sounds.

    Parameters
    ----------
    typed
        Letters, digits and characters without spaces: initials, readings, any mixture; the last one may be half typed.
    sounds

    Returns
    -------
    int or None
        0 the whole name, 1 its beginning, 2 a part of it, ``None`` if it does not fit.
    """
    for start, (words, _) in enumerate(sounds):
        if typed[0] not in words:  # which hold initials too
            continue
        end = _end_of(typed, sounds, start)
        if end is not None:
            return 2 if start else int(end < len(sounds))
    return None


def _end_of(typed: str, sounds: Sounds, start: int) -> int | None:
    """Return after which character what is typed ends at the latest, if the name sounds so from here on."""
    reached, last = {0}, None
    for at in range(start, len(sounds)):
        words, readings = sounds[at]
        ends = {place + len(word) for place in reached for word in words if typed.startswith(word, place)}
        half = any(reading.startswith(typed[place:]) for place in reached for reading in readings)
        if half or len(typed) in ends:
            last = at + 1
        reached = {end for end in ends if end < len(typed)}
        if not reached:
            break
    return last
