"""The futures of schemes: from their questions to ranges, shares of pairs and how often sites are chosen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from api.actions.check_plan import asked_in
from api.actions.futures_question import FuturesRequest, SchemeTold, futures_id, rows_of
from api.actions.kept import keep, kept
from api.actions.open_county import OpenCounty
from api.actions.plan_measured import site_told
from api.actions.posed import built_at, places_of, resolved_at, times_of
from gis.faults import Fault, FaultsError
from gis.road_edits import RoadEdits
from planning.futures.assumptions import assumptions_for
from planning.futures.chosen import Chosen, FutureQuestion, choose_again
from planning.futures.draw import Future, draw_futures
from planning.futures.evaluate import Outcomes, evaluate
from planning.futures.people import Counted
from planning.futures.ranges import better_of, spread_of, versus
from planning.futures.scheme import FIGURES, FutureScheme
from planning.futures.travel import Travel, class_of_arcs
from planning.population import demand_weights
from planning.scenario.build import Built, problem_of
from planning.scenario.candidates import Candidates
from planning.scenario.question import PlanQuestion
from planning.scenario.resolve import Resolved
from planning.siting import MODELS, Solution

WORKERS = 2
"""Threads: the kernels release the interpreter, and the office's machine has two cores."""
LONGEST_SOLVE_S = 20.0
"""For one future, a hundred times what a p-median takes; its best plan then counts, and the statuses say so."""
Report = Callable[[dict[str, Any]], None]
Stop = Callable[[], bool]


def make_futures(
    at_hand: OpenCounty,
    request: FuturesRequest,
    *,
    stop: Stop = lambda: False,
    report: Report = lambda _progress: None,
    workers: int = WORKERS,
) -> dict[str, Any]:
    """Return schemes in common random futures.

    Parameters
    ----------
    at_hand
        The county that all schemes are of.
    request
    stop
        Asked often; true ends the work with the futures computed so far.
    report
        Told the step and how many are done.
    workers
        Threads; the figures do not depend on them.

    Returns
    -------
    dict
        ``kind``, ``seed``, ``count`` asked and ``computed``; ``schemes`` (key, opened); ``assumptions`` with their
        bounds; ``ranges``: key -> figure -> ``today``, ``p5``, ``median``, ``p95``, ``least``, ``most``, ``none``;
        ``pairs``: figure -> in how many futures the first is better, both are alike, the second is better;
        ``closed``: how often which road; ``resolved``: how often each candidate is chosen; ``limit``.

    Raises
    ------
    FaultsError
        If a scheme means nothing in the county any more.
    """
    known = last_futures(at_hand, request)
    if known is not None:
        return known
    county = _County(at_hand)
    schemes = [county.scheme(told) for told in request.schemes]
    futures = draw_futures(request.seed, request.count)
    try:
        with ThreadPoolExecutor(workers) as threads:
            outcomes = evaluate(schemes, futures, threads=threads, stop=stop, tell=_teller(report, "futures", futures))
            again = _resolved(county, request, futures, outcomes, _Work(threads, stop, report))
    except OverflowError:
        raise FaultsError([Fault("edit-ways-too-long", layer="edits", field="factor")]) from None
    limit = {"code": "cancelled", "params": {}} if stop() else None
    found = _view(county, request, schemes, outcomes) | {"resolved": again, "limit": limit}
    keep(at_hand.cache, "futures", _name(at_hand, request), found)
    return found


def last_futures(at_hand: OpenCounty, request: FuturesRequest) -> dict[str, Any] | None:
    """Return the answer kept for a question, ``None`` if there is none that came to its end."""
    known = kept(at_hand.cache, "futures", _name(at_hand, request))
    return known if known is not None and known["limit"] is None else None


def questions_of(at_hand: OpenCounty, schemes: Iterable[SchemeTold]) -> list[PlanQuestion]:
    """Return what schemes ask, with the defaults of the services in force."""
    return [asked_in(told.question, at_hand.tables.services) for told in schemes]


def _name(at_hand: OpenCounty, request: FuturesRequest) -> str:
    return futures_id(at_hand, request, questions_of(at_hand, request.schemes))


def _teller(report: Report, step: str, futures: Sequence[Future]) -> Callable[[int], None]:
    return lambda done: report({"step": step, "done": done, "of": len(futures)})


class _County:
    """A county from which schemes are made; those on the same roads share them."""

    def __init__(self, at_hand: OpenCounty) -> None:
        self.at_hand = at_hand
        self._travels: dict[tuple[str, RoadEdits], Travel] = {}

    def scheme(self, told: SchemeTold) -> FutureScheme:
        """Return a scheme as futures see it: nothing of it is chosen again."""
        (question,) = questions_of(self.at_hand, [told])
        resolved = resolved_at(self.at_hand, question, chooses=False)
        built = Built(resolved, problem_of(resolved, times_of(self.at_hand)), {})
        opened, sent = rows_of(built, told), np.array(told.sent, np.int64)
        allocation = np.append(opened, -1)[sent]
        solution = Solution(str(question.model), {}, "feasible", "min", "", opened=opened, allocation=allocation)
        travel = self.travel(resolved)
        return FutureScheme(
            told.key,
            built.problem,
            solution,
            self.counted(resolved),
            travel,
            self.at_hand.snap_points(resolved.candidates.positions[opened], mode=travel.mode),
            question.limit_s,
        )

    def travel(self, resolved: Resolved) -> Travel:
        """Return the roads of a question by its mode, the same object for all who share them."""
        mode = str(resolved.question.mode)
        key = mode, resolved.roads
        if key not in self._travels:
            network = self.at_hand.edited_network(mode, resolved.roads)
            _ = network.stretches_at  # found once, and handed on to the network of every future
            roads = self.at_hand.roads
            classes = roads["road_class"].astype(str).str.removesuffix("_link").to_numpy(dtype=np.object_)
            self._travels[key] = Travel(
                network,
                mode,
                class_of_arcs(classes, network.tail.size),
                len(roads),
                self.at_hand.snapped_demand(mode),
                self.at_hand.demand.index.astype(str).to_numpy(dtype=object),
            )
        return self._travels[key]

    def counted(self, resolved: Resolved) -> Counted:
        """Return whom a question counts; what its edits say of single places stays in every future."""
        base, group = resolved.question.base, resolved.group
        usual = demand_weights(resolved.people, base=base, group=group).values
        people = resolved.weights.values
        rows = np.flatnonzero(usual != people)
        told = np.column_stack([rows, people[rows]])
        return Counted(places_of(self.at_hand).people, group, base, resolved.year, told)

    def question(self, told: SchemeTold) -> tuple[Candidates, FutureQuestion]:
        """Return the question of a scheme, to be solved again."""
        (question,) = questions_of(self.at_hand, [told])
        built = built_at(self.at_hand, question)
        resolved, mode = built.resolved, str(question.mode)
        candidates = self.at_hand.snap_points(resolved.candidates.positions, mode=mode)
        solve = MODELS[str(question.model)].solve
        asked = FutureQuestion(
            built.problem, solve, built.options, self.counted(resolved), self.travel(resolved), candidates
        )
        return resolved.candidates, asked


class _Work(NamedTuple):
    """Who works, until when, and who hears of it."""

    threads: Executor
    stop: Stop
    report: Report


def _resolved(
    county: _County, request: FuturesRequest, futures: Sequence[Future], outcomes: Outcomes, work: _Work
) -> list[dict[str, Any]]:
    """Return how often each candidate is chosen; schemes that ask the same question are solved once for all."""
    if not request.resolve or work.stop():
        return []
    some, closed = futures[: request.resolve], outcomes.closed.tolist()[: request.resolve]
    asked: dict[str, list[SchemeTold]] = {}
    for told in request.schemes:
        if told.is_solved:
            asked.setdefault(json.dumps(told.question, sort_keys=True), []).append(told)
    found = []
    for same in asked.values():
        candidates, question = county.question(same[0])
        chosen = choose_again(
            question,
            some,
            closed,
            threads=work.threads,
            stop=work.stop,
            tell=_teller(work.report, "resolve", some),
            time_limit_s=LONGEST_SOLVE_S,
        )
        found.append({"keys": [told.key for told in same], **_chosen_told(chosen, candidates)})
    return found


def _chosen_told(chosen: Chosen, candidates: Candidates) -> dict[str, Any]:
    """Return how often candidates are chosen, most often first; those that never are, are left out."""
    rows = np.flatnonzero(chosen.times)
    rows = rows[np.argsort(-chosen.times[rows], kind="stable")]
    return {
        "of": chosen.of,
        "statuses": dict(sorted(chosen.statuses.items())),
        "chosen": [{**site_told(candidates, row), "times": int(chosen.times[row])} for row in rows.tolist()],
    }


def _view(
    county: _County, request: FuturesRequest, schemes: Sequence[FutureScheme], outcomes: Outcomes
) -> dict[str, Any]:
    assumed = assumptions_for(
        modes={one.travel.mode for one in schemes},
        ages=any(one.counted.ages for one in schemes),
        counts_capacity=any(one.problem.capacity is not None for one in schemes),
    )
    roads, rows = county.at_hand.roads, outcomes.closed[outcomes.closed >= 0]
    closed, times = np.unique(rows, return_counts=True)
    return {
        "kind": "futures",
        "county_version": county.at_hand.county.version,
        "seed": request.seed,
        "count": request.count,
        "computed": len(outcomes.numbers),
        "schemes": [{"key": told.key, "opened": told.opened} for told in request.schemes],
        "assumptions": [one.as_dict() for one in assumed],
        "figures": [{"code": name, "better": better_of(name)} for name in FIGURES],
        "ranges": {key: _ranges(outcomes, number) for number, key in enumerate(outcomes.keys)},
        "pairs": [_pair(outcomes, one, other) for one, other in combinations(range(len(schemes)), 2)],
        "closed": [
            {"road": str(roads.index[row]), "times": int(count)}
            for row, count in zip(closed.tolist(), times.tolist(), strict=True)
        ],
    }


def _ranges(outcomes: Outcomes, scheme: int) -> dict[str, Any]:
    found = {name: spread_of(outcomes, scheme, name) for name in FIGURES}
    return {name: spread.as_dict() for name, spread in found.items() if spread is not None}


def _pair(outcomes: Outcomes, first: int, second: int) -> dict[str, Any]:
    found = {name: versus(outcomes, first, second, name) for name in FIGURES}
    shares = {name: one.as_dict() for name, one in found.items() if one is not None}
    return {"first": outcomes.keys[first], "second": outcomes.keys[second], "figures": shares}
