"""What stands on the page of a publication, in the words of villagers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from api.actions.publications.places import minutes_of_place
from api.actions.publications.published import Published
from api.actions.publications.queue import remark_shown, subject_words
from api.figures import minutes_figure, minutes_of, rounded
from layers.records.hearings import contact_kept_until
from layers.records.publication import Publication
from maps.catalogue import Lang, has_text, text
from maps.public_page import map_data
from planning.hearing.frozen import TODAY, FrozenPlace
from planning.incidents.deadlines import CHINA_TIME

LEVELS = {"open": "good", "closed": "fair", "withdrawn": "bad"}
"""How each stage looks."""
_INSTANT = timedelta(microseconds=1)
"""Before the end of a day is its date, after it the next one's."""
_FIGURES = ("people_within_limit", "mean_s", "p95_s", "worst_s", "unreachable_people", "spent_yuan")
"""What a villager asks of a county; all other measures stand in the frozen file."""


def page_values(published: Published, *, now: datetime, lang: Lang) -> dict[str, Any]:
    """Return what is the same for every reader.

    Parameters
    ----------
    published
    now
    lang
    """
    publication, body = published.publication, published.frozen.body
    stage, service = publication.stage(now), str(body["service"][lang])
    shown = [remark_shown(published, one, lang) for one in published.remarks if one.text is not None]
    return {
        "publication": publication,
        "county": body["county"]["name"],
        "service": service,
        "stage": stage,
        "stage_level": LEVELS[stage],
        **dates_told(publication, now=now, lang=lang),
        "to_service": text(lang, "public.to-service", service=service),
        "way": text(lang, "public.way", mode=_mode(published, lang)),
        "figures": _figures(published, lang),
        "figures_basis": figures_basis(published, lang),
        "sites": _sites(published),
        "adopted": _adopted(published, lang),
        **_losers(published, lang),
        "subjects": subjects_of(published, lang),
        "kept_until": day_of(contact_kept_until(publication)),
        "remarks": [{**one, "day": day_of(datetime.fromisoformat(one["at"]))} for one in shown],
        "heard_count": text(lang, "public.heard-count", count=published.heard, shown=len(shown)),
        **_about_data(published, lang),
        "page_data": map_data(publication.slug, lang=lang, sentence=_sentences(lang), service=service),
    }


def dates_told(publication: Publication, *, now: datetime, lang: Lang) -> dict[str, str]:
    """Return when a publication was published, until when it is open, and when it was withdrawn."""
    until, last = "until" if now < publication.closes_at else "was-until", publication.closes_at - _INSTANT
    withdrawn = publication.withdrawn_at
    return {
        "published_on": text(lang, "public.published-on", day=day_of(publication.at)),
        "until": text(lang, f"public.{until}", day=day_of(last)),
        "withdrawn_on": text(lang, "public.withdrawn", day=day_of(withdrawn)) if withdrawn else "",
    }


def place_card(published: Published, place: FrozenPlace, lang: Lang, *, metres: float | None = None) -> dict[str, str]:
    """Return what changes for a place, in words.

    Parameters
    ----------
    published
    place
    lang
    metres
        How far it is from the reader, where that was asked for.
    """
    before, after = minutes_of_place(published, place)
    nowhere = text(lang, "public.nowhere")
    away = "" if metres is None else text(lang, "public.away", km=rounded(metres / 1000, 1))
    return {
        "id": place.id,
        "name": " ".join(filter(None, (place.township, place.name))),
        "away": away,
        **change_told(before.seconds, after.seconds, lang),
        "goes": text(lang, "public.goes", before=before.site or nowhere, after=after.site or nowhere),
    }


def change_told(before: int | None, after: int | None, lang: Lang) -> dict[str, str]:
    """Return a change of minutes as a sentence, by how much, and whether it is good or bad."""
    told = {
        "before": "" if before is None else minutes_of(before),
        "after": "" if after is None else minutes_of(after),
    }
    if before is None or after is None:
        code = "never" if before == after else "gained" if before is None else "lost"
        level = {"never": "bad", "gained": "good", "lost": "bad"}[code]
        return {"change": text(lang, f"public.{code}", **told), "by": "", "level": level}
    tenths = round(10 * (minutes_figure(after) - minutes_figure(before)))  # of what is shown, so that it adds up
    if tenths == 0:
        return {"change": text(lang, "public.same", **told), "by": "", "level": ""}
    by = text(lang, "public.slower" if tenths > 0 else "public.faster", minutes=f"{abs(tenths) / 10:.1f}")
    return {"change": text(lang, "public.changed", **told), "by": by, "level": "bad" if tenths > 0 else "good"}


def day_of(moment: datetime) -> str:
    """Return a day as it is in the county."""
    return f"{moment.astimezone(CHINA_TIME):%Y-%m-%d}"


def moment_of(moment: datetime) -> str:
    """Return a minute as it is in the county."""
    return f"{moment.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"


def _figures(published: Published, lang: Lang) -> list[dict[str, str]]:
    key = published.frozen.scheme
    return [
        {
            "name": str(one["name"][lang]),
            "definition": str(one["definition"][lang]),
            "before": _figure(one, TODAY, lang),
            "after": _figure(one, key, lang),
        }
        for one in published.frozen.body["measures"]
        if one["code"] in _FIGURES
    ]


def figures_basis(published: Published, lang: Lang) -> str:
    """Return whom the figures count, within which limit and on what way."""
    body = published.frozen.body
    key = f"planning.weights.{body['weights_basis']}"
    whom = text(lang, key) if has_text(key) else str(body["weights_basis"])
    if body["limit_minutes"] is None:
        return text(lang, "public.counted", whom=whom)
    limit = rounded(float(body["limit_minutes"]), 1).removesuffix(".0")
    return text(lang, "public.counted-within", whom=whom, limit=limit, mode=_mode(published, lang))


def _figure(measure: Mapping[str, Any], key: str, lang: Lang) -> str:
    value, unit = measure["values"].get(key), measure["unit"]
    if value is None:
        return "—"
    if unit == "seconds":
        return text(lang, "page.minutes", minutes=minutes_of(value))
    if unit == "yuan":
        amount = rounded(value / 10_000, 1).removesuffix(".0") if lang == "zh" else rounded(value)
        return text(lang, "public.yuan", amount=amount)
    return f"{rounded(value)} {text(lang, f'measures.unit.{unit}')}"


def _sites(published: Published) -> list[dict[str, Any]]:
    scheme = next(one for one in published.frozen.body["schemes"] if one["key"] == published.frozen.scheme)
    return [
        {
            "name": " ".join(filter(None, (site.get("township"), site["name"] or site["id"]))),
            "stands": bool(site.get("stands")),
        }
        for site in scheme["sites"]
    ]


def _losers(published: Published, lang: Lang) -> dict[str, Any]:
    frozen = published.frozen
    found = next(one for one in frozen.body["differences"] if one["to"] == frozen.scheme)["losers"]
    told = [
        {
            "name": " ".join(filter(None, (one.get("township"), one["name"]))),
            "change": change_told(one["before_s"], one["after_s"], lang)["change"],
        }
        for one in found
    ]
    people = f"{sum(one['people'] for one in found):,}"
    return {"losers": told, "losers_count": text(lang, "public.losers-count", places=len(told), people=people)}


def subjects_of(published: Published, lang: Lang) -> list[dict[str, str]]:
    """Return what a remark may be about, as a list of choices; a village joins it once it is looked up."""
    frozen = published.frozen
    named = [("scheme", "")] + [("site", id_) for id_ in frozen.sites]
    named += [("figure", str(one["code"])) for one in frozen.body["measures"] if one["code"] in _FIGURES]
    return [subject(published, kind, id_, lang) for kind, id_ in named]


def subject(published: Published, kind: str, id_: str, lang: Lang) -> dict[str, str]:
    """Return one choice of what a remark may be about."""
    name = subject_words(published, kind, id_, lang)
    of_kind = "" if kind == "scheme" else f"{text(lang, f'hearing.about.{kind}')} · "
    return {"value": f"{kind}:{id_}", "name": f"{of_kind}{name}"}


def _mode(published: Published, lang: Lang) -> str:
    scheme = next(one for one in published.frozen.body["schemes"] if one["key"] == published.frozen.scheme)
    return text(lang, f"page.mode.{scheme['mode']}")


def _adopted(published: Published, lang: Lang) -> str:
    """Return what was decided on the scheme, in a sentence; "" before."""
    made = published.adopted
    return "" if made is None else text(lang, "adopting.adopted", decision=made.decision, day=made.from_date)


def _about_data(published: Published, lang: Lang) -> dict[str, str]:
    county, body = published.frozen.body["county"], published.frozen.body
    comma = text(lang, "page.comma")
    parts = [
        f"{_word('layer', name, lang)}({comma.join(_word('field', field, lang) for field in layer['reconstructed'])})"
        for name, layer in county["layers"].items()
        if layer.get("reconstructed")
    ]
    return {
        "reconstructed": text(lang, "public.reconstructed", what=comma.join(parts)) if parts else "",
        "version": text(lang, "public.version", version=county["version"][:12], program=body["program"]),
    }


def _word(kind: str, code: str, lang: Lang) -> str:
    key = f"page.{kind}.{code}"
    return text(lang, key) if has_text(key) else code


def _sentences(lang: Lang) -> dict[str, str]:
    """Return the sentences that the map fills in."""
    names: Sequence[str] = ("changed", "same", "gained", "lost", "never")
    blank = {"before": "{before}", "after": "{after}"}
    told = {name: text(lang, f"public.{name}", **blank) for name in names}
    return {**told, "more": text(lang, "public.find")}
