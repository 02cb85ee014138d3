"""Two machines on one wire, as network namespaces: the service runs on one, callers sit at the other.

>>> with two_machines() as (server, desk), serving(server, data, "--host", server.address, ...) as service:
...     desk.ask("https://10.77.0.1:8443/api/me", trust=authority, headers={"Cookie": "…"})
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import urllib.parse
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from served import ROOT, open_url

_ASKING = Path(__file__)
"""This file is also the program that calls, in the namespace of its machine."""


@dataclass(frozen=True)
class Answer:
    """What came back: a redirect is not followed; what was refused is an answer too."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """By names in lower case; of several cookies each is a line of ``set-cookie``."""
    body: str = ""

    def json(self):
        """Return the body read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Machine:
    """One end of the wire."""

    namespace: str
    address: str

    def command(self, *words: object) -> list[str]:
        """Return a command line that runs on this machine."""
        return ["ip", "netns", "exec", self.namespace, *map(str, words)]

    def ask(self, url: str, *, method: str = "GET", body=None, form=None, headers=None, trust=None) -> Answer:
        """Call from this machine.

        ``body`` goes as JSON, ``form`` as the fields of a page; ``trust`` is the authority's file. A connection that
        is refused has status 0 and the reason as its body.
        """
        asked = {"url": url, "method": method, "body": body, "form": form, "headers": headers or {}}
        asked["trust"] = None if trust is None else str(trust)
        told = subprocess.run(
            self.command(sys.executable, _ASKING), input=json.dumps(asked), capture_output=True, text=True, check=True
        )
        return Answer(**json.loads(told.stdout))


@contextlib.contextmanager
def two_machines() -> Iterator[tuple[Machine, Machine]]:
    """Give two machines that reach each other and nothing else, or skip where that cannot be."""
    names = [f"cg-{uuid.uuid4().hex[:8]}-{end}" for end in "ab"]
    machines = [Machine(name, f"10.77.0.{number}") for number, name in enumerate(names, start=1)]
    _refuse_without_root()
    try:
        for name in names:
            _ip("netns", "add", name)
        _ip("link", "add", "wire", "netns", names[0], "type", "veth", "peer", "name", "wire", "netns", names[1])
        for machine in machines:
            _ip("-n", machine.namespace, "addr", "add", f"{machine.address}/24", "dev", "wire")
            for device in ("wire", "lo"):
                _ip("-n", machine.namespace, "link", "set", device, "up")
        yield machines[0], machines[1]
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


@contextlib.contextmanager
def serving(
    machine: Machine, data: Path, *options: object, **settings: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run ``countygrid serve`` with options on a machine until it is ready; gives its first line and the process.

    Further lines can be read from ``process.stdout``; its warnings go where those of the tests go.
    """
    environment = {**os.environ, "COUNTYGRID_DATA": str(data), "PYTHONPATH": str(ROOT), **settings}
    command = machine.command(sys.executable, "-m", "api.cli", "serve", *options)
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            assert line, "the server has ended"
            yield line, process
        finally:
            process.kill()


def _refuse_without_root() -> None:
    reason = ""
    if shutil.which("ip") is None:
        reason = "ip is not installed: apt-get install iproute2"
    elif os.geteuid() != 0 or subprocess.run(["ip", "netns", "list"], capture_output=True, check=False).returncode:
        reason = "network namespaces need root"
    if reason:
        pytest.skip(reason)


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this machine makes no network namespaces: {done.stderr.strip()}")


def _call() -> None:
    """Do what standard input asks, and print the answer."""
    asked = json.load(sys.stdin)
    trust = asked["trust"]
    if asked["form"] is not None:
        asked["headers"].setdefault("Content-type", "application/x-www-form-urlencoded")
    try:
        with open_url(
            asked["url"],
            method=asked["method"],
            body=asked["body"],
            data=None if asked["form"] is None else urllib.parse.urlencode(asked["form"]).encode(),
            trust=trust and Path(trust),
            **asked["headers"],
        ) as answer:
            told: dict[str, str] = {}
            for name, value in answer.headers.items():
                told[name.lower()] = f"{told[name.lower()]}\n{value}" if name.lower() in told else value
            found = {"status": answer.status, "headers": told, "body": answer.read().decode("utf-8", "replace")}
    except OSError as error:
        found = {"status": 0, "body": str(error)}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    _call()
