"""What an official must know of a comparison first: who is best at what, who loses, what it costs, how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.actions.report import words
from api.figures import minutes_of
from maps.catalogue import Lang, text

Told = Mapping[str, Any]
_NAMED = 3
"""Places that are named in running words; all of them stand in a table."""


def best_points(told: Told, lang: Lang) -> list[str]:
    """Return at what each scheme is the best, measure by measure, with its figure."""
    points = []
    for scheme in told["schemes"]:
        key = scheme["key"]
        won = [_won(measure, key, lang) for measure in told["measures"] if key in measure["best"]]
        if won:
            called = words.scheme_called(scheme, lang)
            points.append(text(lang, "report.point.best", scheme=called, measures=words.joined(won, lang)))
        else:
            points.append(text(lang, "report.point.best-none", scheme=words.scheme_called(scheme, lang)))
    return points


def _won(measure: Told, key: str, lang: Lang) -> str:
    figure = words.with_unit(measure["values"][key], measure, lang)
    shared = len(measure["best"]) > 1
    return text(lang, "report.point.won-shared" if shared else "report.point.won", name=measure["name"], figure=figure)


def losing_points(told: Told, lang: Lang) -> list[str]:
    """Return for each change from the first scheme who gains and who loses, the worst by name."""
    first = told["schemes"][0]["key"]
    return [losing_point(pair, told, lang) for pair in told["differences"] if pair["from"] == first]


def losing_point(pair: Told, told: Told, lang: Lang) -> str:
    """Return who gains and who loses by a change, the places that lose most by name."""
    called = words.called_by_key(told, lang)
    names = {"before": called[pair["from"]], "after": called[pair["to"]]}
    people, lost = pair["people"], pair["losers_sum"]
    counts = {"gain": f"{people['gain'] + people['newly_served']:,}"}
    counts["lose"] = f"{people['lose'] + people['no_longer_served']:,}"
    said = text(lang, "report.point.moved", **names, **counts)
    if not lost["places"]:
        return said + text(lang, "report.point.nobody-loses")
    figures = {"places": f"{lost['places']:,}", "people": f"{lost['people']:,}"}
    worst = sorted(pair["losers"], key=_by_minutes)[:_NAMED]
    named = words.joined([_loser(one, lang) for one in worst], lang)
    return said + text(lang, "report.point.lose-more", **figures, named=named)


def _by_minutes(one: Told) -> tuple[bool, int, str]:
    return (one["more_s"] is not None, -(one["more_s"] or 0), str(one["id"]))


def _loser(one: Told, lang: Lang) -> str:
    name = one["name"] or one["id"]
    name = text(lang, "report.place", place=name, township=one["township"]) if one["township"] else name
    if one["more_s"] is None:
        return text(lang, "report.point.gone", place=name)
    return text(lang, "report.point.loser", place=name, minutes=minutes_of(one["more_s"]))


def money_points(told: Told, lang: Lang) -> list[str]:
    """Return what each scheme costs and of what that consists."""
    points = []
    for scheme in _acting(told):
        actions = told["actions"][scheme["key"]]
        parts = []
        for act in dict.fromkeys(one["act"] for one in actions):
            of_kind = [one for one in actions if one["act"] == act]
            yuan = words.yuan_told(sum(one["yuan"] for one in of_kind), lang)
            told_act = text(lang, f"compare.act.{act}")
            parts.append(text(lang, "report.point.act", act=told_act, count=f"{len(of_kind):,}", yuan=yuan))
        spent = words.yuan_told(scheme["spent_yuan"], lang)
        called = words.scheme_called(scheme, lang)
        points.append(text(lang, "report.point.money", scheme=called, spent=spent, parts=words.joined(parts, lang)))
    return points


def action_points(told: Told, lang: Lang) -> list[str]:
    """Return what each scheme costs, and the names of the sites that it opens, changes and closes."""
    points = []
    for scheme, money in zip(_acting(told), money_points(told, lang), strict=True):
        actions = told["actions"][scheme["key"]]
        named = []
        for act in dict.fromkeys(one["act"] for one in actions):
            names = words.joined([one["name"] or one["site"] for one in actions if one["act"] == act], lang)
            named.append(text(lang, "report.point.named", act=text(lang, f"compare.act.{act}"), names=names))
        points.append(money + "".join(named))
    return points


def _acting(told: Told) -> list[Told]:
    return [scheme for scheme in told["schemes"] if told["actions"].get(scheme["key"]) is not None]


def proof_points(told: Told, lang: Lang) -> list[str]:
    """Return how sure each scheme is."""
    return [
        text(lang, "report.named", called=words.scheme_called(one, lang), name=words.proof_told(one, lang))
        for one in told["schemes"]
    ]
