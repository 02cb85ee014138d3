"""The places of a frozen version, to be found by name, code and sound."""

from __future__ import annotations

import shapely

from api.actions.search.entries import Entry, Index, index_made
from layers.cache import Cache
from planning.hearing.frozen import Frozen

INDEX = "index"
"""Name under which a publication keeps it."""


def index_of_places(frozen: Frozen, cache: Cache) -> Index:
    """Return the places of a frozen version as the search knows places.

    Parameters
    ----------
    frozen
    cache
        Where the readings of characters are kept.
    """
    return index_made(
        (
            Entry("village", one.id, one.name, shapely.Point(one.lon, one.lat), one.township or None, None, one.people)
            for one in frozen.places
        ),
        cache,
    )
