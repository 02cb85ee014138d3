"""Publications as readers find them: read once, held in memory by content, looked after once a second."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from api.actions.once import Once
from api.actions.publications.counter_state import CounterState, counter_state
from api.actions.publications.decided import decided_on, scenario_published
from api.actions.publications.place_index import INDEX, index_of_places
from api.explain import ApiError
from layers.cache import Cache
from layers.records.adoptions import Adoption
from layers.records.database import Database
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from layers.records.files import FileStore
from layers.records.hearings import HearingStore
from layers.records.publication import Publication
from layers.records.publications import PublicationStore
from layers.records.remark import Remark, RemarkFilter
from layers.records.run import Run
from layers.records.runs import RunStore
from planning.hearing.frozen import Frozen, read_frozen

FRESH_S = 1.0
"""So long after a withdrawal or an answer every process shows it."""
SHOWN_REMARKS = 100
"""Of those that may be shown, the latest: a page on a phone, not an archive."""
_MOST_HELD = 20
"""Publications in memory, a few megabytes each; those read last stay."""
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Published:
    """What readers of a publication are shown.

    Parameters
    ----------
    publication
    frozen
    content
        The very bytes of the frozen version.
    remarks
        Those that may be shown, the latest first.
    heard
        How many came in.
    counter
        How far its counter-proposals are.
    adopted
        The decision for the scheme, once there is one that holds.
    lasting
        What is made once of the frozen version, whatever is said of it.
    """

    publication: Publication
    frozen: Frozen
    content: bytes
    remarks: tuple[Remark, ...]
    heard: int
    counter: CounterState
    adopted: Adoption | None = None
    lasting: Once = field(default_factory=Once)
    _made: Once = field(default_factory=Once)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what is made once of just this state: a page, an answer packed for the way."""
        return self._made.get(name, make)


@dataclass
class _Held:
    published: Published
    looked_at: float


class PublicationsAtHand:
    """The publications that are being read.

    Parameters
    ----------
    database
    files
    cache
        Where the readings of Chinese characters are kept.
    """

    def __init__(self, database: DatabaseAtHand, files: FileStore, cache: Cache) -> None:
        self._database, self._files, self.cache = database, files, cache
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._lock = threading.Lock()
        self._looking: set[str] = set()

    def fresh(self, slug: str) -> Published | None:
        """Return a publication without asking the database; ``None`` if that has to be asked.

        While somebody asks, the others are shown what was so a moment ago.
        """
        with self._lock:
            held = self._held.get(slug)
            if held is None:
                return None
            self._held.move_to_end(slug)
            is_fresh = time.monotonic() - held.looked_at < FRESH_S
            return held.published if is_fresh or slug in self._looking else None

    def look(self, slug: str) -> Published:
        """Return a publication as it stands now; while the database is down, as it stood.

        Raises
        ------
        ApiError
            404 ``unknown-publication``, 503 ``publication-lost`` if its file is gone or damaged.
        DatabaseDownError
            If it was never read and the database is down.
        """
        with self._lock:
            self._looking.add(slug)
            held = self._held.get(slug)
        try:
            published = self._read(slug, held.published if held else None)
        except DatabaseDownError:
            if held is None:
                raise
            published = held.published
        finally:
            with self._lock:
                self._looking.discard(slug)
        self._hold(slug, published)
        return published

    def forget(self, slug: str) -> None:
        """Ask the database at the next reading: something was changed here."""
        with self._lock:
            if (held := self._held.get(slug)) is not None:
                held.looked_at = float("-inf")

    def _hold(self, slug: str, published: Published) -> None:
        with self._lock:
            self._held[slug] = _Held(published, time.monotonic())
            self._held.move_to_end(slug)
            while len(self._held) > _MOST_HELD:
                self._held.popitem(last=False)

    def _read(self, slug: str, known: Published | None) -> Published:
        database = self._database.get()
        publication = PublicationStore(database).get(slug)
        if publication is None:
            raise ApiError(404, "unknown-publication")
        hearings = HearingStore(database)
        remarks = tuple(hearings.find(slug, RemarkFilter(state="accepted"), limit=SHOWN_REMARKS))
        heard = hearings.count(slug, RemarkFilter())
        if known is None or known.publication.body_sha != publication.body_sha:
            content = self._files.read(publication.body_sha)
            if content is None:
                raise ApiError(503, "publication-lost")
            known = Published(publication, read_frozen(content), content, (), 0, "not-started")
            known.lasting.get(INDEX, lambda: index_of_places(known.frozen, self.cache))  # so that no reader waits
        counter = counter_state(publication, known.frozen.question, _counter_run(database, publication))
        adopted = decided_on(database, scenario_published(database, publication))
        state = (publication, remarks, heard, counter, adopted)
        if (known.publication, known.remarks, known.heard, known.counter, known.adopted) == state:
            return known
        return Published(publication, known.frozen, known.content, remarks, heard, counter, adopted, known.lasting)


def _counter_run(database: Database, publication: Publication) -> Run | None:
    """Return the run whose end readers wait for, if there is one."""
    if publication.counter_run is None or publication.counter_sha is not None:
        return None
    return RunStore(database).of_any(publication.counter_run)
