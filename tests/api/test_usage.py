"""A command line that cannot be understood is told in both languages, exit 2, without a trace."""

import sys

import pytest

from api.cli.commands import main


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ("plan --service hub --p 0", "--p 的值有误,要求:不小于 1", "The value of --p is wrong; expected: at least 1"),
        ("plan --service hub --p x", "要求:整数", "expected: a whole number"),
        ("plan --service hub --limit 601", "要求:不大于 600", "expected: at most 600"),
        ("plan --service hub --pp 3", "没有选项 --pp。\n相近的:", "There is no option --pp.\nSimilar: "),
        ("plan", "缺少 --service。", "--service is missing."),
        ("plan --service hub --p", "--p 后面要写值", "--p needs a value after it"),
        ("plan --service hub --split=3", "--split 后面不写值", "--split takes no value"),
        ("plan --service hub one two", "多余的内容:one two", "Too many words: one two"),
    ],
)
def test_what_is_wrong_and_what_is_expected_is_told(words, zh, en, monkeypatch, capsys):
    command, *rest = words.split(" ", 1)
    for given, told in ((words, zh), (" ".join([command, "--lang en", *rest]), en)):
        monkeypatch.setattr(sys, "argv", ["countygrid", *given.split()])
        with pytest.raises(SystemExit) as ended:
            main()
        error = capsys.readouterr().err
        assert ended.value.code == 2
        assert told in error
        assert "countygrid plan --help" in error
        assert "Traceback" not in error


def test_an_unknown_command_is_told_and_a_refusal_keeps_its_exit_code(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["countygrid", "plann"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert "没有命令 plann。\n相近的:plan" in error
    assert "No such" not in error
    monkeypatch.setattr(sys, "argv", ["countygrid", "verify", str(tmp_path / "none.json")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
