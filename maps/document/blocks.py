"""What a document holds, in the words of its reader: every writer writes the same blocks, so that none says otherwise.

Words are plain text wherever they come from: no writer reads markup, formulas or fields in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from maps.catalogue import Lang

Look = Literal["plain", "strong", "small", "warning"]


@dataclass(frozen=True)
class Paragraph:
    """Running words."""

    words: str
    look: Look = "plain"


@dataclass(frozen=True)
class Points:
    """A list of things said one by one."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with a head that is repeated on every page.

    Parameters
    ----------
    caption
    head
    rows
        As many cells each as there are headings.
    figures
        Places of the columns that hold figures: they stand to the right.
    marked
        (row, column) of cells that are the best of their row.
    shares
        Widths of the columns beside each other; all alike if not given.
    more
        What is said below it.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()
    marked: tuple[tuple[int, int], ...] = ()
    shares: tuple[float, ...] = ()
    more: str = ""

    @property
    def widths(self) -> tuple[float, ...]:
        """Shares of the columns in the width of the table; together 1."""
        shares = self.shares or (1.0,) * len(self.head)
        return tuple(share / sum(shares) for share in shares)


@dataclass(frozen=True)
class Picture:
    """A picture that is drawn from figures.

    Parameters
    ----------
    name
        As a file, such as ``difference-today-a``.
    caption
    svg
        Its letters are text, so that they can be found and copied.
    width_mm, height_mm
        On paper.
    is_map
        Whether it is a map, which a file with a live map shows there.
    """

    name: str
    caption: str
    svg: str
    width_mm: float
    height_mm: float
    is_map: bool = True


Block: TypeAlias = Paragraph | Points | Table | Picture


@dataclass(frozen=True)
class Section:
    """A part of a document with a heading.

    Parameters
    ----------
    code
        By which a template of an office asks for it.
    title
    blocks
    level
        1, or 2 for a part of the section before it.
    """

    code: str
    title: str
    blocks: tuple[Block, ...]
    level: Literal[1, 2] = 1


@dataclass(frozen=True)
class Fact:
    """Something with a name, such as a date."""

    code: str
    name: str
    value: str


@dataclass(frozen=True)
class Document:
    """A document in the words of its reader.

    Parameters
    ----------
    title, subtitle
    county
        Name and code.
    badge
        That the data are not surveyed, where they are not; else empty.
    facts
        What stands on the cover: date, versions, basis.
    sections
    signatures
        Who signs, such as prepared by, checked by, issued by.
    signature_head
        Headings of the block of signatures: role, name, signature, date.
    page_words
        What stands at the foot of every page: date, data version, program version.
    made_on
        Year, month, day.
    lang
    """

    title: str
    subtitle: str
    county: str
    badge: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    signatures: tuple[str, ...]
    signature_head: tuple[str, ...]
    page_words: str
    made_on: tuple[int, int, int]
    lang: Lang

    def pictures(self) -> Iterator[Picture]:
        """Yield every picture once, in order."""
        seen: set[str] = set()
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Picture) and block.name not in seen:
                    seen.add(block.name)
                    yield block


@dataclass(frozen=True)
class Brief:
    """What stands of a document on one sheet of A3.

    Parameters
    ----------
    document
        Whose title, county, facts and signatures it carries.
    columns
        Blocks of each column, from the left, each with its heading.
    shares
        Widths of the columns beside each other.
    """

    document: Document
    columns: tuple[tuple[Section, ...], ...]
    shares: tuple[float, ...]
