"""Every text exists in both languages with the same fields, and every text that is named exists."""

import dataclasses
import re
import string

import pytest

from gis.travel_modes import MODES
from layers.schema import SCHEMAS
from maps import catalogue
from maps.assets import STATIC
from maps.plan_page import BASES
from maps.theme import FACILITY_SYMBOLS, STATUS_SYMBOLS
from planning.hub_rooms import ROOM_BASES, Room
from planning.incidents.categories import CATEGORIES
from planning.siting import MODELS
from planning.tables.services import SERVICES

ROOM = STATIC.parent
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder, pattern in (("templates", "*.html"), ("static/js", "*.js"))
    for path in sorted((ROOM / folder).rglob(pattern))
)
# Keys written out, in templates t("…") and modules text("…"); any quoted page.… string counts as used.
WHOLE = set(re.findall(r"""["'](page\.[\w.-]*\w)["']""", SOURCES))
# Keys put together from a code: t("page.mode." + mode), text(`page.model.${name}`).
BUILT = set(re.findall(r"""["'`]((?:page|incident)\.[\w.-]+[.-])(?:["']|\$\{)""", SOURCES))
# And by textOfCode(code, ["page.kind", …]).
LISTED = {f"{key}." for keys in re.findall(r"\[[^\[\]]*\]", SOURCES) for key in re.findall(r'"(page\.\w+)"', keys)}
PREFIXES = BUILT | {prefix for prefix in LISTED if any(key.startswith(prefix) for key in catalogue.catalogue())}
# Codes that a plan's "notes" may carry.
NOTES = (
    "aged-estimate",
    "beds-not-counted",
    "beds-assumed",
    "costs-assumed",
    "time-valued",
    "costs-of-office",
    "elders-estimated",
    "every-township",
    "no-age-data",
    "places-reconstructed",
    "population-reconstructed",
    "positions-reconstructed",
    "roads-reconstructed",
    "rooms-assumed",
    "rooms-of-office",
    "scenario-edits",
    "tables-unread",
    "times-leave-out",
    "totals-compared",
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_has_words_in_both_languages():
    found = catalogue.catalogue()
    assert len(found) > 100
    assert [key for key, texts in found.items() if not (texts["zh"].strip() and texts["en"].strip())] == []


def test_both_languages_have_the_same_fields():
    found = catalogue.catalogue()
    assert [key for key, texts in found.items() if fields(texts["zh"]) != fields(texts["en"])] == []


def test_every_text_that_pages_name_exists():
    containers = {prefix.rstrip(".") for prefix in PREFIXES}
    assert sorted(key for key in WHOLE - containers if not catalogue.has_text(key)) == []


def test_every_built_key_has_texts_to_choose_from():
    keys = catalogue.catalogue()
    assert PREFIXES
    assert sorted(prefix for prefix in PREFIXES if not any(key.startswith(prefix) for key in keys)) == []


def test_no_text_of_the_page_is_unused():
    python = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    built = (*PREFIXES, "page.layer.", "page.field.")  # reconstructed_fields in pages.py
    page = [key for key in catalogue.catalogue() if key.startswith("page.")]
    assert [key for key in page if key not in WHOLE and not key.startswith(built) and f'"{key}"' not in python] == []


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("page.mode", MODES),
        ("incident.category", CATEGORIES),
        ("page.kind", FACILITY_SYMBOLS),
        ("page.layer", SCHEMAS),
        ("page.base", BASES),
        ("page.service", SERVICES),
        ("page.model", MODELS),
        ("page.about-model", MODELS),
        ("page.status", STATUS_SYMBOLS),
        ("page.unit", {model.objective_unit for model in MODELS.values()}),
        ("page.note", NOTES),
        ("page.room", ROOM_BASES),
        ("page.rooms", {field.name for field in dataclasses.fields(Room) if field.type == "float"}),
    ],
)
def test_every_code_has_its_word(prefix, codes):
    assert [code for code in codes if not catalogue.has_text(f"{prefix}.{code}")] == []


@pytest.mark.parametrize(("kind", "parts"), [("Reason", ("",)), ("Fault", (".expected", ".mend"))])
def test_every_reason_and_fault_of_planning_has_its_words(kind, parts):
    root = {"Reason": "planning.reason", "Fault": "fault"}[kind]
    sources = [path.read_text(encoding="utf-8") for path in (ROOM.parent / "planning").rglob("*.py")]
    codes = {code for source in sources for code in re.findall(rf'{kind}\(\s*"([a-z-]+)"', source)}
    assert codes
    assert [
        f"{code}{part}" for code in sorted(codes) for part in parts if not catalogue.has_text(f"{root}.{code}{part}")
    ] == []


def test_text_fills_its_fields():
    assert catalogue.text("zh", "page.people", count="3") == "3 人"
    assert catalogue.text("en", "page.people", count="3") == "3 people"


def test_an_unknown_key_or_field_is_refused():
    with pytest.raises(KeyError):
        catalogue.text("zh", "page.no-such-text")
    with pytest.raises(KeyError):
        catalogue.text("zh", "page.people")


def test_an_entry_without_a_language_is_refused():
    with pytest.raises(ValueError, match=r"page\.title"):
        list(catalogue.flatten({"page": {"title": "only one"}}))


def test_the_browser_gets_only_the_texts_it_asks_for():
    assert set(catalogue.messages("en", prefixes=("page.mode.",))) == {f"page.mode.{mode}" for mode in MODES}
