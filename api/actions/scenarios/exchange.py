"""Scenarios taken to another installation and back: a file that says which county it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.actions.scenarios.content import refuse_unfit, scenario_of
from api.actions.scenarios.form import Contract, CountyForm, read_contract
from api.actions.scenarios.keep import Change, county_faults, create
from api.actions.scenarios.stale import manifest_of
from api.actions.scenarios.visitor import Visitor
from api.runs.asking import county_to_ask
from gis.faults import Fault, FaultsError


def exported(who: Visitor, scenario_id: str, n: int | None = None) -> dict[str, Any]:
    """Return a revision of a scenario as the file that another installation reads, the one that counts if not named."""
    record = who.reach(scenario_id)
    revision = who.revision(record, n)
    manifest = manifest_of(who.at_work.settings, revision.county_version)
    layers = {} if manifest is None else {name: str(one["version"]) for name, one in manifest["layers"].items()}
    county = {"name": record.county_name, "code": record.county_code, "version": revision.county_version}
    return scenario_of(record.name, revision).contract({**county, "layers": layers})


def imported(who: Visitor, given: object, *, onto_current: bool = False) -> dict[str, Any]:
    """Keep a scenario from a file, if this installation understands all of it.

    Parameters
    ----------
    who
    given
        What the file's JSON says.
    onto_current
        Whether a build that is not stored here may be replaced by the current one of the same county.

    Raises
    ------
    FaultsError
        With everything that is wrong with the file, its county, and every name that is not known here; then nothing
        is kept.
    """
    contract = read_contract(given)
    faults = county_faults(who, contract.county, onto_current=onto_current)
    stored = manifest_of(who.at_work.settings, contract.county.version)
    version = contract.county.version if stored is not None and not faults else ""
    at_hand = county_to_ask(who.at_work, version or None)
    try:
        refuse_unfit(at_hand, contract.on(at_hand.county.version))
    except FaultsError as error:
        faults += error.faults
    faults += _content_faults(contract)
    if faults:
        raise FaultsError(faults)
    change, county = Change(contract.question, contract.edits), CountyForm(version=at_hand.county.version)
    return create(who, contract.name, change, county=county, action="imported")


def _content_faults(contract: Contract) -> Iterator[Fault]:
    """Yield a fault if the content is not what the file says that it is."""
    found = contract.on(contract.county.version).content_id
    if contract.content_id and contract.county.version and contract.content_id != found:
        yield Fault("scenario-content-differs", field="content_id", value=contract.content_id, params={"found": found})
