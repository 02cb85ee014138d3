"""What every request works with: the current county, the incident store, the data folder."""

from __future__ import annotations

import threading

from api.actions.open_county import OpenCounty
from api.explain import ApiError
from api.settings import Settings
from layers.county import open_county
from layers.current import current_version
from layers.database import Database, open_database
from layers.incidents import IncidentStore


class Workplace:
    """Opens things on first use and notices when a new county has been built.

    Parameters
    ----------
    settings
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._county: OpenCounty | None = None
        self._database: Database | None = None

    @property
    def county(self) -> OpenCounty:
        """The current version of the county.

        Raises
        ------
        ApiError
            503 ``no-county`` before anything has been built.
        """
        version = current_version(self.settings.data)
        if version is None:
            raise ApiError(503, "no-county")
        with self._lock:
            if self._county is None or self._county.county.version != version:
                county = open_county(self.settings.data, version=version)
                self._county = OpenCounty(county, cache=self.settings.data / "cache")
            return self._county

    @property
    def incidents(self) -> IncidentStore:
        """The incident store."""
        with self._lock:
            if self._database is None:
                self._database = open_database(self.settings.records_url)
            return IncidentStore(self._database)

    def close(self) -> None:
        """Close the database."""
        if self._database is not None:
            self._database.close()
