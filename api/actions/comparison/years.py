"""In which year each site of a plan opens or closes, where its asker has had it phased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.actions.scenarios.visitor import Visitor
from api.runs.view import result_of_run
from layers.records.run import Run

_LOOKED_AT = 200
"""So many of the asker's newest runs are looked through for a phasing: as many as their list shows."""


def years_of(who: Visitor, plan: Mapping[str, Any]) -> dict[str, int]:
    """Return site → year (1 for the first) of the visitor's newest phasing of just this plan; empty without one.

    Parameters
    ----------
    who
    plan
    """
    for run, _ in who.at_work.runs.recent(asked_by=who.actor.account_id, limit=_LOOKED_AT):
        found = _phased(who, run, plan)
        if found is not None:
            return {
                site: year["year"] for year in found["phasing"]["years"] for site in (*year["opened"], *year["closed"])
            }
    return {}


def _phased(who: Visitor, run: Run, plan: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the result of a run if it phases this plan."""
    is_phasing = run.kind == "study" and run.question.get("asked", {}).get("kind") == "phasing"
    if not is_phasing or run.state != "done" or run.county_version != plan["county_version"]:
        return None
    found = result_of_run(run, who.at_work.files)
    if found is None or found["plan"] is None:
        return None
    is_of_plan = all(found["plan"][name] == plan[name] for name in ("service", "model", "opened"))
    return found if is_of_plan and found["question"]["edits"] == plan["edits"] else None
