"""Names that people tell rows apart by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from planning.tables.definition import Row, RowFault


def double_names(rows: Sequence[Row], key: str) -> Iterator[RowFault]:
    """Yield a fault for each name that a row before it has: nobody could tell the two apart.

    Parameters
    ----------
    rows
        With their names in two languages.
    key
        Column with the code of a row.
    """
    for column in ("name_zh", "name_en"):
        first: dict[str, int] = {}
        for number, row in enumerate(rows):
            name = str(row[column]).casefold()
            if name in first:
                yield RowFault("table-double-name", number, column, {"other": str(rows[first[name]][key])})
            first.setdefault(name, number)


def names_of(rows: Sequence[Row], key: str) -> Mapping[str, Mapping[str, str]]:
    """Return code → language → name.

    Parameters
    ----------
    rows
        With their names in two languages.
    key
        Column with the code of a row.
    """
    return {str(row[key]): {"zh": str(row["name_zh"]), "en": str(row["name_en"])} for row in rows}
