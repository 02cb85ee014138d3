"""A comparison as a file: one writer for each ending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, cast, get_args

from api.actions.comparison.compare import Compared
from api.actions.report.files import ReportEnding, report_file
from api.actions.report.making import Making
from gis.faults import Fault, FaultsError
from maps.document.html import MEDIA_TYPE as HTML_TYPE
from maps.document.pictures import MEDIA_TYPE as PICTURES_TYPE
from maps.document.word.write import MEDIA_TYPE as WORD_TYPE
from maps.report.comparison import comparison_workbook
from maps.report.place_list import MEDIA_TYPES as PLACE_LIST_TYPES

FileEnding = Literal["xlsx", "pdf", "docx", "html", "zip"]
MEDIA_TYPES: Mapping[FileEnding, str] = {
    "xlsx": PLACE_LIST_TYPES["xlsx"],
    "pdf": "application/pdf",
    "docx": WORD_TYPE,
    "html": HTML_TYPE,
    "zip": PICTURES_TYPE,
}


def _workbook(found: Compared, _making: Making) -> bytes:
    return comparison_workbook(found.told, found.lang)


def _report(ending: ReportEnding) -> Callable[[Compared, Making], bytes]:
    return lambda found, making: report_file(found.told, found.schemes[0].at_hand, ending, making, lang=found.lang)


WRITERS: Mapping[FileEnding, Callable[[Compared, Making], bytes]] = {
    "xlsx": _workbook,
    "pdf": _report("pdf"),
    "docx": _report("docx"),
    "html": _report("html"),
    "zip": _report("zip"),
}
"""What writes a comparison as a file, by its ending; ``--out`` on the command line and ``as`` in the API name it."""


def file_of(found: Compared, ending: FileEnding, making: Making) -> bytes:
    """Return a comparison as a file.

    Parameters
    ----------
    found
    ending
    making
        When, by whom, on which paper: of reports.

    Raises
    ------
    FaultsError
        As :func:`api.actions.report.files.report_file`.
    """
    return WRITERS[ending](found, making)


def ending_of(path: Path) -> FileEnding:
    """Return which kind of file a name asks for.

    Raises
    ------
    FaultsError
        ``compare-file`` if nothing writes files of its ending.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending not in get_args(FileEnding):
        known = ", ".join(f".{one}" for one in WRITERS)
        raise FaultsError([Fault("compare-file", field="out", value=path.name, params={"known": known})])
    return cast("FileEnding", ending)
