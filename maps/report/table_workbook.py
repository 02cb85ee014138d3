"""An edited table as a workbook: the rows as people write them, and a sheet that says what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from maps.catalogue import LANGS, Lang, text
from maps.report.workbook import Sheet, SheetColumn, workbook_bytes
from maps.table_words import meaning_of, title_of
from planning.tables.definition import Column, Row, TableKind
from planning.tables.words import TableWords, plain

ABOUT_FACTS = ("kind", "version")
"""What a workbook says of itself that an import asks for."""


@dataclass(frozen=True)
class TableFacts:
    """What the second sheet says of a version.

    Parameters
    ----------
    version, sha, note
    valid_from
        ``None`` for what the program comes with.
    """

    version: int
    sha: str
    valid_from: date | None = None
    note: str = ""


def table_workbook(kind: TableKind, rows: Sequence[Row], facts: TableFacts, *, words: TableWords, lang: Lang) -> bytes:
    """Return a table as an .xlsx file; the same content gives the same bytes.

    Parameters
    ----------
    kind
    rows
    facts
    words
        Headings and words of the language.
    lang
    """
    columns = [SheetColumn(words.heading(column.name), _number_format(column, lang)) for column in kind.columns]
    written = [[_cell(column, row, words) for column in kind.columns] for row in rows]
    title = title_of(kind.name, lang)
    table = Sheet(title, columns, written, has_filter=True)
    return workbook_bytes([table, _about(kind, facts, words, lang)], title=title)


def about_sheets() -> tuple[str, ...]:
    """Return what the second sheet is called, in every language."""
    return tuple(text(lang, "table.about-sheet") for lang in LANGS)


def about_labels() -> dict[str, str]:
    """Return label, as ``plain`` writes it → fact, for what an import asks for."""
    return {plain(text(lang, f"table.about.{fact}")): fact for lang in LANGS for fact in ABOUT_FACTS}


def _about(kind: TableKind, facts: TableFacts, words: TableWords, lang: Lang) -> Sheet:
    since = facts.valid_from.isoformat() if facts.valid_from else text(lang, "table.program")
    told = [
        ("title", title_of(kind.name, lang)),
        ("kind", kind.name),
        ("version", str(facts.version)),
        ("valid_from", since),
        ("note", facts.note),
        ("sha", facts.sha),
        ("how", text(lang, "table.about.how-words")),
    ]
    rows = [[text(lang, f"table.about.{name}"), value] for name, value in told]
    for column in kind.columns:
        name = text(lang, "table.about.column", name=words.heading(column.name))
        rows.append([name, meaning_of(kind, column, lang)])
    headings = [SheetColumn(text(lang, f"table.about.{name}")) for name in ("item", "content")]
    return Sheet(text(lang, "table.about-sheet"), headings, rows)


def _cell(column: Column, row: Row, words: TableWords) -> str | int | float | None:
    value = row[column.name]
    if column.is_figure or value == "":
        return value if value != "" else None
    return words.word(column.name, value)


def _number_format(column: Column, lang: Lang) -> str:
    if not column.is_figure:
        return ""
    figure = "#,##0" if not column.decimals else f"#,##0.{'#' * column.decimals}"
    if column.decimals:
        figure = "General"  # 1.2 is 1.2 and 100 is 100, with no lonely point
    return f'{figure};-{figure};"{text(lang, column.zero)}"' if column.zero else figure
