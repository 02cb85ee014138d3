"""The plan file: a plan with everything that a stranger needs to check it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Unpack

from api.actions.open_county import OpenCounty
from api.explain import ApiError
from layers.matrices import content_key
from planning.scenario.placed import AS_PLACED
from planning.siting import SitingProblem, Solution
from planning.siting.proof.claim import Sides, claim_of


def plan_file(at_hand: OpenCounty, made: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan with its ``claim``: matrix, weights, rules, certificate, and a seal over all the rest.

    Parameters
    ----------
    at_hand
    made
        From :func:`api.actions.plan.make_plan`.

    Raises
    ------
    ApiError
        404 ``claim-gone`` when the cache was emptied since; 409 ``plan-claims-nothing`` for a plan of named sites.
    """
    if made["status"] == AS_PLACED:
        raise ApiError(409, "plan-claims-nothing")
    content = claim_content(at_hand, made)
    if content is None:
        raise ApiError(404, "claim-gone")
    return with_claim(made, content)


def with_claim(made: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    """Return the plan file of a plan and of the content of its claim."""
    plan = {name: value for name, value in made.items() if name != "claim_id"}
    return {**plan, "claim": {**json.loads(content), "seal": seal(plan)}}


def claim_content(at_hand: OpenCounty, made: Mapping[str, Any]) -> bytes | None:
    """Return what checking a plan needs as it is kept, ``None`` if the cache was emptied since."""
    return at_hand.cache.read(_claim_name(made))


def seal(plan: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a plan without its claim: it shows a changed name or note, and proves nothing."""
    rest = {name: value for name, value in plan.items() if name != "claim"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def keep_claim(at_hand: OpenCounty, problem: SitingProblem, solution: Solution, **sides: Unpack[Sides]) -> str:
    """Keep what checking a plan needs, and return its name: the hash of its content."""
    text = json.dumps(claim_of(problem, solution, **sides), ensure_ascii=False, separators=(",", ":"))
    name = content_key(text)
    at_hand.cache.write(_claim_name({"claim_id": name}), text.encode("utf-8", "surrogatepass"))
    return name


def has_claim(at_hand: OpenCounty, made: Mapping[str, Any]) -> bool:
    """Whether what checking a kept plan needs is still there, and sound."""
    return at_hand.cache.has(_claim_name(made))


def _claim_name(made: Mapping[str, Any]) -> str:
    return f"claim-{made.get('claim_id', 'none')}.json"
