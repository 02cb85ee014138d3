"""What a plan means for people in words: each figure with its name and unit, as the page's card has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.figures import minutes_of, rounded, share_of
from maps.catalogue import Lang, text


def measure_lines(plan: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what a plan means for people, each figure with its name and unit."""
    found = plan["measures"]
    within, total = found["people_within_limit"], found["people_total"]
    figures = []
    if within is not None:
        of = text(lang, "page.card.within-of", within=f"{within:,}", total=f"{total:,}")
        figures.append(
            (text(lang, "page.card.within", minutes=f"{plan['limit_minutes']:g}"), f"{share_of(within, total)}  {of}")
        )
    times = {"mean": found["mean_s"], "p95": found["p95_s"], "worst": found["worst_s"]}
    if plan.get("equivalent"):
        times["equivalent"] = plan["equivalent"]["seconds"]
    reached = total - found["unreachable_people"]
    of_whom = text(lang, "page.card.of-reached", people=f"{reached:,}") if reached < total else ""
    figures += [
        (text(lang, f"page.card.{name}"), f"{in_minutes(seconds, lang)}  {of_whom}".rstrip())
        for name, seconds in times.items()
    ]
    if found["unreachable_people"]:
        people = text(lang, "page.people", count=f"{found['unreachable_people']:,}")
        figures.append((text(lang, left_out_key(found)), people))
    if "spent_yuan" in plan:
        figures.append((text(lang, "page.card.spent"), f"{plan['spent_yuan']:,}"))
    figures += further_measures(plan, lang)
    figures.append((text(lang, "page.card.base"), text(lang, f"planning.weights.{plan['weights_basis']}")))
    figures.append((text(lang, "page.card.mode"), text(lang, f"page.mode.{plan['mode']}")))
    return [text(lang, "cli.figure", name=name, value=value) for name, value in figures]


def left_out_key(found: Mapping[str, Any]) -> str:
    """Return the word for people in no time: that there is no way is said only where no capacity keeps them out."""
    return "measures.unreachable_people.name" if found.get("over_capacity_people") else "page.card.unreachable"


def further_measures(plan: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Return (name, value) of the measures beyond the first ones, as far as the plan has them.

    Yuan are told where money was asked about; of other plans the answer and the page's card have them.
    """
    found = plan["measures"]
    told = {
        "median_s": in_minutes(found["median_s"], lang) if "median_s" in found else "",
        "second_nearest": _second(found.get("second_nearest"), lang),
        "gini": "" if found.get("gini") is None else rounded(found["gini"], 3),
        "equivalent": "" if plan.get("equivalent") else _equivalent(found.get("equivalent"), lang),
        "worst_township": _township(found.get("worst_township"), lang),
        "loads": _loads(plan, lang),
        "accessibility": _accessibility(plan, lang),
        "floor_area": _area(plan.get("floor_area"), lang),
        "standards": _standards(plan.get("standards"), lang),
    }
    named = [(text(lang, f"measures.{code}.name"), value) for code, value in told.items() if value]
    return [*_parts(found, lang), *named, *_elders(plan, lang)]


def in_minutes(seconds: float | None, lang: Lang) -> str:
    """Return seconds as minutes; that nobody gets there is a word."""
    if seconds is None:
        return text(lang, "page.unreachable")
    return text(lang, "page.minutes", minutes=minutes_of(seconds))


def _parts(found: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Return the three parts of everyone on one line."""
    if "served_people" not in found:
        return []
    people = {name: f"{found[f'{code}_people']:,}" for name, code in _PARTS.items()}
    return [(text(lang, "measures.told.parts-name"), text(lang, "measures.told.parts", **people))]


_PARTS = {"served": "served", "over": "over_capacity", "outside": "outside"}


def _second(found: Mapping[str, Any] | None, lang: Lang) -> str:
    if not found:
        return ""
    alone = found["unreachable_people"]
    without = text(lang, "measures.told.second-without", people=f"{alone:,}") if alone else ""
    if found["mean_s"] is None:
        return without
    times = {name: in_minutes(found[f"{name}_s"], lang) for name in ("mean", "p95")}
    return "  ".join(part for part in (text(lang, "measures.told.second", **times), without) if part)


def _equivalent(found: Mapping[str, Any] | None, lang: Lang) -> str:
    return in_minutes(found["seconds"], lang) if found else ""


def _township(found: Mapping[str, Any] | None, lang: Lang) -> str:
    if not found:
        return ""
    name = found["township"] or text(lang, "measures.told.township-unnamed")
    if found["mean_s"] is None:
        return text(lang, "measures.told.township-none", township=name)
    return text(lang, "measures.told.township", township=name, mean=in_minutes(found["mean_s"], lang))


def _loads(plan: Mapping[str, Any], lang: Lang) -> str:
    found = plan["measures"].get("loads")
    if not found or found["fullest_percent"] is None:
        return ""
    over = found["sites_over_capacity"]
    parts = [_against_capacity("measures.told.loads", found, plan, lang), _fullest(plan, lang)]
    parts += [text(lang, "measures.told.loads-over", count=f"{over:,}")] if over else []
    return "  ".join(part for part in parts if part)


def _fullest(plan: Mapping[str, Any], lang: Lang) -> str:
    """Return the fullest site: its share of its capacity, or both where it carries more than that."""
    with_capacity = [site for site in plan["facilities"] if site.get("capacity")]
    if not with_capacity:
        return ""
    site = max(with_capacity, key=lambda one: one["load"] / one["capacity"])
    if site["load"] > site["capacity"]:
        return _against_capacity("measures.told.loads-fullest-over", site, plan, lang, site=site["name"])
    percent = rounded(100 * site["load"] / site["capacity"], 1)
    return text(lang, "measures.told.loads-fullest", site=site["name"], percent=percent)


def _against_capacity(key: str, found: Mapping[str, Any], plan: Mapping[str, Any], lang: Lang, **named: str) -> str:
    told = {name: _amount(f"{found[name]:,}", plan["capacity_unit"], lang) for name in ("load", "capacity")}
    return text(lang, key, **told, **named)


def _amount(count: str, unit: str, lang: Lang) -> str:
    """Return so much of what a service offers: beds, people, children or sites."""
    return text(lang, f"measures.told.amount.{unit}", count=count)


def _accessibility(plan: Mapping[str, Any], lang: Lang) -> str:
    found = plan["measures"].get("accessibility")
    if not found:
        return ""
    unit = plan["capacity_unit"] if found["offer"] == "capacity" else "sites"
    figures = {name: _amount(rounded(found[f"{name}_per_1000"], 2), unit, lang) for name in ("median", "p10")}
    without = found["people_without"]
    parts = [text(lang, f"measures.told.accessibility-{found['offer']}", **figures)]
    parts += [text(lang, "measures.told.accessibility-without", people=f"{without:,}")] if without else []
    return "  ".join(parts)


def _area(found: Mapping[str, Any] | None, lang: Lang) -> str:
    return text(lang, "measures.told.area", area=f"{found['floor_area_m2']:,}") if found else ""


def _standards(found: Mapping[str, Any] | None, lang: Lang) -> str:
    counts = {name: f"{found[name]:,}" for name in ("met", "short", "unknown")} if found else {}
    return text(lang, "measures.told.standards", **counts) if counts else ""


def _elders(plan: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Return the bands of elders, each with who of them is within the limit."""
    lines = []
    for band in plan.get("by_age", ()):
        if band["group"].endswith("+"):
            group = text(lang, f"measures.group.{band['group']}")
            name = text(lang, "measures.told.age-name", group=group, minutes=f"{plan['limit_minutes']:g}")
            figures = {"within": f"{band['people_within_limit']:,}", "total": f"{band['people_total']:,}"}
            told = text(lang, "measures.told.age", **figures, mean=in_minutes(band["mean_s"], lang))
            guess = text(lang, "measures.told.age-estimated") if band["estimated"] else ""
            lines.append((name, "  ".join(part for part in (told, guess) if part)))
    return lines
