"""What it would take that nobody loses much: the fewest added sites, with names, yuan and proof."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.comparison.compare import place_told
from api.actions.comparison.references import FIELD, Reference
from api.actions.comparison.schemes import SchemeAtHand, schemes_of
from api.actions.plan_measured import site_told
from api.actions.recent import Recent
from api.actions.scenarios.visitor import Visitor
from gis.faults import Fault, FaultsError
from layers.matrices import content_key
from planning.comparison.losers import find_losers
from planning.comparison.made_good import MadeGood, make_good
from planning.comparison.scheme import Aligned, align
from planning.siting.spending import spent_yuan

_RECENT = 200
"""Answers held in memory, some ten kilobytes each."""
LONGEST_S = 20.0
"""So long the fewest sites may be looked for while somebody waits; then the best cover and bound so far count."""


def pair_of(who: Visitor, references: Sequence[Reference]) -> tuple[SchemeAtHand, SchemeAtHand]:
    """Return the two schemes of which losses are to be made good: from the first to the second.

    Parameters
    ----------
    who
    references

    Raises
    ------
    FaultsError
        ``compare-pair`` if there are more; else as :func:`api.actions.comparison.schemes.schemes_of`.
    """
    if len(references) != 2:
        raise FaultsError([Fault("compare-pair", field=FIELD, value=str(len(references)))])
    before, after = schemes_of(who, references)
    return before, after


def made_good(before: SchemeAtHand, after: SchemeAtHand, *, minutes: float) -> dict[str, Any]:
    """Return as :func:`seek_made_good`, found once: page and files ask for the same."""
    held: Recent[dict[str, Any]] = after.at_hand.once("made-good", lambda: Recent(_RECENT, lambda _: 1))
    told = [[one.key, one.at_hand.county.version, one.plan] for one in (before, after)]
    key = content_key("made-good", f"{minutes}", json.dumps(told, ensure_ascii=False, sort_keys=True))
    return held.get(key, lambda: seek_made_good(before, after, minutes=minutes))


def seek_made_good(before: SchemeAtHand, after: SchemeAtHand, *, minutes: float) -> dict[str, Any]:
    """Return the fewest sites to add to a scheme so that nobody loses more than so many minutes against another one.

    Parameters
    ----------
    before, after
    minutes

    Returns
    -------
    dict
        ``status`` (``optimal``: no fewer do; ``feasible``: not proven in time; ``nothing-to-add``: nobody who can be
        helped loses that much), ``count``, ``bound``, ``gap``, ``proof``, ``solver`` of the cover, which our checker
        has accepted; ``losing``: who loses that much, as losers are told; ``beyond_help``: those of them that no
        candidate is near enough to; ``added`` sites and ``yuan``, what they cost beyond the scheme;
        ``without_capacities``: whether the scheme counts what sites take, which is not counted of those added.
    """
    places = align([before.places(), after.places()])
    most_more_s = round(minutes * 60)
    found = _found(before, after, places, most_more_s=most_more_s)
    losing = [
        {**place_told(places, one.row), **one.as_dict()}
        for one in find_losers(places, before.key, after.key, more_than_s=most_more_s)
    ]
    beyond_help = set(after.built.problem.demand_ids[found.beyond_help].tolist())
    return {
        "from": before.key,
        "to": after.key,
        "minutes": minutes,
        **_claim(found),
        "losing": losing,
        "beyond_help": [one for one in losing if one["id"] in beyond_help],
        "added": _added(after, found),
        "yuan": _yuan(after, found.added),
        "without_capacities": after.counts_capacities,
    }


def _found(before: SchemeAtHand, after: SchemeAtHand, places: Aligned, *, most_more_s: int) -> MadeGood:
    """Return what it takes, row by row of the later scheme's places."""
    row_of = {str(id_): row for row, id_ in enumerate(places.ids)}
    rows = np.array([row_of[str(id_)] for id_ in after.built.problem.demand_ids], np.intp)
    return make_good(
        after.built.problem,
        _opened(after),
        before_s=places.seconds[before.key][rows],
        after_s=places.seconds[after.key][rows],
        most_more_s=most_more_s,
        time_limit_s=LONGEST_S,
    )


def _opened(scheme: SchemeAtHand) -> NDArray[np.int64]:
    ids = {site["id"] for site in scheme.plan["facilities"]}
    return np.flatnonzero([str(id_) in ids for id_ in scheme.built.problem.candidate_ids])


def _claim(found: MadeGood) -> dict[str, Any]:
    if found.cover is None:
        claim = {"status": "nothing-to-add", "bound": 0, "gap": 0.0, "proof": "enumerated", "solver": ""}
        return {**claim, "count": 0}
    solution = found.cover[1]
    told = {name: getattr(solution, name) for name in ("status", "bound", "gap", "proof", "solver")}
    return {**told, "count": len(found.added)}


def _added(scheme: SchemeAtHand, found: MadeGood) -> list[dict[str, Any]]:
    """Return the added sites, each with the places that it helps: those that have no nearer one among the added."""
    told: list[dict[str, Any]] = []
    if found.cover is None:
        return told
    cover, solution = found.cover
    for slot, row in zip(solution.opened.tolist(), found.added.tolist(), strict=True):
        helped = solution.allocation == slot
        site = site_told(scheme.built.resolved.candidates, row)
        yuan = _yuan(scheme, np.array([row]))
        told.append({**site, "places": int(helped.sum()), "people": int(cover.weights[helped].sum()), "yuan": yuan})
    return told


def _yuan(scheme: SchemeAtHand, added: NDArray[np.int64]) -> int:
    """Return what adding sites costs: opening what does not stand, less closing what then stays."""
    problem, opened = scheme.built.problem, _opened(scheme)
    return spent_yuan(problem, np.union1d(opened, added)) - spent_yuan(problem, opened)
