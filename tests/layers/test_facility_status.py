"""Whether a facility stands, in the words of offices: read and told, or refused; never dropped in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.faults import errors
from layers.county_spec import LayerSpec
from layers.sources.importing import import_layer
from layers.sources.tables.status_words import STATUS_WORDS

WORDS = [(word, status) for status, words in STATUS_WORDS.items() for word in (status, *words)]


def facilities(path: Path, statuses: list[str], **options: object):
    header = "id,name,kind,lon,lat,status"
    rows = [f"F{k},敬老院{k},elder-home,116.9{k % 10},37.2,{status}" for k, status in enumerate(statuses)]
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return import_layer(LayerSpec("facilities", path, **options))  # type: ignore[arg-type]


def test_words_of_offices_say_what_stands(tmp_path):
    layer, faults = facilities(tmp_path / "a.csv", [word for word, _ in WORDS])
    assert layer.frame["status"].tolist() == [status for _, status in WORDS]
    assert not errors(faults)
    assert "words-read" in {fault.code for fault in faults}


@pytest.mark.parametrize("written", [" Open ", "ＯＰＥＮ", "在用", "OPERATIONAL"])
def test_width_case_and_blanks_do_not_matter(written, tmp_path):
    layer, _ = facilities(tmp_path / "a.csv", [written])
    assert layer.frame["status"].tolist() == ["existing"]


def test_a_blank_stands_as_without_the_column(tmp_path):
    layer, faults = facilities(tmp_path / "a.csv", ["", "planned", "-"])
    assert layer.frame["status"].tolist() == ["", "planned", ""]
    assert not errors(faults)


def test_every_word_that_is_not_known_is_told_with_its_row_and_the_county_file_may_say_what_it_means(tmp_path):
    written = ["existing", "二期", "现有", "Q3", "二期"]
    _, faults = facilities(tmp_path / "a.csv", written)
    told = {(fault.value, fault.row, fault.params["count"]) for fault in errors(faults)}
    assert told == {("二期", 3, 2), ("Q3", 5, 1)}
    layer, faults = facilities(tmp_path / "a.csv", written, words={"status": {"二期": "planned", "Q3": "existing"}})
    assert layer.frame["status"].tolist() == ["existing", "planned", "existing", "existing", "planned"]
    assert not errors(faults)
