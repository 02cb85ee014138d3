"""Of the default county: every name that is pasted is set or asked about, and what lies in the layers is found."""

import json
import random
import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import expect
from pypinyin import Style, lazy_pinyin

pytestmark = pytest.mark.browser


def told(url, path, **query):
    with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(query)}") as answer:
        return json.load(answer)


def layer(url, name):
    return [(str(one["id"]), one["properties"]) for one in told(url, f"/api/layers/{name}")["features"]]


def test_all_names_of_places_pasted_at_once_are_set_or_asked(watched):
    names = [one["name"] for name in ("villages", "neighbourhoods") for _id, one in layer(watched.url, name)]
    page = watched.open("/plan")
    page.wait_for_selector(".main-figures[data-source=confirmed]")
    page.click("#paste-names")
    page.fill("#paste-text", "\n".join(names))
    page.click("#paste-look-up")
    shared = {name for name in names if names.count(name) > 1}
    asked = page.locator("#dialog fieldset[data-typed]")
    expect(asked.first).to_be_visible()
    assert shared <= set(asked.evaluate_all("all => all.map((one) => one.dataset.typed)"))
    sure = len(set(names)) - asked.count()
    expect(page.locator("#paste-set")).to_contain_text(f"{sure:,}")  # nothing is unknown, nothing is passed over
    expect(page.locator("#paste-left")).to_contain_text(f"{asked.count():,}")
    for k in range(asked.count()):
        asked.nth(k).locator("input").first.check()
    expect(page.locator("#paste-left")).to_have_count(0)
    expect(page.locator("#paste-set")).to_contain_text(f"{sure + asked.count():,}")


def initials(name):
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


def test_forty_things_drawn_from_the_layers_are_found(planner_url):
    rng = random.Random(40)
    villages, townships = layer(planner_url, "villages"), layer(planner_url, "townships")
    named = {
        kind: sorted({one["name"] for _id, one in layer(planner_url, kind) if one.get("name")})
        for kind in ("roads", "rivers")
    }
    places = rng.sample(villages, 20)
    look_ups = [(one["name"], "village", id_) for id_, one in places[:8]]
    look_ups += [(id_, "village", id_) for id_, _one in places[8:12]]
    look_ups += [(f"{initials(one['name'])} {name_of(townships, one)}", "village", id_) for id_, one in places[12:20]]
    look_ups += [(one["name"], "township", id_) for id_, one in rng.sample(townships, 4)]
    look_ups += [(initials(one["name"]), "township", id_) for id_, one in rng.sample(townships, 3)]
    look_ups += [(name, "road", name) for name in named["roads"][:6]]
    look_ups += [(name, "river", name) for name in named["rivers"][:4]]
    look_ups += [(f"{name}桥", "bridge", None) for name in named["rivers"][:3]]
    look_ups += [(one["name"], "village", id_) for id_, one in rng.sample(villages, 40 - len(look_ups))]
    missed = [(words, kind) for words, kind, id_ in look_ups if not is_found(planner_url, words, kind, id_)]
    assert missed == []


def name_of(townships, place):
    return next(one["name"] for id_, one in townships if id_ == str(place["township_id"]))


def is_found(url, words, kind, id_):
    hits = told(url, "/api/search", q=words)
    return any(hit["kind"] == kind and (id_ is None or hit["id"] == id_) for hit in hits)
