"""Cells split and merged by the office: each change is a build of the county, and a version with its date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from geopandas import GeoDataFrame

from api.actions.open_county import OpenCounty
from api.actions.workplace import Workplace
from gis.cells.changes import Changed, merge_cells, split_cell
from gis.cells.register import CodeRegister
from gis.faults import FaultsError
from layers.cell_versions import LAYER, register_of, with_cells
from layers.current import current_version
from layers.records.audit import Act, Actor
from layers.records.cell_versions import KIND, CellVersion, CellVersions, moved_on
from layers.store import keep_build, point_to, read_build

Change = Callable[[GeoDataFrame, CodeRegister], Changed]


def split(
    at_work: Workplace, code: str, *, parts: int = 2, line: Sequence[tuple[float, float]] = (), actor: Actor
) -> dict[str, Any]:
    """Split a cell of the county that counts now.

    Parameters
    ----------
    at_work
    code
    parts, line
        As for :func:`gis.cells.changes.split_cell`.
    actor

    Returns
    -------
    dict
        The new version and what is new in it.

    Raises
    ------
    FaultsError
        As ``split_cell``; ``county-moved-on``.
    """
    at_hand = at_work.county_as_built

    def change(cells: GeoDataFrame, register: CodeRegister) -> Changed:
        village = str(cells.loc[code, "village_id"]) if code in cells.index else ""
        places = at_hand.demand.geometry
        home = (places[village].x, places[village].y) if village in places.index else None
        roads = at_hand.county.layer("roads").geometry.to_numpy()
        return split_cell(cells, register, code, roads=roads, home=home, parts=parts, line=line)

    return change_cells(at_work, at_hand, change, Act(actor, "cell.split", KIND, detail={"cell": code}))


def merge(at_work: Workplace, codes: Sequence[str], *, actor: Actor) -> dict[str, Any]:
    """Merge neighbouring cells of the county that counts now; else as ``split``."""
    act = Act(actor, "cell.merged", KIND, detail={"cell": ", ".join(codes)[:200]})

    def change(cells: GeoDataFrame, register: CodeRegister) -> Changed:
        return merge_cells(cells, register, codes)

    return change_cells(at_work, at_work.county_as_built, change, act)


def change_cells(at_work: Workplace, at_hand: OpenCounty, change: Change, act: Act) -> dict[str, Any]:
    """Change the cells of the county: a build that has them becomes the current one, and the version is recorded.

    Raises
    ------
    FaultsError
        What the change raises; ``county-moved-on`` if the county is another build by now.
    """
    data, before = at_work.settings.data, at_hand.county.manifest
    note_versions(at_work)
    register = register_of(before)
    cells, after_register = change(at_hand.county.layer(LAYER), register)
    after = with_cells(data, before, cells, after_register)
    keep_build(data, after)
    version = str(after["version"])

    def settle(_last: CellVersion | None) -> bool:
        if current_version(data) != before["version"]:
            raise moved_on()
        point_to(data, version)
        return True

    new = {code: list(old) for code, old in after_register.parents.items() if code not in register.parents}
    gone = [code for code in after_register.retired if code not in register.retired]
    made = _store(at_work).add(version, parents=new, retired=gone, settle=settle, act=act)
    return {"version": made.version if made else 0, "county_version": version, "parents": new, "retired": gone}


def versions(at_work: Workplace) -> list[dict[str, Any]]:
    """Return which cells counted from when on, the last version first."""
    note_versions(at_work)
    return [
        {
            "version": one.version,
            "county_version": one.county_version,
            "valid_from": one.valid_from.isoformat(),
            "parents": {code: list(old) for code, old in one.parents.items()},
            "retired": list(one.retired),
            "by": one.by_id,
        }
        for one in _store(at_work).all()
    ]


def note_versions(at_work: Workplace) -> None:
    """Record the cells of the county that counts now where nobody has yet: it was built anew without a service."""
    data = at_work.settings.data
    version = current_version(data)
    if version is None:
        return
    now = read_build(data, version)
    if LAYER not in now["layers"]:
        return
    store = _store(at_work)
    last = next(iter(store.all()), None)
    if last is not None and _same_cells(at_work, last, now):
        return
    before = _register_then(at_work, last)
    after = register_of(now)

    def settle(found: CellVersion | None) -> bool:
        return (found.version if found else 0) == (last.version if last else 0)

    store.add(
        version,
        parents={code: list(old) for code, old in after.parents.items() if code not in before.parents},
        retired=[code for code in after.retired if code not in before.retired],
        settle=settle,
        act=None,
    )


def _same_cells(at_work: Workplace, last: CellVersion, now: dict[str, Any]) -> bool:
    if last.county_version == now["version"]:
        return True
    try:
        then = read_build(at_work.settings.data, last.county_version)
    except FaultsError:
        return False
    return bool(then["layers"].get(LAYER, {}).get("version") == now["layers"][LAYER]["version"])


def _register_then(at_work: Workplace, last: CellVersion | None) -> CodeRegister:
    try:
        return register_of(read_build(at_work.settings.data, last.county_version)) if last else CodeRegister()
    except FaultsError:
        return CodeRegister()


def _store(at_work: Workplace) -> CellVersions:
    return CellVersions(at_work.database.get())
