"""What the pages about staff show: everything in words, and what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

from api.actions.staff.reading import begin_words, end_words, moment_words, read_moment
from api.explain import explain_faults
from gis.faults import Fault
from maps.catalogue import Lang, text
from planning.incidents.staff import AREAS_OF_POST, LeaveReason, PostKind
from planning.incidents.staff_rules import Areas

_LOOKS = {"nobody-there": "bad", "no-a": "bad", "no-b": "fair", "no-stand-in": "fair", "no-account": ""}
_STATE_LOOKS = {"asked": "fair", "approved": "good", "denied": "bad", "withdrawn": ""}
MOST_GAPS = 12
"""So many are shown at the top; the counts tell of all."""


def gap_rows(found: Mapping[str, Any], lang: Lang, *, now: datetime) -> dict[str, Any]:
    """Return what is missing: counts in words, and the first by name; what is missing already is so from now on."""
    counts = [
        {"kind": kind, "word": text(lang, f"staff.gap.{kind}"), "count": count, "look": _LOOKS[kind]}
        for kind, count in found["counts"].items()
    ]
    shown = [_gap(gap, lang, moment_words(now)) for gap in found["gaps"] if gap["kind"] != "no-account"][:MOST_GAPS]
    more = sum(count for kind, count in found["counts"].items() if kind != "no-account") - len(shown)
    taken = found["taken_over"]
    told = text(lang, "staff.page.taken-over", at=taken["at"], people=taken["people"]) if taken else ""
    return {"counts": counts, "gaps": shown, "more": more, "taken_over": told}


def _gap(gap: Mapping[str, Any], lang: Lang, now: str) -> dict[str, Any]:
    first = text(lang, "staff.page.now") if gap["from"] == now else gap["from"]
    place = gap["name"] or gap["area_name"] or gap["area"] or gap["person"]
    return {
        "word": text(lang, f"staff.gap.{gap['kind']}"),
        "look": _LOOKS[gap["kind"]],
        "township": gap["township_name"] or text(lang, "staff.page.whole-county"),
        "place": place,
        "person": gap["person"],
        "days": leave_span(first, gap["until"], lang) if first else "",
    }


def span_words(first: str | None, last: str | None, lang: Lang) -> str:
    """Return a span; one without an end lasts."""
    if first is None:
        return ""
    return (
        text(lang, "staff.page.span", first=first, last=last) if last else text(lang, "staff.page.since", first=first)
    )


def leave_span(first: str, last: str | None, lang: Lang) -> str:
    """Return from when to when somebody is away, whole days as days."""
    begins, ends = read_moment(first, is_end=False), read_moment(last, is_end=False) if last else None
    return span_words(begin_words(begins) if begins else first, end_words(ends) or None, lang)


def people_rows(people: Iterable[Mapping[str, Any]], lang: Lang) -> list[dict[str, Any]]:
    """Return one row a person."""
    return [
        {
            "id": one["id"],
            "name": one["name"] or text(lang, "staff.page.erased"),
            "posts": [post_words(post, lang) for post in one["posts"] if post["holds"]],
            "tag": _duty(one, lang),
            "account": one["account"] or "",
            "is_example": one["origin"] == "reconstructed",
        }
        for one in people
    ]


def post_words(post: Mapping[str, Any], lang: Lang) -> str:
    """Return a post with its area."""
    area = post["area_name"] or post["area"]
    if post["area_kind"] == "centre":
        area = text(lang, "staff.page.centre", number=post["area"])
    named = text(lang, f"staff.post.{post['post']}")
    return text(lang, "staff.page.post", post=named, area=area) if area else named


def _duty(one: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    if one["on_duty"]:
        return {"word": text(lang, "staff.page.on-duty"), "look": "good"}
    if one["away_until"] is None:
        return {"word": text(lang, "staff.page.no-post"), "look": ""}
    until = one["away_until"] if one["away_until"] == "…" else end_words(read_moment(one["away_until"], is_end=False))
    told = text(lang, "staff.page.away") if until == "…" else text(lang, "staff.page.away-until", at=until)
    stand_in = text(lang, "staff.page.stood-in", name=one["stand_in_name"]) if one["stand_in_name"] else ""
    return {"word": told + stand_in, "look": "fair"}


def leave_rows(leaves: Iterable[Mapping[str, Any]], lang: Lang) -> list[dict[str, Any]]:
    """Return one row for each leave."""
    return [
        {
            **one,
            "days": leave_span(one["from"], one["until"], lang),
            "reason_word": text(lang, f"staff.leave-reason.{one['reason']}"),
            "state_word": text(lang, f"staff.leave-state.{one['state']}"),
            "look": _STATE_LOOKS[one["state"]],
            "may_decide": one["state"] == "asked",
            "may_withdraw": one["state"] in ("asked", "approved"),
        }
        for one in leaves
    ]


def person_shown(one: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Return one person with posts, each with its days, and leave."""
    posts = [
        {**post, "word": post_words(post, lang), "days": span_words(post["from"], post["until"], lang)}
        for post in one["posts"]
    ]
    (row,) = people_rows([one], lang)
    return {**one, **row, "posts": posts, "leave": leave_rows(one["leave"], lang)}


def cases_shown(cases: Iterable[Mapping[str, Any]], lang: Lang) -> list[dict[str, Any]]:
    """Return the cases that somebody leaves behind, each with whom it would go to."""
    return [
        {
            "id": one["id"],
            "category": text(lang, f"incident.category.{one['category']}"),
            "state": text(lang, f"incident.state.{one['state']}"),
            "due_at": one["due_at"] or "",
            "next": one["next_name"]
            or (text(lang, f"incident.level.{one['next_level']}") if one["next_level"] else ""),
            "reason": text(lang, f"incident.reason.{one['next_reason']}") if one["next_reason"] else "",
        }
        for one in cases
    ]


def choices(lang: Lang, areas: Areas) -> dict[str, Any]:
    """Return what may be chosen in the forms of posts and leave."""
    kinds = sorted({kind for known in AREAS_OF_POST.values() for kind in known})
    townships = areas.get("township", {})
    known = [*townships.items(), *areas.get("unit", {}).items()]
    return {
        "post_kinds": [(kind, text(lang, f"staff.post.{kind}")) for kind in get_args(PostKind)],
        "area_kinds": [(kind, text(lang, f"staff.area-kind.{kind}")) for kind in kinds],
        "reasons": [(one, text(lang, f"staff.leave-reason.{one}")) for one in get_args(LeaveReason) if one != "roster"],
        "known_areas": known,
        "townships": list(townships.items()),
    }


def told_by_field(faults: Sequence[Fault], lang: Lang) -> dict[str, str]:
    """Return one sentence a field of a form."""
    told: dict[str, str] = {}
    for fault, words in zip(faults, explain_faults(faults, lang), strict=True):
        sentence = " ".join(filter(None, (words["expected"], words["mend"])))
        told[fault.field] = " ".join(filter(None, (told.get(fault.field, ""), sentence)))
    return told
