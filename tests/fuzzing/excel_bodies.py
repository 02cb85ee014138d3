"""What schemathesis sends where an Excel file is asked for: workbooks, more or less right, and bytes that are none.

Loaded by schemathesis itself, which knows no way of its own to write such a file.
"""

from __future__ import annotations

import io

import openpyxl
import schemathesis
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from api.actions.cells.attributes import CELLS
from maps.catalogue import LANGS
from maps.table_words import table_words
from planning.hearing.answers import ANSWERS
from planning.incidents.bulk.sheet import BATCH
from planning.tables import staff_leave, staff_posts
from planning.tables.definition import Column, TableKind
from planning.tables.registry import TABLES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    **{f"/api/tables/{name}.xlsx": kind for name, kind in TABLES.items()},
    "/api/cells.xlsx": CELLS,
    "/api/incidents/batch.xlsx": BATCH,
    "/api/publications/{name}/comments.xlsx": ANSWERS,
    "/api/staff/leave.xlsx": staff_leave.TABLE,
    "/api/staff/posts.xlsx": staff_posts.TABLE,
}
_ANY = st.one_of(
    st.none(),
    st.text(max_size=30).map(lambda drawn: ILLEGAL_CHARACTERS_RE.sub("", drawn)),
    st.sampled_from(["=1/0", "#REF!", "2026-02-30", "24:00", "2026-12-01 08:30", "1e309", "-0", "371424001001001"]),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(),
    st.times(),
)


@st.composite
def workbooks(draw: st.DrawFn, kind: TableKind) -> bytes:
    """Draw a workbook of a table: rows of the program, or that fit, and now and then another cell."""
    words = table_words(kind, draw(st.sampled_from(LANGS)))
    columns = [one for one in kind.columns if not draw(_RARELY)]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([words.heading(one.name) for one in columns])
    for _ in range(draw(st.integers(0, 4))):
        row = draw(st.sampled_from(kind.defaults)) if kind.defaults else {}
        sheet.append([draw(_ANY) if draw(_RARELY) else row.get(one.name, draw(_fitting(one))) for one in columns])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


_RARELY = st.integers(0, 19).map(lambda drawn: drawn == 0)


def _fitting(column: Column) -> st.SearchStrategy[object]:
    if column.choices:
        return st.sampled_from(column.choices)
    if column.is_figure:
        return st.integers(int(column.minimum), int(column.maximum))
    return st.text("县1a。", max_size=5) | _ANY


@schemathesis.hook
def flatmap_body(context: schemathesis.HookContext, body: object) -> st.SearchStrategy[object]:
    """Let what is sent to a door be a workbook of its own table, most of the time."""
    kind = KINDS.get(context.operation.path)
    if kind is None or not isinstance(body, bytes):
        return st.just(body)
    return st.one_of(workbooks(kind), workbooks(kind), st.just(body))


schemathesis.openapi.media_type(XLSX, st.binary(max_size=200) | st.binary(max_size=200).map(b"PK\x03\x04".__add__))
