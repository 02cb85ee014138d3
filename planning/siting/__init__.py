"""Siting: problems, exact models, solutions and the proof that comes with them."""

from planning.siting.limits import Progress
from planning.siting.models.lscp import lscp
from planning.siting.models.mclp import mclp
from planning.siting.models.p_median import p_median
from planning.siting.models.registry import MODELS, Model
from planning.siting.problem import SitingProblem
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.verify import verify
from planning.siting.solution import Reason, Solution, relative_gap

__all__ = [
    "MODELS",
    "Certificate",
    "Model",
    "Progress",
    "Reason",
    "SitingProblem",
    "Solution",
    "lscp",
    "mclp",
    "p_median",
    "relative_gap",
    "verify",
]
