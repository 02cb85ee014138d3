"""How a report is made: when, by whom, on which paper, over which template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from gis.faults import Fault, FaultsError

Paper = Literal["A4", "A3"]
PAPERS: Mapping[str, Paper] = {"A4": "A4", "A3": "A3"}
TEMPLATE = Path("templates") / "report.docx"
"""Where an office puts its own template of Word, in the data folder."""
_MOST_BYTES = 20 * 2**20
"""Of a template: one with pictures of an office is a few hundred kilobytes."""


@dataclass(frozen=True)
class Making:
    """The making of a report.

    Parameters
    ----------
    now
    made_by
        Empty where that is not known.
    paper
        Of a PDF: the whole report on A4, or what is most needed on one sheet of A3.
    template
        Of a Word file; ours if not given.
    """

    now: datetime
    made_by: str = ""
    paper: Paper = "A4"
    template: bytes | None = None


def template_at(path: Path) -> bytes:
    """Return a template of Word.

    Raises
    ------
    FaultsError
        ``template-unreadable`` if there is no file, or one too large to be a template.
    """
    try:
        if path.stat().st_size <= _MOST_BYTES:
            return path.read_bytes()
    except OSError:
        pass
    raise FaultsError([Fault("template-unreadable", field="template", value=path.name)])


def office_template(data: Path) -> bytes | None:
    """Return the template that an office has put into its data folder, ``None`` where it has none."""
    return template_at(data / TEMPLATE) if (data / TEMPLATE).is_file() else None
