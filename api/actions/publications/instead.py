"""Another site instead: what was computed for it beside the scheme that is published, read from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely

from api.actions.publications.published import Published
from api.actions.search.entries import Entry, Index, index_made
from api.actions.search.find import entries_found
from api.explain import ApiError
from layers.cache import Cache
from layers.records.files import FileStore
from planning.comparison.losers import LOSS_S
from planning.hearing.counter_file import CounterFile, read_counter_file

_FIGURES = (
    "objective",
    "bound",
    "proof",
    "worse_by",
    "least_worse_by",
    "people",
    "person_seconds",
    "losing",
    "extra_yuan",
)


def counter_file_of(published: Published, files: FileStore) -> CounterFile | None:
    """Return the counter-proposals of a publication, ``None`` while they are not there.

    Parameters
    ----------
    published
    files

    Raises
    ------
    ApiError
        503 ``counter-lost`` if their file is gone or damaged.
    """
    sha = published.publication.counter_sha
    return None if sha is None else published.lasting.get(f"counter {sha}", lambda: _read(files, sha))


def candidates_called(published: Published, file: CounterFile, text: str, *, cache: Cache) -> list[Mapping[str, Any]]:
    """Return the candidates that fit what somebody types, the best first: villages, and sites that stand today.

    Parameters
    ----------
    published
    file
    text
        A name or a part of it, the township before it, its pinyin or initials, its code.
    cache
    """
    index = published.lasting.get("counter index", lambda: _index(file, cache))
    return [file.candidates[one.id] for one in entries_found(index, text)]


def instead_told(published: Published, file: CounterFile, candidate: str) -> dict[str, Any]:
    """Return the best plan that has a candidate, beside the scheme that is published, as JSON.

    Parameters
    ----------
    published
    file
    candidate

    Returns
    -------
    dict
        ``candidate``: id, name, township and degrees; ``state``; ``is_in_scheme``; with a plan ``opens`` and
        ``closes``, sites beside those of the scheme, ``own``: seconds of the place itself before and after, ``losers``
        by name, ``yuan`` of the scheme, the figures of the file, and ``objective_unit``; else ``reasons``.

    Raises
    ------
    ApiError
        404 ``unknown-candidate``.
    """
    proposal = file.proposal(candidate)
    if proposal is None:
        raise ApiError(404, "unknown-candidate")
    opened = file.told["opened"]
    told = {
        "candidate": _site(file, candidate),
        "state": proposal["state"],
        "is_in_scheme": candidate in opened,
        "objective_unit": file.told["objective_unit"],
        "reasons": proposal.get("reasons", []),
    }
    if "opened" not in proposal:
        return told
    return told | {
        "opens": [_site(file, one) for one in proposal["opened"] if one not in opened],
        "closes": [_site(file, one) for one in opened if one not in proposal["opened"]],
        "own": _own(file, proposal, candidate),
        "losers": _losers(published, file, proposal),
        "yuan": _yuan(published),
        **{name: proposal[name] for name in _FIGURES},
    }


def _read(files: FileStore, sha: str) -> CounterFile:
    content = files.read(sha)
    if content is None:
        raise ApiError(503, "counter-lost")
    return read_counter_file(content)


def _index(file: CounterFile, cache: Cache) -> Index:
    def entry(one: Mapping[str, Any]) -> Entry:
        kind = "village" if "origin" not in one else "facility"
        return Entry(kind, str(one["id"]), str(one["name"]), shapely.Point(one["lon"], one["lat"]), one["township"])

    return index_made(map(entry, file.candidates.values()), cache)


def _site(file: CounterFile, id_: str) -> dict[str, Any]:
    one = file.candidates[id_]
    return {name: one[name] for name in ("id", "name", "township", "lon", "lat")}


def _own(file: CounterFile, proposal: Mapping[str, Any], candidate: str) -> dict[str, int | None] | None:
    """Return how long the candidate's own people take, ``None`` where it is no place with people."""
    if candidate not in file.told["demand"]:
        return None
    row = file.told["demand"].index(candidate)
    before = file.told["before_s"][row]
    return {"before_s": before, "after_s": dict(proposal["changed"]).get(row, before)}


def _losers(published: Published, file: CounterFile, proposal: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return who loses more than five minutes or is served no longer, the largest loss first, as comparisons do."""
    ids, people, before_s = (file.told[name] for name in ("demand", "people", "before_s"))
    found = []
    for row, after in proposal["changed"]:
        before = before_s[row]
        if before is None or not people[row] or (after is not None and after - before <= LOSS_S):
            continue
        place = published.frozen.place_of[ids[row]]
        named = {"id": place.id, "name": place.name, "township": place.township or None}
        found.append({**named, "people": people[row], "before_s": before, "after_s": after})
    return sorted(found, key=lambda one: _by_loss(one["people"], one["before_s"], one["after_s"]))


def _by_loss(people: int, before: int, after: int | None) -> tuple[bool, int]:
    return after is not None, -people * (1 if after is None else after - before)


def _yuan(published: Published) -> int | None:
    """Return what the scheme costs, as its frozen version says; ``None`` where that is not priced."""
    measures: Sequence[Mapping[str, Any]] = published.frozen.body["measures"]
    spent: Iterable[Any] = (
        one["values"].get(published.frozen.scheme) for one in measures if one["code"] == "spent_yuan"
    )
    return next((None if one is None else int(one) for one in spent), None)
