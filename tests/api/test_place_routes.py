"""Where a report would be filed is told before it is: the cell, or that there is none."""

import numpy as np
import pytest
import shapely

from api.actions.show import place_at
from api.actions.workplace import Workplace


@pytest.fixture
def toy_hand(settings):
    return Workplace(settings).county


def points_around(at_hand, count=60):
    west, south, east, north = at_hand.extent
    rng = np.random.default_rng(7)
    spread = 0.4 * max(east - west, north - south)
    return [
        (round(float(lon), 6), round(float(lat), 6))
        for lon, lat in zip(
            rng.uniform(west - spread, east + spread, count), rng.uniform(south - spread, north + spread, count),
            strict=True,
        )
    ]  # fmt: skip


def test_the_cell_told_before_filing_is_the_one_that_the_report_gets(client, toy_hand):
    outline = toy_hand.county.layer("county").geometry.union_all()
    seen = set()
    for number, (lon, lat) in enumerate(points_around(toy_hand)):
        told = client.get("/api/place", params={"lon": lon, "lat": lat}).json()
        report = {"category": "traffic", "lon": lon, "lat": lat, "idempotency_key": f"place-{number}"}
        filed = client.post("/api/incidents", json=report).json()
        assert (told["cell"], told["cell_name"]) == (filed["cell"], filed["cell_name"])
        assert told["inside"] == (outline.covers(shapely.Point(lon, lat)) or told["cell"] is not None)
        seen.add(told["inside"])
    assert seen == {True, False}


class _Without:
    """A county without some of its layers."""

    def __init__(self, county, *layers):
        self._county, self._lacks = county, layers

    def has(self, name):
        return name not in self._lacks and self._county.has(name)

    def layer(self, name):
        return self._county.layer(name)


@pytest.mark.parametrize(
    ("lacking", "inside"), [((), True), (("cells",), True), (("county",), True), (("cells", "county"), None)]
)
def test_what_is_not_known_is_not_said(toy_hand, monkeypatch, lacking, inside):
    row = toy_hand.demand.iloc[0].geometry
    monkeypatch.setattr(toy_hand, "county", _Without(toy_hand.county, *lacking))
    told = place_at(toy_hand, row.x, row.y)
    assert told["inside"] is inside
    assert (told["cell"] is None) == ("cells" in lacking)


@pytest.mark.parametrize("query", ["lon=200&lat=0", "lon=x&lat=0", "lat=1", "lon=nan&lat=1"])
def test_no_place_is_refused_in_words(client, query):
    answer = client.get(f"/api/place?{query}")
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] in {"lon", "lat"}
