"""The staff that a county's layers bring: its roster, and placeholders where the roster is one of placeholders."""

from __future__ import annotations

from layers.county import County
from layers.reconstruction.staff import Place, reconstructed_people, reconstructed_units
from layers.records.staff_seed import Seed, SeedPerson
from planning.incidents.staff import Origin, Unit

_LINYI = "371424"
"""The numbers of the source are this county's."""


def roster_version(county: County) -> str | None:
    """Return the version of a county's roster, ``None`` without one."""
    return str(county.layers["roster"]["version"]) if county.has("roster") else None


def staff_of_county(county: County) -> Seed:
    """Return whom a county's layers name.

    Parameters
    ----------
    county
        With a roster.

    Raises
    ------
    FaultsError
        If a layer that is needed cannot be read.
    """
    roster = county.table("roster")
    is_real = "name" not in county.layers["roster"].get("reconstructed", ())
    origin: Origin = "roster" if is_real else "reconstructed"
    columns = (roster.index, roster["name"], roster["role"], roster["village_id"], roster["phone"], roster["on_duty"])
    people = [
        SeedPerson(
            str(id_), str(name), "A" if role == "A" else "B", "village", str(village), origin, str(phone), not on_duty
        )
        for id_, name, role, village, phone, on_duty in zip(*columns, strict=True)
    ]
    more, units = ([], []) if is_real or county.code != _LINYI else _placeholders(county)
    return Seed(roster_version(county) or "", [*people, *more], units)


def _placeholders(county: County) -> tuple[list[SeedPerson], list[Unit]]:
    offices = county.layer("facilities")
    offices = offices[offices["kind"] == "township-office"].drop_duplicates("township_id").set_index("township_id")
    names = county.layer("townships")["name"]
    homes = offices.geometry.reindex(names.index)
    townships = [
        Place(str(id_), str(name), home.x, home.y) if home is not None else Place(str(id_), str(name))
        for id_, name, home in zip(names.index, names, homes, strict=True)
    ]
    areas = county.layer("neighbourhoods")["name"] if county.has("neighbourhoods") else {}
    neighbourhoods = [Place(str(id_), str(name)) for id_, name in areas.items()]
    return reconstructed_people(townships, neighbourhoods), reconstructed_units(townships)
