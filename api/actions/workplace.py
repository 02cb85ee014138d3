"""What every request works with: the current county, the incident store, the data folder."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any

from api.access.areas import Territory
from api.access.door import Door
from api.actions.cases.closed_roads import ClosedRoads
from api.actions.once import Once
from api.actions.open_county import OpenCounty
from api.actions.publications.published import PublicationsAtHand
from api.actions.staff.at_hand import StaffAtHand
from api.actions.tables_at_hand import TablesAtHand
from api.actions.tables_at_rest import tables_of_plan
from api.explain import ApiError
from api.messages.channels import channels_of
from api.settings import Settings
from gis.faults import Fault, FaultsError
from layers.backups.kept_files import current_county
from layers.cell_versions import register_of
from layers.county import open_county
from layers.current import current_version, is_pointer_lost
from layers.records.audit import Act, record
from layers.records.case_lists import CaseLists
from layers.records.database_at_hand import OPENING_TIMEOUT_S, DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from layers.records.documents import DocumentStore
from layers.records.files import FileStore
from layers.records.incidents import IncidentStore
from layers.records.runs import RunStore
from layers.records.scenario_revisions import RevisionStore
from layers.records.scenarios import ScenarioStore

_LOG = logging.getLogger(__name__)
_MOST_EARLIER = 3
"""So many earlier builds stay open: scenarios pin them, and each takes a few hundred megabytes with its networks."""


class Workplace:
    """Opens things on first use and notices when a new county has been built.

    Parameters
    ----------
    settings
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = DatabaseAtHand(settings.records_url, data_dir=settings.data)
        self.door = Door(self.database, settings.data)
        self.tables = TablesAtHand(self.database)
        self.closed_roads = ClosedRoads(lambda: self.case_lists)
        self.staff = StaffAtHand(self.database)
        self.published = PublicationsAtHand(self.database, FileStore(settings.data), settings.cache)
        self._opened = Once()
        self._earlier = Once()
        self._recent: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._county: OpenCounty | None = None

    @property
    def county(self) -> OpenCounty:
        """The current version of the county, under the tables in force.

        Raises
        ------
        ApiError, FaultsError
            As for ``county_as_built``.
        """
        return self.county_as_built.with_tables(self.tables.get())

    @property
    def county_to_ask(self) -> OpenCounty:
        """The current county for a question, which is kept anyway: it waits for the tables as long as for its row."""
        return self.county_as_built.with_tables(self.tables.get(patience_s=OPENING_TIMEOUT_S))

    def build_to_ask(self, version: str) -> OpenCounty:
        """Return a build of the county for a question, the current one or an earlier one; as ``county_to_ask``.

        Raises
        ------
        FaultsError
            ``no-such-build`` if the build is gone, ``damaged-store`` if it cannot be read.
        """
        return self._build(version).with_tables(self.tables.get(patience_s=OPENING_TIMEOUT_S))

    def county_of(self, made: Mapping[str, Any]) -> OpenCounty:
        """Return the build that something was made of, under its tables as far as they are at hand.

        Parameters
        ----------
        made
            A plan, or what else names ``county_version``, ``tables`` and ``tables_sha``.

        Raises
        ------
        FaultsError
            ``no-such-build`` if the build is gone, ``damaged-store`` if it cannot be read.
        """
        built = self._build(str(made.get("county_version")))
        if not made.get("tables"):
            return built
        tables = tables_of_plan(made, self.documents.by_version)
        return built.with_tables(self.tables.get() if tables is None else tables)

    def build_of_county(self, version: str | None) -> OpenCounty:
        """Return a build of the county that is served, as built: an earlier one, or the current one if none is named.

        Raises
        ------
        ApiError, FaultsError
            As for ``county_as_built``; ``no-such-build`` if the build is gone, ``other-county`` if it is of another
            county, which whoever may see this one may not see for that.
        """
        served = self.county_as_built
        if version is None:
            return served
        built = self._build(version)
        if built.county.code != served.county.code:
            here = {"county": f"{served.county.name} {served.county.code}"}
            raise FaultsError([Fault("other-county", field="build", value=built.county.name, params=here)])
        return built

    def _build(self, version: str) -> OpenCounty:
        """Return a build of the county, the current one or an earlier one."""
        at_work = self._county
        if at_work is not None and at_work.county.version == version:
            return at_work
        if version == current_version(self.settings.data):
            return self.county_as_built
        opened = self._earlier.get(version, lambda: self._open(version))
        with self._lock:
            self._recent = (version, *(one for one in self._recent if one != version))[:_MOST_EARLIER]
            self._earlier.forget_all_but(*self._recent)  # a county takes much memory: those used last stay
        return opened

    @property
    def county_as_built(self) -> OpenCounty:
        """The current version of the county; the one at work stays where a newer one cannot be opened.

        It does not ask the records: its tables are those that the program comes with.

        Raises
        ------
        ApiError
            503 ``no-county`` before anything has been built, ``county-lost`` if nothing says which build counts.
        FaultsError
            ``damaged-store`` or ``no-such-build`` if the current build cannot be read.
        """
        at_work, version = self._county, current_version(self.settings.data)
        if at_work is not None and version in (None, at_work.county.version):
            return at_work
        if version is None:
            raise ApiError(503, "county-lost" if is_pointer_lost(self.settings.data) else "no-county")
        try:
            opened = self._opened.get(version, lambda: self._open(version))
        except FaultsError:
            if at_work is None:
                raise
            return at_work
        with self._lock:
            self._county = opened
        self._opened.forget_all_but(version)
        return opened

    def territory(self, *, needs_parts: bool) -> Territory:
        """Return which areas lie in the current county.

        Parameters
        ----------
        needs_parts
            Whether townships and cells are asked for; the county's own code is known without opening a layer.

        Raises
        ------
        FaultsError
            If a layer that is asked for cannot be read.
        """
        code = current_county(self.settings.data).get("code")
        if code is None or not needs_parts:
            return Territory(code)
        county = self.county_as_built
        townships = county.county.layer("townships").index.astype(str) if county.county.has("townships") else ()
        cells = {cell: township for cell, (_village, township) in county.cell_facts.items()}
        register = register_of(county.county.manifest)
        successors = {old: register.successors(old) for old in register.retired}
        return Territory(code, frozenset(townships), cells, successors)

    @property
    def files(self) -> FileStore:
        """The files by content."""
        return FileStore(self.settings.data)

    @property
    def runs(self) -> RunStore:
        """The computations that were asked for.

        Raises
        ------
        DatabaseDownError
            If the database cannot be opened now.
        """
        return RunStore(self.database.get())

    @property
    def scenarios(self) -> ScenarioStore:
        """The scenarios that somebody keeps.

        Raises
        ------
        DatabaseDownError
            If the database cannot be opened now.
        """
        return ScenarioStore(self.database.get())

    @property
    def revisions(self) -> RevisionStore:
        """What the scenarios ever were; as ``scenarios``."""
        return RevisionStore(self.database.get())

    @property
    def incidents(self) -> IncidentStore:
        """The incident store.

        Raises
        ------
        DatabaseDownError
            If the database cannot be opened now.
        """
        return IncidentStore(self.database.get(), self.files, channels=channels_of(self.settings))

    @property
    def case_lists(self) -> CaseLists:
        """The lists of cases; as ``incidents``."""
        return CaseLists(self.database.get())

    @property
    def documents(self) -> DocumentStore:
        """The tables that the office has edited, edition by edition.

        Raises
        ------
        DatabaseDownError
            If the database cannot be opened now.
        """
        return DocumentStore(self.database.get())

    def note(self, act: Act) -> None:
        """Record what somebody did that changes nothing; it is done even while the database is down."""
        try:
            with self.database.get().writing() as connection:
                record(connection, act)
        except DatabaseDownError as error:
            _LOG.warning("%s is not in the audit: %s", act.action, error)

    def close(self) -> None:
        """Close the database."""
        self.door.close()
        self.tables.close()
        self.database.close()

    def _open(self, version: str) -> OpenCounty:
        county = open_county(self.settings.data, version=version)
        return OpenCounty(county, cache=self.settings.cache, crew=self.staff, closed=self.closed_roads.edits)
