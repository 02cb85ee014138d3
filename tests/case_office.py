"""People who deal with cases: accounts with passwords, and who of the roster they are."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from signed_in import account

from api.access.passwords import hash_password
from api.actions.workplace import Workplace
from api.settings import Settings
from layers.records.audit import COMMAND_LINE, Act
from layers.records.staff import PersonChange, StaffChange, StaffStore

PASSWORD = "纸船 7 sails"


def open_case_office(data: Path) -> dict[str, object]:
    """Add a worker of a cell, desks of its township and of another, a checker and the county's desk.

    Returns
    -------
    dict
        ``place`` and ``elsewhere``: degrees in the worker's cell, and in another township.
    """
    workplace = Workplace(Settings(data=data))
    try:
        database = workplace.database.get()
        county = workplace.county
        cells = {cell: both for cell, both in county.cell_facts.items() if both[1]}
        roster = county.county.table("roster")
        cell, (village, township) = next(
            (cell, both) for cell, both in cells.items() if (roster["village_id"] == both[0]).any()
        )
        other_village, other = next(both for both in cells.values() if both[1] != township)
        worker = str(roster.index[(roster["village_id"] == village) & (roster["role"] == "A")][0])
        hashed = hash_password(PASSWORD)
        made = {
            name: account(database, name, grant, password_hash=hashed)
            for name, grant in {
                "worker": ("grid-worker", "cell", cell),
                "desk": ("township-desk", "township", township),
                "elsewhere": ("township-desk", "township", other),
                "checker": ("checker", "township", township),
                "county": ("county-desk", "county", "*"),
            }.items()
        }
        workplace.staff.get(county)  # taken over from the layer
        joined = StaffChange(people=[PersonChange(worker, account_id=made["worker"].id)])
        StaffStore(database).save(joined, act=Act(COMMAND_LINE, "staff.changed", "staff"), now=datetime.now(UTC))
        places = [county.demand.loc[one].geometry for one in (village, other_village)]
        return {"place": (places[0].x, places[0].y), "elsewhere": (places[1].x, places[1].y)}
    finally:
        workplace.close()
