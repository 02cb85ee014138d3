"""Ctrl-C on the command line ends a search with the best so far; a second one ends the program."""

import signal

import pytest

from api.cli.interrupted import until_interrupted


def test_the_first_one_stops_the_search_and_the_second_one_everything():
    before = signal.getsignal(signal.SIGINT)
    with until_interrupted("en") as (stop, report):
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        report({"incumbent": None, "bound": 3, "objective_unit": "sites"})
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_progress_stands_where_somebody_looks(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with until_interrupted("en") as (_, report):
        report({"incumbent": 7, "bound": 3, "objective_unit": "sites"})
    assert "best so far 7 sites, bound 3 sites" in capsys.readouterr().err
