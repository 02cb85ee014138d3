"""A scenario: one question and ordered edits on one version of a county, named by its content."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from planning.scenario.edits import Edit, told
from planning.scenario.identity import same_figures
from planning.scenario.question import DEFAULTS, FIELDS, PlanQuestion, names_of


@dataclasses.dataclass(frozen=True)
class Scenario:
    """What somebody asks and what they assume, on the build that they look at.

    Parameters
    ----------
    name
    county_version
        The build of the county that it is about.
    question
        As it was told: what is left out is left to the service. Its own edits are not looked at.
    edits
        In the order in which they were made, for whoever reads them.
    """

    name: str
    county_version: str
    question: PlanQuestion
    edits: tuple[Edit, ...] = ()

    @property
    def asked(self) -> PlanQuestion:
        """The question with the edits, as a plan is asked; its defaults are still to come."""
        return dataclasses.replace(self.question, edits=self.edits)

    @property
    def content_id(self) -> str:
        """SHA-256 of what is asked: the same content has the same name on any machine.

        Name, owner and limits of the search are no part of it. Nor is the order of the edits, since all are resolved
        before any is applied: two orders are one scenario, as 15.0 minutes are 15.
        """
        edits = sorted(_canonical(told(edit)) for edit in self.edits)
        content = {"county_version": self.county_version, "question": told_question(self.question), "edits": edits}
        return hashlib.sha256(_canonical(content).encode("utf-8", "surrogatepass")).hexdigest()

    def body(self) -> dict[str, Any]:
        """Return what is asked as JSON: ``question`` with limits of the search, and ``edits`` in their order."""
        question = told_question(self.question) | _said(self.question, names_of("search"))
        return {"question": question, "edits": [same_figures(told(edit)) for edit in self.edits]}

    def contract(self, county: Mapping[str, Any]) -> dict[str, Any]:
        """Return the scenario as the file that another installation reads.

        Parameters
        ----------
        county
            ``name``, ``code``, ``version`` and ``layers`` (name → version), so that another one can tell.
        """
        return {"name": self.name, "county": dict(county), **self.body(), "content_id": self.content_id}


def told_question(question: PlanQuestion) -> dict[str, Any]:
    """Return a question as flat JSON, as ``POST /api/plans`` takes it, without what was not said and without edits.

    Parameters
    ----------
    question
        Limits of the search are left out; a figure that is whole is written so.
    """
    names = [name for name, asked in FIELDS.items() if asked.part != "search" and name != "edits"]
    return _said(question, names)


def _said(question: PlanQuestion, names: Any) -> dict[str, Any]:
    """Return those fields that say something: neither nothing nor what counts anyway."""
    flat = {**vars(question.conditions), **vars(question)}
    return {
        name: same_figures(_written(name, flat[name]))
        for name in names
        if flat[name] not in (None, ()) and flat[name] != DEFAULTS.get(name)
    }


def _written(name: str, value: Any) -> Any:
    """Return a field as JSON; of a list's rows too, what says nothing is left out."""
    if name == "status":
        return dict(sorted(value))
    if name == "sites":
        return list(dict.fromkeys(value))
    if name == "townships":
        return sorted((_row(one) for one in value), key=_canonical)
    if name == "rooms":
        return [{"room": row.pop("name"), **row} for row in (_row(one) for one in value)]
    return value


def _row(one: Any) -> dict[str, Any]:
    return {
        field.name: getattr(one, field.name)
        for field in dataclasses.fields(one)
        if getattr(one, field.name) != field.default
    }


def _canonical(value: Any) -> str:
    return json.dumps(same_figures(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
