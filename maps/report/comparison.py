"""Compared schemes as a workbook: measures with definitions, differences, losers, townships, sites, places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from maps.catalogue import Lang, has_text, text
from maps.report.beside_sheets import beside_sheets
from maps.report.futures_sheets import futures_notes, futures_sheets
from maps.report.workbook import Cell, Formula, Sheet, SheetColumn, total_rows, workbook_bytes

_FIGURE, _MINUTES, _YUAN, _DEGREES = "#,##0", "0.0", "#,##0", "0.000000"
_MOVED = ("same", "gain", "lose", "newly_served", "no_longer_served", "unserved")
_TRAVEL = ("gained", "lost", "net")


def comparison_workbook(told: Mapping[str, Any], lang: Lang) -> bytes:
    """Return an .xlsx file of schemes compared; every figure is there in full, times as minutes.

    Parameters
    ----------
    told
        As ``GET /api/compare`` tells it.
    lang
    """
    book = _Book(told, lang)
    sheets = [
        book.measures(),
        *book.futures(),
        book.differences(),
        book.losers(),
        *beside_sheets(told, book.named, lang),
        book.townships(),
        book.actions(),
        book.places(),
        book.about(),
    ]
    return workbook_bytes(sheets, title=text(lang, "compare.title"))


class _Book:
    """The sheets of one comparison in one language."""

    def __init__(self, told: Mapping[str, Any], lang: Lang) -> None:
        self._told, self._lang = told, lang
        self.named = {one["key"]: f"{one['key']} {one['name']}" for one in told["schemes"]}

    def measures(self) -> Sheet:
        """Return one measure a row, one scheme a column; whoever is best by name."""
        columns = [*self._columns("measure", "unit"), *map(SheetColumn, self.named.values())]
        rows: list[list[Cell]] = []
        for row in self._told["measures"]:
            is_time = row["unit"] == "seconds"
            values = [row["values"].get(key) for key in self.named]
            unit = self._word("minutes") if is_time else text(self._lang, f"measures.unit.{row['unit']}")
            figures = [_minutes(value) if is_time else value for value in values]
            best = text(self._lang, "page.comma").join(self.named[key] for key in row["best"])
            rows.append([row["name"], unit, *figures, best, row["definition"]])
        return Sheet(self._word("measures"), [*columns, *self._columns("best", "definition")], rows)

    def differences(self) -> Sheet:
        """Return one pair a row; people of all kinds are summed by a formula."""
        columns = [
            *self._columns("from", "to"),
            *self._columns(*_MOVED, number_format=_FIGURE),
            *self._columns("together", number_format=_FIGURE),
            *self._columns(*_TRAVEL, number_format=_FIGURE),
            *self._columns("losing-places", "losing-people", "losing-elders", number_format=_FIGURE),
        ]
        rows: list[list[Cell]] = []
        for line, pair in enumerate(self._told["differences"], start=2):
            people = [pair["people"][name] for name in _MOVED]
            together = Formula(f"=SUM(C{line}:H{line})", sum(people))
            travel = [pair["person_seconds"][name] for name in _TRAVEL]
            losers = [pair["losers_sum"][name] for name in ("places", "people", "elders")]
            rows.append([*self._pair(pair), *people, together, *travel, *losers])
        return Sheet(self._word("differences"), columns, rows)

    def futures(self) -> list[Sheet]:
        """Return the sheets of the schemes' futures, none where no run of them is named."""
        futures = self._told.get("futures")
        return [] if futures is None else futures_sheets(futures, self.named, self._lang)

    def losers(self) -> Sheet:
        """Return one place a row that loses, with the sums of people and elders."""
        columns = [
            *self._columns("from", "to", "id", "place", "township"),
            *self._columns("people", "elders", number_format=_FIGURE),
            *self._columns("before", "after", "more", number_format=_MINUTES),
            *self._columns("lon", "lat", number_format=_DEGREES),
        ]
        rows = [
            [*self._pair(pair), *_place(one), one["people"], one["elders"], *self._times(one), one["lon"], one["lat"]]
            for pair in self._told["differences"]
            for one in pair["losers"]
        ]
        return self._listed("losers", columns, rows, sums=(5, 6), by=(0, 1))

    def townships(self) -> Sheet:
        """Return one township of a pair a row."""
        figures = ("people", "compared", "gain", "lose", "lose-more")
        columns = [
            *self._columns("from", "to", "township"),
            *self._columns(*figures, number_format=_FIGURE),
            *self._columns("before-mean", "after-mean", number_format=_MINUTES),
        ]
        rows: list[list[Cell]] = [
            [
                *self._pair(pair),
                one["township"],
                *(one[name.replace("-", "_")] for name in figures),
                _minutes(one["before_mean_s"]),
                _minutes(one["after_mean_s"]),
            ]
            for pair in self._told["differences"]
            for one in pair["townships"]
        ]
        return self._listed("townships", columns, rows)

    def actions(self) -> Sheet:
        """Return one site of a scheme a row, with the sum of yuan."""
        columns = [
            *self._columns("scheme", "act", "id", "site", "township"),
            *self._columns("yuan", number_format=_YUAN),
            *self._columns("floor-area", number_format=_FIGURE),
            *self._columns("year", number_format="0"),
        ]
        rows: list[list[Cell]] = [
            [
                self.named[key],
                text(self._lang, f"compare.act.{one['act']}"),
                *(one["site"], one["name"], one["township"]),
                *(one["yuan"], one.get("floor_area_m2"), one.get("year")),
            ]
            for key, done in self._told["actions"].items()
            for one in done
        ]
        return self._listed("actions", columns, rows, sums=(5,), by=(0,))

    def places(self) -> Sheet:
        """Return one place a row with its minutes under each scheme; nothing stands where nobody serves it."""
        told = self._told["places"]
        minutes = [
            SheetColumn(text(self._lang, "compare.minutes-of", scheme=name), _MINUTES) for name in self.named.values()
        ]
        columns = [
            *self._columns("id", "place", "township"),
            *self._columns("people", "elders", number_format=_FIGURE),
            *minutes,
            *self._columns("lon", "lat", number_format=_DEGREES),
        ]
        elders = told["elders"] or [None] * len(told["ids"])
        times = [[_minutes(seconds) for seconds in told["seconds"][key]] for key in self.named]
        names = (told["ids"], told["names"], told["townships"], told["people"], elders)
        rows = [list(row) for row in zip(*names, *times, told["lon"], told["lat"], strict=True)]
        return self._listed("places", columns, rows, sums=(3, 4))

    def about(self) -> Sheet:
        """Return what is compared, how good each scheme is, and what to know before relying on it."""
        told, lang = self._told, self._lang
        rows: list[Sequence[Cell]] = [
            (self._word("county"), told["county"]),
            (self._word("service"), told["service_name"]),
            (self._word("counted"), _weights(told["weights_basis"], lang)),
            *(row for one in told["schemes"] for row in self._about_scheme(one)),
            *((self._word("differs"), text(lang, f"compare.differs.{name}")) for name in told["differs"]),
            *((self._word("layer-differs"), text(lang, f"page.layer.{name}")) for name in told["versions"]["layers"]),
            *((self._word("place-lacks"), f"{one['name']} {one['id']}") for one in told["versions"]["places"]),
            *((self._word("place-counted"), f"{one['name']} {one['id']}") for one in told["versions"]["people"]),
            *((text(lang, "left-behind.note"), text(lang, f"page.note.{code}")) for code in told["notes"]),
            *(futures_notes(told["futures"], lang) if told.get("futures") else ()),
        ]
        return Sheet(self._word("about"), self._columns("item", "content"), rows)

    def _about_scheme(self, one: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
        name, verdict = self.named[one["key"]], one["verdict"]
        yield name, one["asked"]
        yield name, text(self._lang, "compare.verdict-line", words=verdict["words"], more=verdict["more"])
        yield name, text(self._lang, "compare.basis-line", reference=one["reference"], version=one["county_version"])

    def _listed(
        self,
        name: str,
        columns: list[SheetColumn],
        rows: list[list[Cell]],
        *,
        sums: Sequence[int] = (),
        by: Sequence[int] = (),
    ) -> Sheet:
        """Return a sheet that can be filtered, with totals of some columns for each kind of row."""
        totals = total_rows(rows, sums, by=by, label_at=len(by), label=self._word("total")) if sums else []
        return Sheet(self._word(name), columns, rows, has_filter=True, totals=totals)

    def _columns(self, *names: str, number_format: str = "") -> list[SheetColumn]:
        return [SheetColumn(self._word(name), number_format) for name in names]

    def _word(self, name: str) -> str:
        return text(self._lang, f"compare.word.{name}")

    def _pair(self, pair: Mapping[str, Any]) -> list[Cell]:
        return [self.named[pair["from"]], self.named[pair["to"]]]

    def _times(self, one: Mapping[str, Any]) -> list[Cell]:
        if one["after_s"] is None:
            return [_minutes(one["before_s"]), text(self._lang, "compare.no-longer"), None]
        return [_minutes(one[f"{name}_s"]) for name in ("before", "after", "more")]


def _minutes(seconds: float | None) -> float | None:
    """Return seconds as minutes, all of them: rounding is the format's matter."""
    return None if seconds is None else seconds / 60


def _place(one: Mapping[str, Any]) -> list[Cell]:
    return [one["id"], one["name"], one["township"]]


def _weights(basis: str, lang: Lang) -> str:
    key = f"planning.weights.{basis}"
    return text(lang, key) if has_text(key) else basis
