"""The models by name: one line each. A model and its statement are loaded when they are first called.

A line holds all that other rooms know of a model, so that none of them asks for it by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import Signature, signature
from typing import Any

from planning.siting.payments import Payments
from planning.siting.solution import Sense, Solution


@dataclass(frozen=True, slots=True)
class Model:
    """A siting model, what it needs, and what it can count.

    Its formulation stands at the head of its file in this folder, and what its certificates prove (with the price
    rule of each) in the file of the same name in ``proof/statements``.

    Parameters
    ----------
    solve
        ``solve(problem, *, …needs, stop, report, time_limit_s) -> Solution``.
    needs
        Options it cannot do without: ``p`` sites, ``limit_s`` seconds, ``budget_yuan``, and for two
        tiers ``upper_p`` sites of the ``upper`` problem.
    counts
        What it does not pass over: ``capacity`` of the sites, ``yuan`` of opening, closing and extending them.
    only_with
        What a question must have for it to make sense: a ``capacity`` of sites, or a service with ``rooms``.
    with_capacity
        The model that answers the same question where sites have a capacity; empty if it does so itself, or nobody.
    tier_above
        The model that the tier above would be asked by alone; empty where there is one tier.
    payments
        What each person pays at each site, where everyone goes to the nearest and nothing else counts.
    quick
        Whether most questions about a county are proven within a second or two.
    long
        Why it takes long, in any county; empty if it does not.
    """

    name: str
    solve: Callable[..., Solution]
    sense: Sense
    objective_unit: str
    needs: tuple[str, ...]
    counts: frozenset[str] = frozenset()
    only_with: frozenset[str] = frozenset()
    with_capacity: str = ""
    tier_above: str = ""
    payments: Callable[..., Payments] | None = None
    quick: bool = False
    long: str = ""

    @property
    def needs_p(self) -> bool:
        """Whether the number of sites is part of the question."""
        return "p" in self.needs

    @property
    def needs_limit(self) -> bool:
        """Whether the time limit is part of the question."""
        return "limit_s" in self.needs

    @property
    def file(self) -> str:
        """What the model's file, its function and the file of its statement are called."""
        return _file_of(self.name)

    def asked(self, options: Mapping[str, int]) -> Solution:
        """Return the answer to a question before anything is known: that there is no plan."""
        return Solution(self.name, options, "infeasible", self.sense, self.objective_unit)


class _Later:
    """A function of a model's file, loaded when it is first called: that saves most of the start of a command."""

    def __init__(self, name: str, function: str) -> None:
        self._file, self._function = _file_of(name), function

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self._load()(*args, **options)

    @property
    def __signature__(self) -> Signature:
        return signature(self._load())

    def _load(self) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(import_module(f"planning.siting.models.{self._file}"), self._function)
        return found


def _file_of(name: str) -> str:
    return name.replace("-", "_")


def _model(name: str, sense: Sense, unit: str, needs: tuple[str, ...], *, nearest: bool = False, **facts: Any) -> Model:
    """Return a model whose function is called as its file is."""
    pays = _Later(name, "payments") if nearest else None
    return Model(name, _Later(name, _file_of(name)), sense, unit, needs, payments=pays, **facts)


_TIERS = ("p", "upper_p", "upper")
_ROOM, _MONEY, _ROOMS = frozenset({"capacity"}), frozenset({"yuan"}), frozenset({"rooms"})
_TRAVEL: tuple[Sense, str] = ("min", "person-seconds")

MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        _model("p-median", *_TRAVEL, ("p",), counts=_ROOM, with_capacity="capacitated", nearest=True, quick=True),
        _model("p-center", "min", "seconds", ("p",), counts=_ROOM, nearest=True, quick=True),
        _model("lscp", "min", "sites", ("limit_s",), counts=_ROOM, nearest=True, quick=True),
        _model("mclp", "max", "people", ("p", "limit_s"), counts=_ROOM, nearest=True, quick=True),
        _model("backup", "max", "people", ("p", "limit_s"), quick=True),
        _model("capacitated", *_TRAVEL, ("p",), counts=_ROOM, only_with=_ROOM),
        _model("budget", *_TRAVEL, ("budget_yuan",), counts=_ROOM | _MONEY, quick=True),
        _model("budget-coverage", "max", "people", ("budget_yuan", "limit_s"), counts=_ROOM | _MONEY),
        _model("facility-location", "min", "yuan", (), counts=_ROOM | _MONEY),
        _model("kolm-pollak", "min", "scaled-cost", ("p",), nearest=True, quick=True),
        _model("worst-township", "min", "milliseconds", ("p",), long="rarely proven before its time is up"),
        _model("hubs", "min", "m²", ("limit_s",), counts=_MONEY, only_with=_ROOMS, long="sites and area at once"),
        _model("two-tiers", *_TRAVEL, _TIERS, tier_above="p-median", long="rooms and centres at once"),
    )
}
