"""Where the service listens and what it is called; other machines are never served in the open."""

from __future__ import annotations

import socket
import sys
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from api.authority import make_certificate
from api.cli.commands import main
from api.explain import ApiError
from api.host_names import asked_name, canonical_name, web_address
from api.listening import host_names, refuse_unsafe, shown_address
from api.settings import Settings
from gis.faults import FaultsError


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"), ["grid.office", "10.0.0.9"], now=datetime.now(UTC)).files


@pytest.fixture
def pair(office):
    return {"cert": office.server, "key": office.server_key}


def refused(**settings):
    with pytest.raises(ApiError) as told:
        refuse_unsafe(Settings(**settings))
    return told.value.code


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "2001:db8::1", "169.254.1.1"])
def test_beyond_this_machine_needs_a_certificate_or_a_named_proxy(host, pair):
    assert refused(host=host) == "open-door"
    assert refused(host=host, hosts="grid.office") == "open-door"
    free_of_ports = patch("api.listening.refuse_taken_port")  # whether the address is this machine's comes later
    for safe in ({"proxy": "10.0.0.1"}, pair):
        with free_of_ports:
            refuse_unsafe(Settings(host=host, hosts="grid.office", **safe))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", ""])
def test_this_machine_needs_neither(host):
    refuse_unsafe(Settings(host=host, PORT=free()))


def free():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def test_what_makes_no_sense_together_is_told(pair, office):
    assert refused(cert=pair["cert"]) == "key-missing"
    assert refused(key=pair["key"]) == "certificate-missing"
    assert refused(redirect_port=8080) == "redirect-without-https"
    assert refused(**pair, PORT=8080, redirect_port=8080) == "same-ports"
    assert refused(host="0.0.0.0", proxy="10.0.0.1") == "no-host-names"
    assert refused(host="192.0.2.7", **pair) == "address-elsewhere"
    with pytest.raises(FaultsError):
        refuse_unsafe(Settings(cert=office.server, key=office.authority_key))


def test_both_ports_must_be_free(pair):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert refused(**pair, PORT=free(), redirect_port=port) == "port-taken"


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_a_port_of_ipv6_is_tried_too():
    with socket.socket(socket.AF_INET6) as taken:
        taken.bind(("::1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert refused(host="::1", PORT=port) == "port-taken"
    refuse_unsafe(Settings(host="::1", PORT=port))


@pytest.mark.parametrize(
    ("settings", "with_pair", "names", "address"),
    [
        ({}, False, ("127.0.0.1",), "http://127.0.0.1:8000"),
        ({}, True, ("127.0.0.1", "grid.office", "10.0.0.9"), "https://127.0.0.1:8000"),
        ({"host": "10.0.0.9"}, True, ("10.0.0.9", "grid.office"), "https://10.0.0.9:8000"),
        ({"host": "10.0.0.9", "PORT": 443}, True, ("10.0.0.9", "grid.office"), "https://10.0.0.9"),
        ({"host": "0.0.0.0"}, True, ("grid.office", "10.0.0.9"), "https://grid.office:8000"),
        ({"host": "0.0.0.0", "hosts": "A.b, [FD00::1]"}, True, ("a.b", "fd00::1"), "https://a.b:8000"),
        ({"host": "fd00::1", "proxy": "fd00::2"}, False, ("fd00::1",), "http://[fd00::1]:8000"),
        ({"hosts": "grid.office"}, False, ("grid.office",), "http://127.0.0.1:8000"),
    ],
)
def test_what_it_is_called(pair, settings, with_pair, names, address):
    made = Settings(**settings, **(pair if with_pair else {}))
    assert host_names(made) == names
    assert shown_address(made) == address


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Grid.Office", "grid.office"),
        ("grid.office.", "grid.office"),
        (" 10.0.0.1 ", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("[FD00:0::1]", "fd00::1"),
        ("临邑.中国", "xn--miqv13n.xn--fiqs8s"),
        ("a_b", "a_b"),
        ("", ""),
        ("*", ""),
        ("*.office", ""),
        ("grid.office:8000", ""),
        ("https://grid.office", ""),
        ("grid office", ""),
        ("10.0.0.300", ""),
        ("10.0.0", ""),
        ("a..b", ""),
        ("-a", ""),
        ("a" * 64, ""),
        ("a." * 130, ""),
    ],
)
def test_a_name_has_one_form(words, name):
    assert canonical_name(words) == name


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("GRID.office:8443", "grid.office"),
        ("[fd00:0::1]:1", "fd00::1"),
        ("10.0.0.1", "10.0.0.1"),
        ("x:99999", ""),
        ("x:a", ""),
        ("u@x", ""),
        ("x/y", ""),
    ],
)
def test_what_a_host_header_asks_for(host, name):
    assert asked_name(host) == name


def test_an_address_leaves_out_the_usual_port():
    assert web_address("fd00::1", 443, scheme="https") == "https://[fd00::1]"
    assert web_address("a", 443, scheme="http") == "http://a:443"
    assert web_address("a", 80, scheme="http") == "http://a"


def told_by(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["countygrid", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return ended.value.code or 0, told.out, told.err


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["--host", "0.0.0.0"], "以明文访问", "in the open"),
        (["--cert", "x"], "没有写私钥", "no key"),
        (["--host", "office"], "--host 有误", "--host is wrong"),
        (["--cert", "/none/c", "--key", "/none/k"], "没有这个文件", "no such file"),
    ],
)
def test_a_refusal_is_a_sentence_in_the_language_and_exit_1(monkeypatch, capsys, words, zh, en):
    for lang, said in (("zh", zh), ("en", en)):
        code, out, err = told_by(monkeypatch, capsys, "serve", *words, "--lang", lang)
        assert (code, out) == (1, "")
        assert said in err


def test_the_command_says_where_all_is_and_how_phones_trust_it(monkeypatch, capsys, tmp_path):
    for lang, words in (("zh", ("iPhone", "沿用", "指纹")), ("en", ("iPhone", "kept", "fingerprint"))):
        told_by(monkeypatch, capsys, "certificate", "--host", "10.0.0.9", "--out", tmp_path, "--lang", lang)
        code, out, _ = told_by(monkeypatch, capsys, "certificate", "--out", tmp_path, "--lang", lang)
        assert code == 0
        ends = f"{datetime.now(UTC) + timedelta(days=824):%Y-%m}"
        serve = f"countygrid serve --host 10.0.0.9 --cert {tmp_path}/server.crt --key {tmp_path}/server.key"
        for word in (*words, str(tmp_path / "authority.crt"), serve, ends[:4]):
            assert word in out
        assert "PRIVATE" not in out
    monkeypatch.setenv("COUNTYGRID_DATA", str(tmp_path / "data"))
    told_by(monkeypatch, capsys, "certificate", "--host", "10.0.0.9")
    assert (tmp_path / "data" / "certificates" / "server.crt").exists()
