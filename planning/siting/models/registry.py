"""The models by name: one line each. A model is loaded when it is first called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import Signature, signature
from typing import Any

from planning.siting.solution import Sense, Solution


@dataclass(frozen=True, slots=True)
class Model:
    """A siting model and what it needs.

    Parameters
    ----------
    solve
        ``solve(problem, *, …needs, stop, report, time_limit_s) -> Solution``.
    needs
        Options it cannot do without: ``p`` sites, ``limit_s`` seconds, ``budget_yuan``, and for two
        tiers ``upper_p`` sites of the ``upper`` problem.
    counts
        What it does not pass over: ``capacity`` of the sites, ``yuan`` of opening, closing and extending them.
    """

    name: str
    solve: Callable[..., Solution]
    sense: Sense
    objective_unit: str
    needs: tuple[str, ...]
    counts: frozenset[str] = frozenset()

    @property
    def needs_p(self) -> bool:
        """Whether the number of sites is part of the question."""
        return "p" in self.needs

    @property
    def needs_limit(self) -> bool:
        """Whether the time limit is part of the question."""
        return "limit_s" in self.needs


class _Later:
    """A model's function, loaded when it is first called: that saves most of the start of a command."""

    def __init__(self, name: str, module: str) -> None:
        self._name, self._module = name, module

    def __call__(self, *args: Any, **options: Any) -> Solution:
        return self._load()(*args, **options)

    @property
    def __signature__(self) -> Signature:
        return signature(self._load())

    def _load(self) -> Callable[..., Solution]:
        found: Callable[..., Solution] = getattr(import_module(f"planning.siting.models.{self._module}"), self._name)
        return found


_ROOM, _MONEY = frozenset({"capacity"}), frozenset({"yuan"})

MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        Model("p-median", _Later("p_median", "p_median"), "min", "person-seconds", ("p",), _ROOM),
        Model("p-center", _Later("p_center", "p_center"), "min", "seconds", ("p",), _ROOM),
        Model("lscp", _Later("lscp", "lscp"), "min", "sites", ("limit_s",), _ROOM),
        Model("mclp", _Later("mclp", "mclp"), "max", "people", ("p", "limit_s"), _ROOM),
        Model("backup", _Later("backup", "backup"), "max", "people", ("p", "limit_s")),
        Model("capacitated", _Later("capacitated", "capacitated"), "min", "person-seconds", ("p",), _ROOM),
        Model("budget", _Later("budget", "budget"), "min", "person-seconds", ("budget_yuan",), _ROOM | _MONEY),
        Model(
            "budget-coverage",
            _Later("budget_coverage", "budget_coverage"),
            "max",
            "people",
            ("budget_yuan", "limit_s"),
            _ROOM | _MONEY,
        ),
        Model("facility-location", _Later("facility_location", "facility_location"), "min", "yuan", (), _ROOM | _MONEY),
        Model("kolm-pollak", _Later("kolm_pollak", "kolm_pollak"), "min", "scaled-cost", ("p",)),
        Model("worst-township", _Later("worst_township", "worst_township"), "min", "milliseconds", ("p",)),
        Model("hubs", _Later("hubs", "hubs"), "min", "m²", ("limit_s",), _MONEY),
        Model("two-tiers", _Later("two_tiers", "tiers"), "min", "person-seconds", ("p", "upper_p", "upper")),
    )
}
