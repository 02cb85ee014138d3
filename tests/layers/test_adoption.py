"""Adopted schemes: planned facilities in a build of their own, and the way back to the build before."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from scenario_rows import ACT, OWNER, acts, new
from toy_county import write_toy_county

from gis.faults import FaultsError
from layers.adoption import AdoptedScheme, PlannedSite, adopted_in, with_adopted
from layers.build import build_county
from layers.county import open_county
from layers.records.adoptions import Adoption, AdoptionStore, Move, last_move
from layers.records.database import Database
from layers.records.scenarios import ScenarioStore
from layers.store import write_build

HOME = PlannedSite("elder-centre-00003", "大王庄", "elder-centre", 116.9, 37.2, "T1", 60, 2100.0)
CLINIC = PlannedSite("clinic-00006", "河口", "clinic", 116.91, 37.21)
SCHEMES = tuple(
    AdoptedScheme(str(number) * 32, site.kind, date(2027, 1, number), f"示范发〔2026〕{number}号", (site,))
    for number, site in enumerate((HOME, CLINIC), 1)
)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_toy_county(tmp_path / "files")


def without_facilities(files: Path) -> None:
    text = files.read_text(encoding="utf-8")
    start = text.index("[layers.facilities]")
    end = text.find("\n[", start + 1)
    files.write_text(text[:start] + (text[end:] if end > 0 else ""), encoding="utf-8")


@pytest.mark.parametrize("has_facilities", [True, False])
def test_adopted_sites_are_planned_facilities_beside_those_that_stand(files, data_dir, has_facilities) -> None:
    if not has_facilities:
        without_facilities(files)
    before = open_county(data_dir, version=build_county(files, data_dir=data_dir).version)
    write_build(data_dir, with_adopted(data_dir, before.manifest, SCHEMES))
    after = open_county(data_dir)
    facilities = after.table("facilities")
    planned = facilities[facilities["status"] == "planned"]
    assert list(planned.index) == [CLINIC.id, HOME.id]
    assert planned.loc[HOME.id, ["name", "kind", "township_id", "capacity"]].to_list() == [
        "大王庄",
        HOME.kind,
        "T1",
        60,
    ]
    assert planned.loc[HOME.id].geometry.coords[0] == (HOME.lon, HOME.lat)
    assert adopted_in(after.manifest) == SCHEMES
    assert after.version != before.version
    assert len(facilities) == 2 + (len(before.table("facilities")) if has_facilities else 0)
    assert after.layers["facilities"]["count"] == len(facilities)


def test_without_its_adoptions_a_county_is_the_build_that_it_was(files, data_dir) -> None:
    build_county(files, data_dir=data_dir)
    before = open_county(data_dir).manifest
    first = with_adopted(data_dir, before, SCHEMES[:1])
    both = with_adopted(data_dir, first, SCHEMES)
    assert with_adopted(data_dir, both, SCHEMES[:1]) == first
    assert with_adopted(data_dir, both, ()) == before
    assert with_adopted(data_dir, before, SCHEMES) == both


def test_a_site_that_stands_or_is_planned_is_not_planned_twice(files, data_dir) -> None:
    build_county(files, data_dir=data_dir)
    before = open_county(data_dir)
    again = dataclasses.replace(SCHEMES[1], sites=(dataclasses.replace(HOME, name="别名"),))
    standing = dataclasses.replace(SCHEMES[0], id="3" * 32, sites=(dataclasses.replace(HOME, id="F4"),))
    write_build(data_dir, with_adopted(data_dir, before.manifest, (SCHEMES[0], again, standing)))
    facilities = open_county(data_dir).table("facilities")
    assert (facilities.loc[HOME.id, "name"], facilities.loc["F4", "name"]) == ("大王庄", "河西镇敬老院")
    assert len(facilities) == len(before.table("facilities")) + 1


def test_a_county_built_anew_keeps_what_was_adopted_and_another_county_does_not(files, data_dir) -> None:
    build_county(files, data_dir=data_dir)
    adopted = with_adopted(data_dir, open_county(data_dir).manifest, SCHEMES)
    write_build(data_dir, adopted)
    assert build_county(files, data_dir=data_dir).version == adopted["version"]
    villages = files.parent / "villages.csv"
    villages.write_text(villages.read_text(encoding="utf-8").replace("东庄", "东新庄"), encoding="utf-8")
    anew = open_county(data_dir, version=build_county(files, data_dir=data_dir).version)
    assert adopted_in(anew.manifest) == SCHEMES
    assert anew.version != adopted["version"]
    files.write_text(files.read_text(encoding="utf-8").replace('code = "371499"', 'code = "371498"'), encoding="utf-8")
    build_county(files, data_dir=data_dir)
    assert adopted_in(open_county(data_dir).manifest) == ()


class Records:
    """A store of adoptions, and the county that its decisions move."""

    def __init__(self, database: Database) -> None:
        self.store = AdoptionStore(database)
        self.scenario = ScenarioStore(database).create(new(), act=ACT)
        self.version = "v1"

    def settle(self, last: Move | None) -> str:
        if last is not None and self.version == last.from_version:
            self.version = last.to_version
        return self.version

    def add(self, number: int, from_version: str, to_version: str) -> Adoption:
        made = Adoption(
            id=str(number) * 32,
            scenario_id=self.scenario.id,
            scenario_n=1,
            content_id=hashlib.sha256(b"0").hexdigest(),
            service="elder-centre",
            sites=3,
            from_date="2027-01-01",
            decision=f"第{number}号",
            county_code="371424",
            from_version=from_version,
            to_version=to_version,
            by_id=OWNER,
            at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        return self.store.add(made, settle=self.settle, act=dataclasses.replace(ACT, action="adoption.made"))

    def withdraw(self, number: int, from_version: str, to_version: str) -> Adoption:
        moved = {"from_version": from_version, "to_version": to_version}
        act = dataclasses.replace(ACT, action="adoption.withdrawn")
        return self.store.withdraw(str(number) * 32, "预算未批", settle=self.settle, act=act, **moved)


@pytest.fixture
def records(database: Database) -> Records:
    return Records(database)


def test_the_register_tells_every_decision_the_last_one_first(records, database) -> None:
    first = records.add(1, "v1", "v2")
    records.version = "v2"
    second = records.add(2, "v2", "v3")
    records.version = "v3"
    ended = records.withdraw(1, "v3", "v4")
    assert records.store.all_of("371424") == [second, ended]
    assert records.store.all_of("371499") == []
    assert (ended.reason, ended.withdrawn_by, ended.at) == ("预算未批", OWNER, first.at)
    assert last_move([second, ended]) == (ended.withdrawn_at, "v3", "v4")
    assert [action for action, *_ in acts(database)][-3:] == ["adoption.made", "adoption.made", "adoption.withdrawn"]


def test_what_was_cut_off_after_its_record_is_finished_and_whoever_looked_before_is_refused(records) -> None:
    records.add(1, "v1", "v2")  # and nobody made v2 the current build
    with pytest.raises(FaultsError) as refused:
        records.add(2, "v1", "v3")
    assert [fault.code for fault in refused.value.faults] == ["county-moved-on"]
    assert records.version == "v2"
    assert records.add(2, "v2", "v3").to_version == "v3"


def test_a_decision_is_withdrawn_once(records) -> None:
    records.add(1, "v1", "v2")
    records.version = "v2"
    records.withdraw(1, "v2", "v1")
    records.version = "v1"
    for number, code in ((1, "adoption-withdrawn"), (7, "unknown-adoption")):
        with pytest.raises(FaultsError) as refused:
            records.withdraw(number, "v1", "v0")
        assert [fault.code for fault in refused.value.faults] == [code]
