"""The tables of a report: every figure as the comparison tells it, written as the page writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.actions.report import words
from api.figures import minutes_of
from maps.catalogue import Lang, has_text, text
from maps.document.blocks import Table

Told = Mapping[str, Any]
ELDERS_COUNTED = ("60", "65", "80")
"""Ages in a basis that counts elders only: their number is that of the people."""


def measures_table(told: Told, lang: Lang) -> Table:
    """Return the measures of all schemes beside each other, the best of each marked."""
    schemes = told["schemes"]
    head = (*_heads(("measure", "unit"), lang), *(words.scheme_called(scheme, lang) for scheme in schemes))
    rows: list[tuple[str, ...]] = []
    marked: list[tuple[int, int]] = []
    for measure in told["measures"]:
        marked += [(len(rows), 2 + k) for k, one in enumerate(schemes) if one["key"] in measure["best"]]
        figures = [words.figure_told(measure["values"].get(one["key"]), measure["unit"]) for one in schemes]
        rows.append((_measure_name(measure, lang), words.unit_told(measure, lang), *figures))
    return Table(
        text(lang, "report.table.measures"),
        head,
        tuple(rows),
        figures=tuple(range(2, 2 + len(schemes))),
        marked=tuple(marked),
        shares=(1.9, 0.9, *(1.5,) * len(schemes)),
        more=text(lang, "report.best-is"),
    )


def _measure_name(measure: Told, lang: Lang) -> str:
    if measure["comparable"]:
        return str(measure["name"])
    return text(lang, "report.not-comparable", name=measure["name"])


def definitions_table(told: Told, lang: Lang) -> Table:
    """Return what each measure means, and whether more or less of it is better."""
    rows = tuple(
        (one["name"], one["definition"], text(lang, f"report.better.{one['better'] or 'neither'}"))
        for one in told["measures"]
    )
    head = _heads(("measure", "definition", "better"), lang)
    return Table(text(lang, "report.table.definitions"), head, rows, shares=(1.1, 3.6, 0.7))


def schemes_table(told: Told, lang: Lang) -> Table:
    """Return the schemes: what was asked, how many sites, what it costs, how far it is proven."""
    head = _heads(("scheme", "asked", "sites", "yuan", "proof"), lang)
    rows = tuple(
        (
            words.scheme_told(one, lang),
            one["asked"],
            f"{len(one['sites']):,}",
            _spent(one),
            one["verdict"]["words"],
        )
        for one in told["schemes"]
    )
    return Table(text(lang, "report.table.schemes"), head, rows, figures=(2, 3), shares=(1.3, 2.5, 0.55, 1.1, 1.0))


def _heads(names: Iterable[str], lang: Lang) -> tuple[str, ...]:
    """Return headings: those of the workbook of a comparison, and of a report where it has something else."""
    keys = ((f"compare.word.{name}", f"report.head.{name}") for name in names)
    return tuple(text(lang, shared if has_text(shared) else own) for shared, own in keys)


def _spent(scheme: Told) -> str:
    return "–" if scheme["spent_yuan"] is None else f"{scheme['spent_yuan']:,}"


def sites_table(sites: Sequence[Told], caption: str, lang: Lang) -> Table:
    """Return the sites of a plan: whom each serves and how far they come."""
    carries = any("load" in site for site in sites)
    names = ["number", "site", "township", "served", "mean", "worst", *(["load"] if carries else [])]
    rows = tuple(
        (
            str(number),
            _site_name(site, lang),
            site.get("township") or "",
            f"{site['people']:,}",
            _minutes(site["mean_s"]),
            _minutes(site["worst_s"]),
            *([_load(site)] if carries else []),
        )
        for number, site in enumerate(sites, 1)
    )
    head = _heads(names, lang)
    shares = (0.35, 1.7, 1.1, 0.9, 0.8, 0.8, *([1.0] if carries else []))
    return Table(caption, head, rows, figures=(0, *range(3, len(names))), shares=shares)


def _site_name(site: Told, lang: Lang) -> str:
    name = str(site["name"] or site["id"])
    return text(lang, "report.stands", name=name) if site.get("stands") else name


def _load(site: Told) -> str:
    if site.get("load") is None:
        return ""
    return f"{site['load']:,} / {site['capacity']:,}" if site.get("capacity") else f"{site['load']:,}"


def _minutes(seconds: float | None) -> str:
    return "–" if seconds is None else minutes_of(seconds)


def losers_table(pair: Told, told: Told, lang: Lang, *, most: int | None = None) -> Table:
    """Return who loses more than five minutes by name, the weightiest first; elders apart where all are counted.

    Parameters
    ----------
    pair
        One of the differences.
    told
    lang
    most
        Rows at most; what is left out is counted in words.
    """
    apart = pair["losers_sum"]["elders"] is not None and not _elders_only(told)
    listed = pair["losers"][:most]
    rows = tuple(_loser_row(one, lang, apart=apart) for one in listed)
    names = ["place", "township", "people", *(["elders"] if apart else []), "before", "after", "more"]
    left = len(pair["losers"]) - len(listed)
    return Table(
        text(lang, "report.table.losers", **_pair(pair, told, lang)),
        _heads(names, lang),
        rows,
        figures=tuple(range(2, len(names))),
        shares=(1.35, 1.15, *(0.95,) * (len(names) - 2)),
        more=text(lang, "report.losers-left", count=f"{left:,}") if left else "",
    )


def _elders_only(told: Told) -> bool:
    return any(age in told["weights_basis"] for age in ELDERS_COUNTED)


def _loser_row(one: Told, lang: Lang, *, apart: bool) -> tuple[str, ...]:
    gone = text(lang, "compare.no-longer")
    after = gone if one["after_s"] is None else minutes_of(one["after_s"])
    more = "–" if one["more_s"] is None else f"+{minutes_of(one['more_s'])}"
    elders = [f"{one['elders']:,}"] if apart else []
    township = one["township"] or ""
    return (one["name"] or one["id"], township, f"{one['people']:,}", *elders, minutes_of(one["before_s"]), after, more)


def _pair(pair: Told, told: Told, lang: Lang) -> dict[str, str]:
    called = words.called_by_key(told, lang)
    return {"before": called[pair["from"]], "after": called[pair["to"]]}


def townships_table(pair: Told, told: Told, lang: Lang) -> Table:
    """Return what a change means township by township."""
    names = ("township", "people", "before-mean", "after-mean", "change", "gain", "lose", "lose-more")
    rows = tuple(
        (
            one["township"] or text(lang, "report.no-township"),
            f"{one['people']:,}",
            _minutes(one["before_mean_s"]),
            _minutes(one["after_mean_s"]),
            _change(one["before_mean_s"], one["after_mean_s"]),
            *(f"{one[name]:,}" for name in ("gain", "lose", "lose_more")),
        )
        for one in pair["townships"]
    )
    return Table(
        text(lang, "report.table.townships", **_pair(pair, told, lang)),
        _heads(names, lang),
        rows,
        figures=tuple(range(1, len(names))),
        shares=(1.4, *(1.0,) * (len(names) - 1)),
    )


def _change(before: float | None, after: float | None) -> str:
    """Return minutes more or less, of the exact means: it may differ from the rounded ones by a tenth."""
    if before is None or after is None:
        return "–"
    more = after - before
    return f"{'+' if more > 0 else '−' if more < 0 else ''}{minutes_of(abs(more))}"


def pairs_table(pairs: Sequence[Told], told: Told, lang: Lang) -> Table:
    """Return what each change means for people, one row a pair."""
    apart = any(pair["losers_sum"]["elders"] is not None for pair in pairs) and not _elders_only(told)
    moved = ("gain", "same", "lose", "newly_served", "no_longer_served", "unserved")
    names = ["pair", *moved, "losing-places", "losing-people", *(["losing-elders"] if apart else [])]
    rows = []
    for pair in pairs:
        people, lost = pair["people"], pair["losers_sum"]
        counts = [people[name] for name in moved]
        counts += [lost["places"], lost["people"], *([lost["elders"]] if apart else [])]
        cells = ("–" if count is None else f"{count:,}" for count in counts)
        rows.append((text(lang, "report.pair", **_pair(pair, told, lang)), *cells))
    head = _heads(names, lang)
    shares = (2.6, *(1.0,) * (len(names) - 1))
    caption = text(lang, "report.table.pairs")
    return Table(caption, head, tuple(rows), figures=tuple(range(1, len(names))), shares=shares)


def actions_table(scheme: Told, actions: Sequence[Told], lang: Lang) -> Table:
    """Return what is to be done site by site, with its yuan and their sum, and its year where it is phased."""
    phased = any("year" in one for one in actions)
    rows = [
        (
            text(lang, f"compare.act.{one['act']}"),
            one["name"] or one["site"],
            one["township"] or "",
            *([f"{one['year']:,}" if "year" in one else ""] if phased else []),
            f"{one['yuan']:,}",
        )
        for one in actions
    ]
    total, spent = sum(one["yuan"] for one in actions), scheme["spent_yuan"]
    rows.append((text(lang, "report.total"), "", "", *([""] if phased else []), f"{total:,}"))
    return Table(
        text(lang, "report.table.actions", scheme=words.scheme_called(scheme, lang)),
        _heads(("act", "site", "township", *(["year"] if phased else []), "yuan"), lang),
        tuple(rows),
        figures=(3, 4) if phased else (3,),
        shares=(0.8, 2.0, 1.4, *([0.6] if phased else []), 1.2),
        more=text(lang, "report.priced-in-sum", yuan=f"{spent:,}") if spent not in (None, total) else "",
    )


def layers_table(layers: Mapping[str, Told], lang: Lang) -> Table:
    """Return the layers of the county: how many, which version, from where, and what of them is reconstructed."""

    def named(kind: str, code: str) -> str:
        key = f"page.{kind}.{code}"
        return text(lang, key) if has_text(key) else code

    rows = []
    for name, about in layers.items():
        made = [named("field", field) for field in about.get("reconstructed") or ()]
        told = words.joined(made, lang) or text(lang, "report.as-imported")
        rows.append((named("layer", name), f"{about['count']:,}", str(about["version"])[:12], about["source"], told))
    head = _heads(("layer", "count", "version", "source", "reconstructed"), lang)
    return Table(text(lang, "report.table.layers"), head, tuple(rows), figures=(1,), shares=(1.1, 0.7, 1.2, 1.6, 2.6))
