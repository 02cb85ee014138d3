"""Siting: problems, exact models, solutions and the proof that comes with them."""

from planning.siting.certificate import Certificate
from planning.siting.limits import Progress
from planning.siting.lscp import lscp
from planning.siting.mclp import mclp
from planning.siting.models import MODELS, Model
from planning.siting.p_median import p_median
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution, relative_gap
from planning.siting.verify import verify

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
