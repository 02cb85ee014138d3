"""Missing values are refused by the name of their field, whatever hides them; a number below a mask is never read."""

import numpy as np
import pandas as pd
import pytest

from gis.faults import FaultsError
from planning.siting import SitingProblem
from planning.siting.capacity import Capacity
from planning.siting.rules import Rules
from planning.siting.study.alternatives import as_places

FIELDS = {
    "values": [[3, 1, 2], [4, 5, 6]],
    "weights": [7, 8],
    "demand_ids": ["a", "b"],
    "candidate_ids": ["x", "y", "z"],
    "status": ["candidate", "existing", "closable"],
    "townships": ["A", "B", "A"],
    "positions": [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]],
    "capacities": [20, 20, 20],
    "loads": [1, 2],
    "minimum_loads": [0, 0, 1],
    "included": [1, 1, 1],
    "extension_costs": [5, 5, 5],
    "demand_townships": ["X", "Y"],
    "opening_costs": [1, 2, 3],
    "closing_costs": [1, 2, 3],
}
NUMBERS = [field for field, value in FIELDS.items() if not isinstance(np.ravel(np.array(value, object))[0], str)]


def build(**given):
    asked = FIELDS | {"township_limits": {"A": (0, 2)}, "separation_m": 1.0} | given
    return SitingProblem.from_arrays(asked.pop("values"), asked.pop("weights"), **asked)


def masked(value, *, dtype=None):
    array = np.array(value, dtype)
    mask = np.zeros(array.shape, bool)
    mask[-1] = True
    return np.ma.array(array, mask=mask)


def as_rows(value):
    """A list whose last member is a masked array or the masked constant."""
    last = value[-1]
    end = np.ma.array(last, mask=[True, *[False] * (len(last) - 1)]) if isinstance(last, list) else np.ma.masked
    return [*value[:-1], end]


def nullable(value):
    """A column or table of pandas with its NA in the last place."""
    if isinstance(value[0], list):
        kind = "Float64" if isinstance(value[0][0], float) else "Int64"
        frame = pd.DataFrame(value).astype(kind)
        frame.iloc[-1, 0] = pd.NA
        return frame
    return pd.Series([*value[:-1], pd.NA], dtype="string" if isinstance(value[0], str) else "Int64")


def with_none(value):
    return [*value[:-1], [None, *value[-1][1:]] if isinstance(value[-1], list) else None]


HIDERS = {"mask": masked, "masked row": as_rows, "pandas NA": nullable, "None": with_none}


def refused(make):
    with pytest.raises(FaultsError) as refusal:
        make()
    return {(fault.code, fault.field) for fault in refusal.value.faults}


@pytest.mark.parametrize("hider", HIDERS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_missing_value_is_refused_by_name(field, hider):
    found = refused(lambda: build(**{field: HIDERS[hider](FIELDS[field])}))
    # Pandas hands its whole numbers over with NaN where they are NA, which is refused as such.
    assert found & {("missing-value", field), ("not-finite", field)}
    assert hider == "pandas NA" or ("missing-value", field) in found


@pytest.mark.parametrize("field", NUMBERS)
def test_masked_numbers_of_any_kind_are_refused(field):
    for dtype in (np.int8, np.int64, np.float16, np.float64):
        assert ("missing-value", field) in refused(lambda: build(**{field: masked(FIELDS[field], dtype=dtype)}))  # noqa: B023


def test_all_missing_values_are_told_at_once_and_counted():
    hidden = {field: masked(FIELDS[field]) for field in FIELDS}
    assert {field for code, field in refused(lambda: build(**hidden)) if code == "missing-value"} == set(FIELDS)
    with pytest.raises(FaultsError) as refusal:
        build(values=np.ma.array(FIELDS["values"], mask=[[1, 1, 0], [0, 0, 1]]))
    assert [fault.params["count"] for fault in refusal.value.faults] == [3]


def test_what_hides_nothing_is_read_as_it_is():
    usual = build()
    for wrap in (np.ma.array, lambda value: pd.DataFrame(value) if np.ndim(value) == 2 else pd.Series(value)):
        same = build(**{field: wrap(value) for field, value in FIELDS.items()})
        assert np.array_equal(vars(same)["values"], vars(usual)["values"])
        assert same.weights.tolist() == usual.weights.tolist()
        assert same.rules.status.tolist() == usual.rules.status.tolist()
    counted = build(weights=pd.Series([7, 8], dtype="Int64"), loads=np.ma.array([1, 2], mask=False))
    assert counted.weights.tolist() == [7, 8]
    assert counted.capacity.loads.tolist() == [1, 2]


def test_rules_capacities_and_places_alone_refuse_them_too():
    hidden = np.ma.array([1, 2], mask=[0, 1])
    assert refused(lambda: Rules.from_arrays(2, townships=hidden)) == {("missing-value", "townships")}
    assert refused(lambda: Capacity.from_arrays(2, 2, np.array([1, 2]), capacities=hidden)) == {
        ("missing-value", "capacities")
    }
    assert refused(lambda: as_places(np.ma.array([[0, 1], [2, 3]], mask=[[0, 0], [0, 1]]), 2)) == {
        ("missing-value", "positions")
    }
