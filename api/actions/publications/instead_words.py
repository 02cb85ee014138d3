"""Another site instead, in the words of villagers; nothing is called proven that is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.actions.publications.counter_state import reason_none
from api.actions.publications.published import Published
from api.actions.publications.reader_page import change_told
from api.cli.wording import in_unit
from api.figures import minutes_of
from api.reasons import reason_words
from maps.catalogue import Lang, text


def state_words(published: Published, lang: Lang) -> str:
    """Return how far the counter-proposals of a publication are.

    Parameters
    ----------
    published
    lang
    """
    if published.counter != "none":
        return text(lang, f"instead.{published.counter}")
    question = published.frozen.question
    reason = reason_none(published.publication, question) or "model"
    model = text(lang, f"page.model.{question['model']}") if reason == "model" else ""
    return text(lang, f"instead.none-{reason}", model=model)


def instead_words(told: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what another site would mean, a sentence each: how sure, which sites, who gains and loses, what it costs.

    Parameters
    ----------
    told
        From :func:`api.actions.publications.instead.instead_told`.
    lang
    """
    if told["is_in_scheme"] and told["state"] == "proven":
        return [text(lang, "instead.in-scheme")]
    sure = [text(lang, f"instead.{told['state']}")]
    if "opens" not in told:
        return [*sure, *(reason_words(one, lang) for one in told["reasons"])]
    return [
        *sure,
        _sites(told, lang),
        *_own(told, lang),
        *_people(told, lang),
        *_standard(told, lang),
        _yuan(told, lang),
    ]


def place_name(place: Mapping[str, Any]) -> str:
    """Return a place with its township before it."""
    return " ".join(filter(None, (place["township"], place["name"])))


def loser_words(one: Mapping[str, Any], lang: Lang) -> str:
    """Return who loses, and from how many minutes to how many."""
    change = change_told(one["before_s"], one["after_s"], lang)["change"]
    return text(lang, "instead.loser", name=place_name(one), change=change)


def _sites(told: Mapping[str, Any], lang: Lang) -> str:
    """Return which sites come and go: one for one, or all that move with it."""
    here = told["candidate"]["id"]
    others = [one for one in told["opens"] if one["id"] != here]
    is_swap = not others and not told["is_in_scheme"] and len(told["closes"]) == 1
    parts = ["at", *(["more"] if others else [])]
    parts.append("instead" if is_swap else "gone" if told["closes"] else "kept")
    names = {
        "here": place_name(told["candidate"]),
        "more": _names(others, lang),
        "gone": _names(told["closes"], lang),
    }
    return "".join(text(lang, f"instead.sites-{part}", **names) for part in [*parts, "end"])


def _names(sites: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    return text(lang, "page.comma").join(map(place_name, sites))


def _own(told: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    if told["own"] is not None:
        change = change_told(told["own"]["before_s"], told["own"]["after_s"], lang)["change"]
        yield text(lang, "instead.own", name=place_name(told["candidate"]), change=change)


def _people(told: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    people, seconds = told["people"], told["person_seconds"]
    for kind, moved in (("gain", "gained"), ("lose", "lost")):
        count = people[kind]
        minutes = minutes_of(seconds[moved] / count) if count else ""
        yield text(lang, f"instead.{kind}" if count else f"instead.{kind}-none", people=f"{count:,}", minutes=minutes)
    losing = told["losing"]
    kind = "losing" if losing["places"] else "losing-none"
    yield text(lang, f"instead.{kind}", places=f"{losing['places']:,}", people=f"{losing['people']:,}")
    for kind in ("newly_served", "no_longer_served", "same"):
        if people[kind]:
            yield text(lang, f"instead.{kind.replace('_', '-')}", people=f"{people[kind]:,}")


def _standard(told: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Yield how much worse the plan is by what the scheme was chosen for, where both have that."""
    worse = told["worse_by"]
    if worse is None:
        return
    kind = "worse" if worse > 0 else "better" if worse < 0 else "equal"
    yield text(lang, f"instead.{kind}", amount=in_unit(abs(worse), told["objective_unit"], lang))


def _yuan(told: Mapping[str, Any], lang: Lang) -> str:
    extra, before = told["extra_yuan"], told["yuan"]
    if extra is None or before is None:
        return text(lang, "instead.yuan-none")
    kind = "more" if extra > 0 else "less" if extra < 0 else "same"
    return text(lang, f"instead.yuan-{kind}", by=f"{abs(extra):,}", before=f"{before:,}", after=f"{before + extra:,}")
