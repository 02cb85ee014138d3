"""A minimal conflict in words that an official can act on: codes with figures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.conflict.figures import Figures
from planning.siting.engine.linear.compact import CompactQuestion, Part, Parts, compile_program
from planning.siting.engine.linear.search import solve_question
from planning.siting.limits import Limits
from planning.siting.solution import Reason

SIDES = frozenset({Part("fewest"), Part("most-sites")})


def reasons_of(asked: CompactQuestion, conflict: Parts, limits: Limits) -> tuple[Reason, ...]:
    """Return the reasons that a conflict consists of.

    Figures are those of the whole question, as far as counting shows them; else HiGHS works them out.
    Where it does not get there within the limits, the reason comes without its figure.
    """
    return tuple(_Wording(asked, conflict, limits).reasons())


class _Wording:
    def __init__(self, asked: CompactQuestion, conflict: Parts, limits: Limits) -> None:
        self.asked, self.conflict, self.limits = asked, conflict, limits
        self.everything = frozenset(asked.parts())
        self.figures = Figures(asked, self.everything)

    def reasons(self) -> Iterator[Reason]:
        """Yield every reason once, what is asked of the sites first."""
        problem, kinds = self.asked.problem, {part.kind for part in self.conflict}
        kept = sorted(part.of for part in self.conflict if part.kind == "keep")
        if kinds == {"apart", "keep"} and len(kept) == 2:
            metres = {"separation_m": problem.rules.separation_m}
            yield Reason("kept-too-near", {"ids": problem.candidate_ids[kept].tolist(), **metres})
            return
        yield from self._townships()
        if self.conflict & SIDES:
            yield self._number()
        if kept:
            yield Reason("must-open", {"ids": problem.candidate_ids[kept].tolist(), "count": len(kept)})
        if "apart" in kinds:
            yield Reason("too-near", {"separation_m": problem.rules.separation_m})
        yield from self._times(kinds)
        if "capacity" in kinds:
            yield self._beds()
        if "minimum" in kinds:
            short = self.figures.loads_short()
            yield Reason("load-short", {"short": short}) if short else Reason("minimum-loads", {})
        if "budget" in kinds:
            yield self._budget()
        barred = sorted(part.of for part in self.conflict if part.kind == "bar")
        if barred:
            yield Reason("excluded-sites", {"ids": problem.candidate_ids[barred].tolist(), "count": len(barred)})

    def _townships(self) -> Iterator[Reason]:
        rules, figures = self.asked.problem.rules, self.figures
        for part in sorted(self.conflict):
            name = {"township": str(rules.townships[part.of])} if part.kind in {"least", "most"} else {}
            if part.kind == "least":
                asks, there = int(rules.least[part.of]), int(figures.in_usable[part.of])
                short = {"candidates": there} if there < asks else {}
                yield Reason("township-short" if short else "township-least", {**name, "least": asks, **short})
            elif part.kind == "most":
                allows, there = int(rules.most[part.of]), int(figures.in_kept[part.of])
                over = {"kept": there} if there > allows else {}
                yield Reason("township-over" if over else "township-most", {**name, "most": allows, **over})

    def _number(self) -> Reason:
        asked, sides = {"p": self.asked.p}, self.conflict & SIDES
        if sides == SIDES:
            return Reason("sites-not-possible", asked)
        few = Part("most-sites") in sides
        p = self.asked.p or 0
        counted = self.figures.needed() if few else self.figures.most
        if not (counted > p if few else counted < p):
            best = self._best(np.full(len(self.figures.of), 1 if few else -1), without=SIDES)
            if best is None:
                return Reason("sites-not-possible", asked)
            counted = abs(best)
        return (
            Reason("sites-too-few", {**asked, "needed": counted})
            if few
            else Reason("sites-too-many", {**asked, "possible": counted})
        )

    def _times(self, kinds: set[str]) -> Iterator[Reason]:
        ids = self.asked.problem.demand_ids
        if "everyone" in kinds:
            alone = Figures(self.asked, self.everything - {Part("max-time"), Part("limit")} | {Part("everyone")})
            cut = ids[alone.cut_off()].tolist()
            yield Reason("nobody-reaches", {"ids": cut, "count": len(cut)}) if cut else Reason("everyone-served", {})
        cut = ids[self.figures.cut_off()].tolist()
        whom = {"ids": cut, "count": len(cut)}
        if "max-time" in kinds:
            yield Reason("max-time", {"max_time_s": self.asked.problem.max_time_s, **whom})
        if "limit" in kinds:
            yield Reason("limit-short", {"limit_s": self.asked.limit_s, **whom})

    def _beds(self) -> Reason:
        short, capacity = self.figures.beds_short(), self.asked.problem.capacity
        if short or capacity is None:
            return Reason("beds-short", {"short": short})
        program = compile_program(self.asked, self.conflict, partly=True)
        question = program.costing(0, -capacity.loads[program.points])
        answer = solve_question(question, self.limits, whole=program.whole)
        total = int(capacity.loads[self.asked.served].sum())
        if not answer.done or answer.values is None or self.asked.divided:
            return Reason("capacity-tight", {})
        short = total + question.value(answer.values)
        return Reason("beds-short", {"short": short}) if short > 0 else Reason("capacity-tight", {})

    def _budget(self) -> Reason:
        budget, short = self.asked.budget or 0, self.figures.yuan_short()
        if not short:
            yuan, rest = self.asked.yuan()
            least = self._best(yuan, without=frozenset({Part("budget")}))
            short = 0 if least is None else least + rest - budget
        return Reason(
            "budget-short" if short > 0 else "budget", {"budget": budget, **({"short": short} if short > 0 else {})}
        )

    def _best(self, costs: NDArray[np.int64], *, without: Parts) -> int | None:
        """Return the least cost of sites under all other parts, or, if those are impossible too, of the conflict."""
        for parts in (self.everything, self.conflict):
            program = compile_program(self.asked, parts - without)
            question = program.costing(costs)
            answer = solve_question(question, self.limits, whole=program.whole)
            if answer.done and answer.values is not None:
                return question.value(answer.values)
        return None
