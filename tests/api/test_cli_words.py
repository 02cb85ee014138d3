"""The command line speaks one language at a time, and calls things as they were typed."""

import re
import socket
import sys

import pytest
import typer.main

from api.cli.commands import app, main
from api.cli.help import option_words
from maps.catalogue import has_text

GROUP = typer.main.get_command(app)
COMMANDS = sorted(GROUP.commands)
CHINESE = re.compile(r"[一-鿿]")
# What a Chinese reader meets in Latin letters: names of programs, files and what is to be typed.
NAMES = re.compile(
    r"countygrid|county\.toml|JSON|PORT|MB|Ctrl-C|OPTIONS|COMMAND|[A-Z_]{2,}|\bN\b|\bX\b|--[\w-]+|\.npz|zh\|en"
    r"|[\w-]+(?:\|[\w-]+)+|p-median|lscp|mclp|resident|e-bike|mean-worst|NAME=\S+|127\.0\.0\.1|\bbuild\b|\bverify\b|\bplan\b"
    r"|Excel|\.jsonl|Word\b|PDF|https?\b|systemd|certificates\b|\btoday\b|\.xlsx|\.pdf|\.docx|\.html|\.zip|templates/report"
)


def call(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["countygrid", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return ended.value.code or 0, told.out, told.err


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_one_language(monkeypatch, capsys, command):
    for lang in ("zh", "en"):
        monkeypatch.setenv("COUNTYGRID_LANG", lang)
        code, out, _ = call(monkeypatch, capsys, *([command] if command else []), "--help")
        assert code == 0
        if lang == "zh":
            rest = re.sub(r"^ {2}[a-z-]+ {2,}", "", NAMES.sub("", out.partition("\n")[2]), flags=re.MULTILINE)
            assert not re.findall(r"[A-Za-z]{3,}", rest), out
        else:
            assert not CHINESE.findall(out.replace("临盘街道", "")), out


def test_the_language_may_be_asked_for_on_the_command_line(monkeypatch, capsys):
    for words in (["--lang", "en"], ["--help", "--lang", "en"], ["plan", "--help", "--lang=en"]):
        assert not CHINESE.findall(call(monkeypatch, capsys, *words)[1].replace("临盘街道", ""))


def within(group, *path):
    """Every command by its path, those within groups too."""
    for name, command in group.commands.items():
        yield "-".join([*path, name]), command
        yield from within(command, *path, name) if hasattr(command, "commands") else ()


@pytest.mark.parametrize(
    ("path", "command"), list(within(GROUP)), ids=lambda part: part if isinstance(part, str) else ""
)
def test_every_command_and_option_has_its_words(path, command):
    assert has_text(f"cli.command.{path}")
    for param in command.params:
        if param.name != "help":
            assert option_words(path, param, "zh"), f"{path} {param.name}"


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("--must", "无此村"), "--must"),
        (("--keep", "无此村"), "--keep"),
        (("--never", "无此村,东庄"), "--never"),
        (("--closable", "无此村"), "--closable"),
        (("--keep", "东庄", "--never", "东庄"), "--keep, --never"),
        (("--township", "无此镇=1"), "--township"),
        (("--township", "x"), "--township"),
        (("--p", 900), "--p"),
        (("--budget", 5), "--budget"),
        (("--model", "budget"), "--budget"),
        (("--model", "p-medium"), "--model"),
        (("--model", "capacitated"), "--capacity"),
        (("--model", "kolm-pollak", "--capacity", 5), "--capacity"),
        (("--included", 5), "--included"),
        (("--extension-cost", 5), "--extension-cost"),
        (("--split",), "--split"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fault_is_called_by_the_option_that_was_typed(monkeypatch, capsys, toy_data, words, option, lang):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    code, out, err = call(monkeypatch, capsys, "plan", "--service", "elder-centre", *words, "--lang", lang)
    assert (code, out) == (1, "")
    where = {"zh": f"[错误] {option}:", "en": f"[error] {option}: "}[lang]
    assert err.startswith(where), err
    assert not re.search(r"\b\w+_(yuan|minutes|s|km)\b", err), err
    if lang == "en":
        assert not CHINESE.findall(re.sub(r"“[^”]*”|河\S+|临盘街道\S*", "", err)), err


@pytest.mark.parametrize(
    "words",
    [
        ("--must", "无此村", "--keep", "也没有"),
        ("--model", "p-medium"),
        ("--model", "kolm-pollak", "--capacity", 5, "--budget", 7, "--split"),
        ("--township", "x"),
        ("--model", "two-tiers", "--limit", 20),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_scenario_is_refused_in_the_words_of_the_plan(monkeypatch, capsys, toy_data, words, lang):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    monkeypatch.setenv("COUNTYGRID_LANG", lang)
    refused = call(monkeypatch, capsys, "plan", "--service", "elder-centre", *words)
    assert refused[0] == 1
    assert call(monkeypatch, capsys, "scenario", "new", "甲", "--service", "elder-centre", *words) == refused


def test_a_yearly_budget_left_out_is_told_by_its_option(monkeypatch, capsys):
    code, _, err = call(monkeypatch, capsys, "phase", "--service", "hub", "--lang", "en")
    assert code == 2
    assert "--yearly is missing" in err


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        (
            "PORT",
            "abc",
            "设置 PORT 有误,现为“abc”;要求:整数",
            "Setting PORT is wrong: it is “abc”; expected: a whole number",
        ),
        ("PORT", "0", "要求:不小于 1", "expected: at least 1"),
        ("PORT", "70000", "要求:不大于 65535", "expected: at most 65535"),
        ("COUNTYGRID_TILES", "google", "可选值:none, osm, tianditu", "one of none, osm, tianditu"),
        (
            "COUNTYGRID_TILES",
            "tianditu",
            "须在 COUNTYGRID_TIANDITU_KEY 中填写密钥",
            "need a key in COUNTYGRID_TIANDITU_KEY",
        ),
    ],
)
def test_a_setting_that_makes_no_sense_is_told_in_the_language(monkeypatch, capsys, name, value, zh, en):
    monkeypatch.setenv(name, value)
    for lang, told in (("zh", zh), ("en", en)):
        monkeypatch.setenv("COUNTYGRID_LANG", lang)
        code, _, err = call(monkeypatch, capsys, "info")
        assert code == 1
        assert told in err
        assert "Input should" not in err


def test_a_port_in_use_is_told_before_anything_starts(monkeypatch, capsys, toy_data):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        code, _, err = call(monkeypatch, capsys, "serve")
    assert code == 1
    assert f"端口 {port} 已被其他程序占用" in err


def test_info_speaks_words_and_no_field_names(monkeypatch, capsys, toy_data):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    for lang, told in (("zh", "常住人口:3,900"), ("en", "residents: 3,900")):
        _, out, _ = call(monkeypatch, capsys, "info", "--lang", lang)
        assert told in out
        assert not re.findall(r"\b[a-z]+_[a-z0-9_]+\b|\b(?:registered|resident|geometry)\b(?! people)", out), out


def test_a_file_that_cannot_be_written_is_told_in_the_language(monkeypatch, capsys, toy_data, tmp_path):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    nowhere = tmp_path / "none" / "plan.json"
    for lang, told in (("zh", "没有这个文件或文件夹"), ("en", "there is no such file or folder")):
        _, _, err = call(monkeypatch, capsys, "map", nowhere, "--lang", lang)
        assert told in err
        assert "No such file or directory" not in err
