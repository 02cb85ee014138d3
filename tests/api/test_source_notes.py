"""What is said of the data is true of it: totals are called compared only where the build compared them."""

from types import SimpleNamespace

import pytest

from api.actions.sources import source_notes

PEOPLE = ("resident", "registered", "age_60_plus")


def county(*, villages=(), neighbourhoods=None, roads=(), rivers=(), totals=()):
    layers = {"villages": villages, "roads": roads, "rivers": rivers}
    layers |= {} if neighbourhoods is None else {"neighbourhoods": neighbourhoods}
    told = {name: {"reconstructed": list(fields)} for name, fields in layers.items()}
    return SimpleNamespace(layers=told, manifest={"totals": dict.fromkeys(totals, 1)})


def said(*, basis="resident", base="resident", **given):
    return {code for code, applies in source_notes(county(**given), basis, base).items() if applies}


@pytest.mark.parametrize(
    ("given", "notes"),
    [
        ({}, set()),
        ({"totals": PEOPLE}, set()),
        ({"villages": ["resident"]}, {"population-reconstructed"}),
        ({"villages": ["resident"], "totals": ["registered"]}, {"population-reconstructed"}),
        ({"villages": ["resident"], "totals": ["resident"]}, {"population-reconstructed", "totals-compared"}),
        ({"neighbourhoods": ["resident"]}, {"population-reconstructed"}),
        ({"villages": ["geometry"]}, {"places-reconstructed"}),
        ({"roads": ["geometry"]}, {"roads-reconstructed"}),
        ({"roads": ["name"]}, set()),
        ({"rivers": ["geometry"]}, set()),
        ({"villages": ["geometry"], "roads": ["geometry"]}, {"positions-reconstructed"}),
    ],
)
def test_what_is_said_of_residents(given, notes):
    assert said(**given) == notes


@pytest.mark.parametrize(
    ("basis", "base", "made", "totals", "compared"),
    [
        ("age_60_plus", "resident", PEOPLE, ["resident"], False),
        ("age_60_plus", "resident", PEOPLE, ["resident", "age_60_plus"], True),
        ("registered-age_60_plus", "registered", PEOPLE, ["resident", "age_60_plus"], False),
        ("registered-age_60_plus", "registered", PEOPLE, PEOPLE, True),
        ("registered", "registered", PEOPLE, ["resident"], False),
        ("no-age-data", "registered", ["registered"], ["registered"], True),
        ("no-age-data", "registered", ["registered"], [], False),
        ("age_60_plus", "resident", ["age_60_plus"], ["age_60_plus"], True),
    ],
)
def test_every_made_column_that_counts_must_have_been_compared(basis, base, made, totals, compared):
    notes = said(basis=basis, base=base, villages=made, totals=totals)
    assert "population-reconstructed" in notes
    assert ("totals-compared" in notes) == compared


def test_no_word_of_a_census_is_said_on_the_page():
    from maps.catalogue import LANGS, messages  # noqa: PLC0415 - beside its only use

    for lang in LANGS:
        notes = messages(lang, prefixes=("page.note.",))
        assert not [key for key, words in notes.items() if "普查" in words or "census" in words.lower()]
