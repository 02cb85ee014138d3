"""The question of a run, from what is stored of it: whichever kind of question it is."""

from __future__ import annotations

from collections.abc import Mapping

from api.explain import ApiError
from api.runs import counter_asked, futures_asked
from api.runs.asked import Asked, PlanOf, plan_asked, plan_shown, study_asked
from api.runs.plan_body import PlanBody
from api.runs.study_body import StudyBody
from layers.records.run import Run
from planning.services import Service


def asked_again(run: Run, plan_of: PlanOf, services: Mapping[str, Service], read: counter_asked.Read) -> Asked:
    """Return the question of a run, from what is stored of it.

    Parameters
    ----------
    run
    plan_of
        Asked for the plan that a study names.
    services
        In force where the run is computed.
    read
        Asked for the files of the plan that counter-proposals are of.

    Raises
    ------
    ApiError
        409 ``run-outdated`` if this edition of the program does not know such a question.
    """
    told = run.question.get("asked")
    try:
        if run.kind == "plan":
            return plan_asked(PlanBody.model_validate(told), services)
        if run.kind == futures_asked.KIND:
            return futures_asked.futures_again(told)
        if run.kind == counter_asked.KIND:
            return counter_asked.counter_again(told, read)
        body = StudyBody.model_validate(told)
        return study_asked(body, plan_shown(body, plan_of), services)
    except ValueError as error:
        raise ApiError(409, "run-outdated") from error
