"""My village in a publication: found by name, sound or position, with its minutes before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.actions.publications.place_index import INDEX, index_of_places
from api.actions.publications.published import Published
from api.actions.search.find import entries_found
from api.figures import minutes_figure
from layers.cache import Cache
from planning.hearing.frozen import TODAY, FrozenPlace, Minutes

NEAREST = 5
"""Places told for a position: the own village is among them even where the phone is some kilometres off."""


def places_called(published: Published, text: str, *, cache: Cache) -> list[FrozenPlace]:
    """Return the places of a frozen version that fit what somebody types, the best first.

    Parameters
    ----------
    published
    text
        A name or a part of it, the township before it, its pinyin or initials, its code.
    cache
    """
    index = published.lasting.get(INDEX, lambda: index_of_places(published.frozen, cache))
    return [published.frozen.place_of[entry.id] for entry in entries_found(index, text)]


def place_told(published: Published, place: FrozenPlace, *, metres: float | None = None) -> dict[str, Any]:
    """Return a place as JSON.

    Parameters
    ----------
    published
    place
    metres
        How far it is from the position that was asked for.
    """
    before, after = minutes_of_place(published, place)
    return {
        "id": place.id,
        "name": place.name,
        "township": place.township or None,
        "lon": place.lon,
        "lat": place.lat,
        "people": place.people,
        "before": _told(before),
        "after": _told(after),
        "metres": None if metres is None else round(metres),
    }


def minutes_of_place(published: Published, place: FrozenPlace) -> tuple[Minutes, Minutes]:
    """Return how long a place takes today, and in the scheme that is published."""
    return place.schemes[TODAY], place.schemes[published.frozen.scheme]


def minutes_shown(before: Minutes, after: Minutes) -> tuple[float | None, float | None]:
    """Return both as minutes to a tenth, ``None`` where nothing serves the place."""
    figures: Sequence[float | None] = [
        None if one.seconds is None else minutes_figure(one.seconds) for one in (before, after)
    ]
    return figures[0], figures[1]


def _told(minutes: Minutes) -> dict[str, Any]:
    seconds = minutes.seconds
    return {"seconds": seconds, "minutes": None if seconds is None else minutes_figure(seconds), "site": minutes.site}
