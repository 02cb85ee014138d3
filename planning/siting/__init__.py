"""Siting: problems, exact models, solutions and the proof that comes with them.

Whatever needs a solver or the checker is loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from planning.siting.limits import Progress
from planning.siting.models.registry import MODELS, Model
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution, Tier, relative_gap
from planning.siting.spending import spent_yuan

if TYPE_CHECKING:
    from planning.siting.models.backup import backup
    from planning.siting.models.budget import budget
    from planning.siting.models.budget_coverage import budget_coverage
    from planning.siting.models.capacitated import capacitated
    from planning.siting.models.facility_location import facility_location
    from planning.siting.models.hubs import hubs
    from planning.siting.models.kolm_pollak import equivalent_s, kolm_pollak
    from planning.siting.models.lscp import lscp
    from planning.siting.models.mclp import mclp
    from planning.siting.models.p_center import p_center
    from planning.siting.models.p_median import p_median
    from planning.siting.models.two_tiers import two_tiers
    from planning.siting.models.worst_township import worst_township
    from planning.siting.proof.certificate import Certificate
    from planning.siting.proof.verify import verify

_WHERE = {
    "Certificate": "proof.certificate",
    "equivalent_s": "models.kolm_pollak",
    "verify": "proof.verify",
    **{model.file: f"models.{model.file}" for model in MODELS.values()},
}

__all__ = [
    "MODELS",
    "Certificate",
    "Model",
    "Progress",
    "Reason",
    "SitingProblem",
    "Solution",
    "Tier",
    "backup",
    "budget",
    "budget_coverage",
    "capacitated",
    "equivalent_s",
    "facility_location",
    "hubs",
    "kolm_pollak",
    "lscp",
    "mclp",
    "p_center",
    "p_median",
    "relative_gap",
    "spent_yuan",
    "two_tiers",
    "verify",
    "worst_township",
]


def __getattr__(name: str) -> Any:
    """Load what is asked for by name (PEP 562)."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
