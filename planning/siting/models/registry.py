"""The models by name: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planning.siting.models.lscp import lscp
from planning.siting.models.mclp import mclp
from planning.siting.models.p_median import p_median
from planning.siting.solution import Sense, Solution


@dataclass(frozen=True, slots=True)
class Model:
    """A siting model and what it needs.

    Parameters
    ----------
    solve
        ``solve(problem, *, …needs, stop, report, time_limit_s) -> Solution``.
    needs
        Options it cannot do without: ``p`` sites, ``limit_s`` seconds.
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
        Model("lscp", lscp, "min", "sites", ("limit_s",)),
        Model("mclp", mclp, "max", "people", ("p", "limit_s")),
    )
}
