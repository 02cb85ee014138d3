"""Tables that an office edits, as files: written, changed in a spreadsheet, read again."""

from io import BytesIO
from pathlib import Path

import openpyxl

from layers.sources.tables.edited_table import AboutWords, read_edited_table
from maps.report.table_workbook import TableFacts, about_labels, about_sheets, table_workbook
from maps.table_words import table_words
from planning.tables.checking import check_table
from planning.tables.registry import TABLES

ABOUT = AboutWords(about_sheets(), about_labels())


def workbook(kind, rows=None, *, lang="zh", version=0):
    """Return a table as a workbook."""
    table = TABLES[kind]
    rows = table.defaults if rows is None else rows
    facts = TableFacts(version, table.sha_of(rows))
    return table_workbook(table, rows, facts, words=table_words(table, lang), lang=lang)


def edited(content, change):
    """Return a workbook after somebody has changed its sheets in a spreadsheet."""
    book = openpyxl.load_workbook(BytesIO(content))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def read(folder: Path, kind, content, *, name="表.xlsx", lang="zh"):
    """Return the rows of a file as they would be stored, and what it says of itself."""
    path = folder / name
    path.write_bytes(content)
    words = table_words(TABLES[kind], lang)
    found = read_edited_table(path, TABLES[kind], words=words, about=ABOUT)
    return check_table(TABLES[kind], found.given, words=words), found.says


def as_csv(kind, rows=None, *, headings=None, encoding="utf-8"):
    """Return a table as CSV."""
    table = TABLES[kind]
    names = headings or [column.name for column in table.columns]
    lines = [",".join(names)]
    lines += [",".join(str(row[column.name]) for column in table.columns) for row in rows or table.defaults]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)
