from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

from layers.records.database import open_database, sqlite_url

OPEN = """
import sys
from layers.records.database import open_database
print("ready", flush=True)
sys.stdin.readline()
open_database(sys.argv[1]).close()
"""


def _start(url: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", OPEN, url]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=Path(__file__).parents[2])


def test_processes_that_start_at_once_all_find_the_tables(database_url: str) -> None:
    processes = [_start(database_url) for _ in range(4)]
    ready = [process.stdout.readline() for process in processes if process.stdout]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outcomes = [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
    assert ready == ["ready\n"] * 4
    assert outcomes == [("", 0)] * 4


def test_a_file_that_another_process_is_creating_is_waited_for(data_dir: Path) -> None:
    """Without waiting, SQLite refuses at once to switch such a file to its write-ahead log."""
    other = sqlite3.connect(data_dir / "app.sqlite", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, other.execute, ["COMMIT"])
    timer.start()
    open_database(sqlite_url(data_dir)).close()
    timer.join()
    other.close()
