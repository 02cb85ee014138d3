"""Pages rendered on the server: readable without script, in both languages, whatever stands in a name."""

import re

import pytest
from jinja2 import DictLoader, Environment

from maps import office_page as module
from maps.assets import STATIC
from maps.office_page import OFFICE_POLICY, Room, office_page
from maps.pages import environment

CSS = (STATIC / "css" / "office.css").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def small_template(monkeypatch):
    """A page of one heading on the base of all."""
    base, _, _ = environment().loader.get_source(environment(), "office.html")
    note = '{% extends "office.html" %}{% block main %}<h1>{{ note }}</h1>{% endblock %}'
    small = Environment(
        loader=DictLoader({"office.html": base, "note.html": note}), autoescape=True, undefined=environment().undefined
    )
    monkeypatch.setattr(module, "environment", lambda: small)


@pytest.mark.parametrize(
    ("lang", "code", "product", "other"),
    [("zh", "zh-CN", "县域网格", "?lang=en"), ("en", "en", "CountyGrid", "?lang=zh")],
)
def test_a_page_speaks_one_language_and_leads_to_the_other(lang, code, product, other):
    html = office_page("note.html", lang=lang, note="")
    assert f'<html lang="{code}">' in html
    assert f"<title>{product}</title>" in html
    assert f'class="language" href="{other}"' in html


def test_the_switch_keeps_what_the_page_was_asked_for():
    html = office_page("note.html", lang="zh", note="", switch="?lang=en&page=2")
    assert 'href="?lang=en&amp;page=2"' in html


def test_a_page_after_a_sent_form_has_no_switch():
    assert 'class="language"' not in office_page("note.html", lang="zh", note="", switch=None)


def test_a_page_needs_no_script_and_nothing_from_elsewhere():
    html = office_page("note.html", lang="zh", note="")
    assert "<script" not in html
    assert "style=" not in html
    assert re.findall(r'(?:href|src)="([^"#?]*)"', html) == ["data:,", "/static/css/office.css", "/"]
    assert "http" not in html
    assert "unsafe" not in OFFICE_POLICY


def test_what_people_wrote_stays_text():
    assert "<h1>&lt;b&gt;王&lt;/b&gt;</h1>" in office_page("note.html", lang="zh", note="<b>王</b>")


def test_the_bar_says_which_page_is_open():
    rooms = (Room("/people", "人员", is_here=True), Room("/audit", "<操作>"))
    html = office_page("note.html", lang="zh", note="", rooms=rooms)
    assert '<a href="/people" aria-current="page">人员</a>' in html
    assert '<a href="/audit">&lt;操作&gt;</a>' in html
    assert "<nav" not in office_page("note.html", lang="zh", note="")


def brightness(colour):
    """Relative luminance of a colour such as #fff, as WCAG defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(*colours):
    dark, light = sorted(map(brightness, colours))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "ground", 7),
        ("soft", "ground", 4.5),
        ("blue", "ground", 4.5),
        ("paper", "blue", 4.5),
        ("blue-deep", "blue-soft", 4.5),
        ("good", "good-soft", 4.5),
        ("fair", "fair-soft", 4.5),
        ("bad", "bad-soft", 4.5),
        ("edge", "paper", 3),  # of a field
    ],
)
def test_words_stand_out_from_their_ground(ink, ground, least):
    named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", CSS))
    assert contrast(named[ink], named[ground]) >= least
