"""A scenario brought onto another build of its county: what each edit and each named condition becomes, and why."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from planning.scenario.edits import (
    Adopted,
    Edit,
    NewCandidate,
    PlacePeople,
    RoadClosed,
    RoadSlowed,
    RoadSpeed,
    SiteCapacity,
    SiteStatus,
)
from planning.scenario.named import Named, RoadsNamed, SitesNamed
from planning.scenario.scenario import Scenario

Outcome = Literal["kept", "moved", "void"]


@dataclasses.dataclass(frozen=True)
class Fate:
    """What becomes of one edit, or of one condition that names a place or a township.

    Parameters
    ----------
    part
        ``edit``, or the field of the question: ``status``, ``townships``, ``sites``.
    number
        Position in its list, from 1.
    target
        What it names, as it was written.
    outcome
        ``kept``: it says the same. ``moved``: it says the same by other names. ``void``: it says nothing any more.
    reason
        Code of ``scenario.rebase.<reason>``.
    became
        Names in the new build that stand for `target`.
    """

    part: str
    number: int
    target: str
    outcome: Outcome
    reason: str
    became: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Rebased:
    """A scenario on another build, and the fate of everything that named something.

    Parameters
    ----------
    scenario
        Without what is void.
    fates
        One of each edit, and of each condition that names a place or a township.
    """

    scenario: Scenario
    fates: tuple[Fate, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many are kept, moved and void."""
        found = Counter(fate.outcome for fate in self.fates)
        return {outcome: found[outcome] for outcome in ("kept", "moved", "void")}


@dataclasses.dataclass(frozen=True, eq=False)
class CountyNames:
    """What can be named in a build of a county.

    Parameters
    ----------
    version
    sites
        Places that people live in, then the facilities that stand.
    places
        The places alone.
    roads
    townships
        As people call them.
    road_classes
        Those of the roads there are.
    """

    version: str
    sites: SitesNamed
    places: SitesNamed
    roads: RoadsNamed
    townships: frozenset[str] = frozenset()
    road_classes: frozenset[str] = frozenset()


def rebase(scenario: Scenario, old: CountyNames, new: CountyNames) -> Rebased:
    """Return the scenario as the new build understands it; nothing is computed.

    A place is the same where its id and its name are, or its name and nearly its position; a piece of road where it
    runs along the same line, in however many pieces.

    Parameters
    ----------
    scenario
    old
        The build that it is pinned to.
    new
    """
    mover = _Mover(old, new, {edit.target for edit in scenario.edits if isinstance(edit, NewCandidate)})
    edits: list[Edit] = []
    for number, edit in enumerate(scenario.edits, 1):
        edits += mover.edit(number, edit)
    conditions = scenario.question.conditions
    status = [
        (site, said)
        for number, (place, said) in enumerate(conditions.status, 1)
        for site in mover.words("status", number, place, mover.site(place))
    ]
    townships = [
        limit
        for number, limit in enumerate(conditions.townships, 1)
        if mover.words("townships", number, limit.township, mover.one_of(limit.township, new.townships, "township"))
    ]
    sites = [
        name
        for number, site in enumerate(scenario.question.sites, 1)
        for name in mover.words("sites", number, site, mover.site(site))
    ]
    changed = dataclasses.replace(conditions, status=tuple(status), townships=tuple(townships))
    question = dataclasses.replace(scenario.question, conditions=changed, sites=tuple(sorted(set(sites))))
    moved = Scenario(scenario.name, new.version, question, tuple(edits))
    return Rebased(moved, tuple(mover.fates))


class _Mover:
    """Looks up names of one build in another, and remembers what became of them."""

    def __init__(self, old: CountyNames, new: CountyNames, proposed: set[str]) -> None:
        self.old, self.new, self.proposed = old, new, proposed
        self.fates: list[Fate] = []

    def words(self, part: str, number: int, target: str, found: Named) -> tuple[str, ...]:
        """Return the names that stand for a target now, none if it is void."""
        stays = found.became == (target,)
        outcome: Outcome = "void" if not found.became else "kept" if stays else "moved"
        self.fates.append(Fate(part, number, target, outcome, found.reason, () if stays else found.became))
        return found.became

    def edit(self, number: int, edit: Edit) -> list[Edit]:
        """Return what an edit becomes: none where it is void, several where a road is cut otherwise."""
        if isinstance(edit, Adopted):
            return self._adopted(number, edit)
        find = _FINDERS.get(type(edit))
        if find is None:  # a position, a figure or an area holds in any build
            self.fates.append(Fate("edit", number, getattr(edit, "target", ""), "kept", "names-nothing"))
            return [edit]
        named: Any = edit
        became = self.words("edit", number, named.target, find(self, named.target))
        return [dataclasses.replace(named, target=target) for target in became]

    def site(self, target: str) -> Named:
        """Look up a candidate; those that the scenario itself proposes are not of the county."""
        if target in self.proposed:
            return Named((target,), "own-candidate")
        return self.new.sites.found(target, self.old.sites)

    def place(self, target: str) -> Named:
        """Look up a place that people live in."""
        return self.new.places.found(target, self.old.places)

    def road(self, target: str) -> Named:
        """Look up a road by its name, or a piece of one."""
        return self.new.roads.found(target, self.old.roads)

    def road_class(self, target: str) -> Named:
        """Look up a class of road."""
        return self.one_of(target, self.new.road_classes, "road-class")

    @staticmethod
    def one_of(target: str, known: Iterable[str], kind: str) -> Named:
        """Look up what is only called by its name."""
        return Named((target,), "same") if target in set(known) else Named((), f"no-{kind}")

    def _adopted(self, number: int, edit: Adopted) -> list[Edit]:
        """Bring an adopted scheme along site by site: one that brings its own position needs nothing of the county."""
        found = [
            Named((site.target,), "own-candidate") if site.at is not None else self.site(site.target)
            for site in edit.sites
        ]
        sites = [
            dataclasses.replace(site, target=name)
            for site, named in zip(edit.sites, found, strict=True)
            for name in named.became
        ]
        for site, named in zip(edit.sites, found, strict=True):
            if not named.became:
                self.fates.append(Fate("edit", number, site.target, "void", "adopted-site-gone"))
        before, now = (tuple(site.target for site in some) for some in (edit.sites, sites))
        outcome: Outcome = "kept" if now == before else "moved" if now else "void"
        reason = "same" if now == before else "adopted-otherwise"
        self.fates.append(Fate("edit", number, edit.target, outcome, reason, () if now == before else now))
        return [dataclasses.replace(edit, sites=tuple(sites))] if sites else []


_FINDERS: Mapping[type, Callable[[_Mover, str], Named]] = {
    SiteStatus: _Mover.site,
    SiteCapacity: _Mover.site,
    PlacePeople: _Mover.place,
    RoadClosed: _Mover.road,
    RoadSlowed: _Mover.road,
    RoadSpeed: _Mover.road_class,
}
