"""The edits of a scenario are what README says of them."""

import dataclasses
import re
from pathlib import Path

from planning.scenario.edits import FIELDS, OPS, AdoptedSite

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def names(kind):
    return [field.name for field in dataclasses.fields(kind) if field.name != "op"]


def test_readme_lists_every_edit_with_its_fields():
    section = README.split("## 情景 / Scenarios")[1].split("\n## ")[0]
    told = dict(re.findall(r"^\| `([\w-]+)` \| ([\w, ]+) \|", section, flags=re.MULTILINE))
    assert {op: fields.split(", ") for op, fields in told.items()} == {op: names(kind) for op, kind in OPS.items()}


def test_every_field_of_an_edit_has_bounds_and_no_bounds_are_for_nothing():
    assert {name for kind in (*OPS.values(), AdoptedSite) for name in names(kind)} == set(FIELDS)
