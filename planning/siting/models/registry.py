"""The models by name: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planning.siting.models.backup import backup
from planning.siting.models.budget import budget
from planning.siting.models.budget_coverage import budget_coverage
from planning.siting.models.capacitated import capacitated
from planning.siting.models.hubs import hubs
from planning.siting.models.kolm_pollak import kolm_pollak
from planning.siting.models.lscp import lscp
from planning.siting.models.mclp import mclp
from planning.siting.models.p_center import p_center
from planning.siting.models.p_median import p_median
from planning.siting.models.tiers import two_tiers
from planning.siting.models.worst_township import worst_township
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
    """

    name: str
    solve: Callable[..., Solution]
    sense: Sense
    objective_unit: str
    needs: tuple[str, ...]

    @property
    def needs_p(self) -> bool:
        """Whether the number of sites is part of the question."""
        return "p" in self.needs

    @property
    def needs_limit(self) -> bool:
        """Whether the time limit is part of the question."""
        return "limit_s" in self.needs


MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        Model("p-median", p_median, "min", "person-seconds", ("p",)),
        Model("p-center", p_center, "min", "seconds", ("p",)),
        Model("lscp", lscp, "min", "sites", ("limit_s",)),
        Model("mclp", mclp, "max", "people", ("p", "limit_s")),
        Model("backup", backup, "max", "people", ("p", "limit_s")),
        Model("capacitated", capacitated, "min", "person-seconds", ("p",)),
        Model("budget", budget, "min", "person-seconds", ("budget_yuan",)),
        Model("budget-coverage", budget_coverage, "max", "people", ("budget_yuan", "limit_s")),
        Model("kolm-pollak", kolm_pollak, "min", "scaled-cost", ("p",)),
        Model("worst-township", worst_township, "min", "milliseconds", ("p",)),
        Model("hubs", hubs, "min", "m²", ("limit_s",)),
        Model("two-tiers", two_tiers, "min", "person-seconds", ("p", "upper_p", "upper")),
    )
}
