"""Remarks as a table that goes out to Excel and comes back: what they say stays, state and answer may change."""

from __future__ import annotations

from planning.tables.definition import Column, TableKind

MOST_ROWS = 5_000
"""In one file: what an office answers in some days; more are narrowed by a filter and answered in several files."""
MOST_ANSWER_CHARACTERS = 2_000
_LONGEST_TEXT = 4_000
"""Of what is only shown: a remark with its hidden parts is never longer."""

READ_ONLY = ("at", "about", "village", "channel", "stance", "text")
"""Columns that say what a remark is: a file in which they were changed is refused."""

ANSWERS = TableKind(
    name="remark-answers",
    columns=(
        Column("remark", "text", characters=32),
        Column("version", "whole", minimum=1, maximum=1_000_000),
        *(Column(name, "text", characters=_LONGEST_TEXT, is_optional=True) for name in READ_ONLY),
        Column("state", "choice", choices=("new", "accepted", "hidden"), words="hearing.state"),
        Column("answer", "text", characters=MOST_ANSWER_CHARACTERS, is_optional=True),
    ),
    key=("remark",),
    defaults=(),
    noun="hearing",
    may_grow=True,
    most_rows=MOST_ROWS,
)
"""Neither names nor telephone numbers are among the columns."""
