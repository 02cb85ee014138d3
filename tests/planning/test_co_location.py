"""A service that shares its place with another stands within 200 m of one, and nowhere else."""

import dataclasses

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from planning.scenario.candidates import Site, candidates_of
from planning.scenario.co_location import AT_ONE_PLACE_M, hosts_of, keep_together, sites_within
from planning.scenario.places import Facility, Places
from planning.tables.services import SERVICES

HUB = SERVICES["hub"]
PHARMACY = dataclasses.replace(HUB, name="pharmacy", only_where="hub", facility_kinds=("pharmacy",))
SERVICES_HERE = {**SERVICES, "pharmacy": PHARMACY}
METRES = st.integers(0, 800)
SPOTS = st.lists(st.tuples(METRES, METRES), min_size=1, max_size=8)


def candidates(spots, sites=()):
    ids = [str(k) for k in range(len(spots))]
    people = pd.DataFrame({"resident": [1] * len(spots)}, index=ids)
    names = np.array([f"村{k}" for k in ids], dtype=object)
    xy = np.array(spots, dtype=np.float64).reshape(-1, 2)
    return candidates_of(Places(people, names, xy, xy, townships=None), sites)


def hubs(spots):
    return [Facility(f"H{k}", f"中心{k}", kind="hub", xy=xy, lon_lat=xy) for k, xy in enumerate(spots)]


@given(spots=SPOTS, hosts=SPOTS, said=st.data())
def test_candidates_away_from_every_host_are_excluded_and_no_others(spots, hosts, said):
    standing = hubs(hosts)
    among = candidates(spots, sites_within(standing))
    status = np.array(
        [said.draw(st.sampled_from(["candidate", "existing", "required", "excluded"])) for _ in range(len(among))],
        dtype=object,
    )
    before = status.copy()
    faults = keep_together(status, "pharmacy", SERVICES_HERE, among, standing)
    wrong = []
    for row, (x, y) in enumerate(among.positions.tolist()):
        away = all((x - hx) ** 2 + (y - hy) ** 2 > AT_ONE_PLACE_M**2 for hx, hy in hosts)
        assert status[row] == ("excluded" if away and before[row] == "candidate" else before[row])
        wrong += [str(among.names[row])] if away and before[row] == "required" else []
    assert [fault.value for fault in faults] == wrong
    assert {fault.code for fault in faults} <= {"site-elsewhere"}


def test_what_stands_stays_wherever_it_stands():
    own = Site("P1", "老药房", xy=(5000.0, 0.0), lon_lat=(0.0, 0.0))
    among = candidates([(0, 0)], [own])
    status = np.array(["candidate", "closable"], dtype=object)
    assert keep_together(status, "pharmacy", SERVICES_HERE, among, hubs([(0, 0)])) == []
    assert status.tolist() == ["candidate", "closable"]


def test_hosts_are_what_stands_of_the_other_service():
    others = [dataclasses.replace(one, kind="school") for one in hubs([(9, 9)])]
    standing = hubs([(0, 0), (1, 1)])
    assert hosts_of(PHARMACY, SERVICES_HERE, [*standing, *others]) == standing
    assert hosts_of(HUB, SERVICES_HERE, standing) == []


def test_nowhere_to_stand_and_no_such_service_are_told():
    among = candidates([(0, 0)])
    status = np.array(["candidate"], dtype=object)
    nowhere = keep_together(status, "pharmacy", SERVICES_HERE, among, [])
    assert [(fault.code, fault.value, fault.params["where_en"]) for fault in nowhere] == [
        ("stands-nowhere", "pharmacy", "Community hub")
    ]
    gone = {name: one for name, one in SERVICES_HERE.items() if name != "hub"}
    assert [fault.code for fault in keep_together(status, "pharmacy", gone, among, [])] == ["unknown-service"]
    assert keep_together(status, "hub", SERVICES_HERE, among, []) == []
