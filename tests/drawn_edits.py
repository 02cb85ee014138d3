"""Any edits that their form allows, drawn by hypothesis."""

import dataclasses

from hypothesis import strategies as st

from planning.scenario.edits import CHOICES, FIELDS, OPS, AdoptedSite, told

WORDS = (
    "东庄",
    "1",
    "2",
    "F1",
    "中心",
    "东路",
    "r3",
    "r4",
    "tertiary",
    "footway",
    "car",
    "e-bike",
    "hub",
    "elder-centre",
)
"""Of the flat county; what is drawn calls them as often as anything else."""

names = st.sampled_from(WORDS) | st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=120)
positions = st.tuples(st.floats(-180, 180), st.floats(-90, 90)) | st.tuples(
    st.floats(-0.02, 0.05), st.floats(-0.02, 0.05)
)


def of_field(name):
    asked = FIELDS[name]
    if name == "area":
        return st.lists(positions, min_size=3, max_size=6, unique=True).map(tuple)
    if name == "sites":
        return st.lists(form(AdoptedSite), min_size=1, max_size=3).map(tuple)
    if asked.kind == "choice":
        return st.sampled_from(CHOICES[name])
    if asked.kind == "position":
        return positions
    if asked.kind == "words":
        return names
    if asked.kind == "whole":
        return st.integers(int(asked.least), int(asked.most))
    bottom = asked.least if asked.above is None else asked.above
    return st.floats(bottom, asked.most, exclude_min=asked.above is not None)


def form(kind):
    fields = {}
    for field in dataclasses.fields(kind):
        if field.name == "op":
            continue
        given_value = of_field(field.name)
        optional = field.default is None
        fields[field.name] = st.none() | given_value if optional else given_value
    return st.builds(kind, **fields)


def says_something(edit):
    return len(told(edit)) > 1


edits = st.lists(st.one_of([form(kind) for kind in OPS.values()]).filter(says_something), max_size=8)
