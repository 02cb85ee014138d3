"""Studies as lines of text for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.wording import in_unit, table_lines
from api.figures import minutes_of, rounded
from api.reasons import reason_words
from maps.catalogue import Lang, text


def study_lines(study: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what a study found, in words."""
    write = {"why-here": _why_here, "frontier": _frontier, "phasing": _phasing}[study["kind"]]
    ended = [] if study["limit"] is None else [reason_words(study["limit"], lang)]
    return [*write(study, lang), *ended, *table_lines(study, lang)]


def _why_here(study: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    found = study["why_here"]
    for site in found["sites"]:
        yield from _worth(study, site, lang)
    for name in ("swap", "there"):
        if found[name] is not None:
            yield text(lang, f"cli.study.{name}", **_swap(study, found[name], lang))
            if not found[name]["proven"]:
                yield f"  {text(lang, 'page.study.swap-unproven')}"
    if found["swap"] is None:
        yield text(lang, "page.study.no-swap")
    others = found["alternatives"]
    key = "counted" if others["counted"] else "at-least"
    share = f"{study['options']['within_percent']:g}%"
    yield text(
        lang,
        f"page.study.{key}",
        share=share,
        count=f"{others['within']:,}",
        far=f"{others['within_far']:,}",
        km=f"{study['options']['apart_km']:g}",
    )
    for plan in others["plans"]:
        names = "、".join(_name(study, id_) for id_ in plan["entering"])
        loss = _loss(study, plan["loss"], lang)
        yield text(lang, "cli.study.other", names=names, loss=loss, proof=_proven(lang, proven=plan["proven"]))


def _worth(study: Mapping[str, Any], site: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    figures = {"people": f"{site['people']:,}", "minutes": minutes_of(site["mean_extra_s"])}
    yield text(lang, "cli.study.worth", name=_name(study, site["site"]), **figures)
    if site["loss"]:
        yield f"    {_loss(study, site['loss'], lang)}"
    if site["possible"] is False:
        yield f"    {text(lang, 'page.study.impossible')}"
    if site["without_people"]:
        yield text(lang, "cli.study.without", people=f"{site['without_people']:,}")


def _loss(study: Mapping[str, Any], loss: int, lang: Lang) -> str:
    """Return how much worse, or better, the objective is; travel of all together as seconds of each."""
    unit, size = study["units"]["loss"], abs(loss)
    if not loss:
        return text(lang, "page.study.unchanged")
    if unit == "person-seconds":
        seconds = rounded(size / max(1, study["people_total"]), 1)
        return text(lang, "page.study.shorter" if loss < 0 else "page.study.longer", seconds=seconds)
    told = in_unit(size, unit, lang)
    return text(lang, "page.study.gain" if loss < 0 else "page.study.worse", loss=told)


def _swap(study: Mapping[str, Any], swap: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    return {
        "leaving": _name(study, swap["leaving"]),
        "entering": _name(study, swap["entering"]),
        "loss": _loss(study, swap["loss"], lang),
        "gaining": f"{swap['gaining_people']:,}",
        "losing": f"{swap['losing_people']:,}",
        "without": f"{swap['without_people']:,}",
    }


def _frontier(study: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    found, units = study["frontier"], study["units"]
    for point in found["points"]:
        first, second = (in_unit(point[name], units[name], lang) for name in ("first", "second"))
        proof = _proven(lang, proven=point["proof"] in {"certificate", "enumerated"})
        yield text(lang, "cli.study.point", first=first, second=second, proof=proof)
    if found["points"]:
        yield text(lang, "page.study.whole" if found["complete"] else "page.study.part")
    else:
        yield text(lang, "page.study.no-points")
        yield from (f"  {reason_words(reason, lang)}" for reason in found.get("reasons", ()))


def _phasing(study: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    found = study["phasing"]
    yield text(lang, f"page.study.phasing-{found['status']}")
    for reason in found["reasons"]:
        yield f"  {reason_words(reason, lang)}"
    for year in found["years"]:
        opened, closed = (
            "、".join(_name(study, id_) for id_ in year[kind]) or text(lang, "page.study.nothing")
            for kind in ("opened", "closed")
        )
        money = {name: f"{year[name]:,}" for name in ("spent_yuan", "carried_yuan")}
        people = f"{year['measures']['people_within_limit']:,}"
        yield text(lang, "cli.study.year", year=year["year"], opened=opened, closed=closed, people=people, **money)
    if found["years"]:
        basis = "costs-of-office" if "unit-costs" in study.get("tables", {}) else "costs-assumed"
        yield text(lang, "cli.note", note=text(lang, f"page.note.{basis}"))


def _name(study: Mapping[str, Any], id_: str) -> str:
    place = study["places"].get(id_)
    return f"{place['name']} ({id_})" if place else id_


def _proven(lang: Lang, *, proven: bool) -> str:
    return text(lang, "page.study.proven" if proven else "page.study.unproven")
