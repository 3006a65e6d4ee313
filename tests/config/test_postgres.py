"""The embedded server: started, shared, stopped, found again after a kill, and one line when it cannot."""

import importlib.util
import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import psutil
import psycopg
import pytest

from xianfeng.config import postgres
from xianfeng.config.postgres import NoServer, running

pytestmark = [pytest.mark.slow, pytest.mark.race]
ROOT = Path(__file__).resolve().parents[2]


def _processes(folder: Path) -> list[psutil.Process]:
    """Return the living PostgreSQL main processes of `folder`."""
    found = []
    for process in psutil.process_iter(["name", "cmdline", "status"]):
        words = process.info["cmdline"] or []
        if process.info["status"] != psutil.STATUS_ZOMBIE and str(folder / "server" / "data") in words:
            found.append(process)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One server's folder for these tests; whatever is left of it is ended."""
    made = tmp_path_factory.mktemp("pg") / "postgres"
    yield made
    for process in _processes(made):
        process.kill()


def _ask(url: str, statement: str = "SELECT current_database()") -> str:
    with psycopg.connect(url, autocommit=True) as link:
        row = link.execute(statement).fetchone()
    assert row
    return str(row[0])


def test_started_on_entering_and_stopped_on_leaving_with_its_data_kept(folder: Path) -> None:
    with running(folder, "one", durable=False) as url:
        assert _ask(url) == "one"
        with psycopg.connect(url) as link:
            link.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS number")
        assert len(_processes(folder)) == 1
    assert _processes(folder) == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    with running(folder, "one", durable=False) as url:
        assert _ask(url, "SELECT number FROM kept") == "7"


def test_two_databases_of_one_server_stand_beside_each_other(folder: Path) -> None:
    with running(folder, "one", durable=False) as one, running(folder, "two", durable=False) as two:
        assert (_ask(one), _ask(two)) == ("one", "two")
        assert len(_processes(folder)) == 1
    assert _processes(folder) == []


def _hold(folder: Path, entered: Event, leave: Event) -> None:
    with running(folder, "one", durable=False):
        entered.set()
        leave.wait(60)


def test_several_processes_share_it_and_the_last_to_leave_stops_it(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    entered, leave = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(folder, entered, leave))
    with running(folder, "one", durable=False) as url:
        other.start()
        assert entered.wait(60)
    assert _ask(url) == "one"
    leave.set()
    other.join(60)
    assert other.exitcode == 0
    assert _processes(folder) == []


def test_a_server_whose_holder_was_killed_is_joined_and_stopped_by_the_next(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    entered, leave = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(folder, entered, leave))
    other.start()
    assert entered.wait(60)
    os.kill(other.pid or 0, signal.SIGKILL)
    other.join(60)
    (left,) = _processes(folder)
    with running(folder, "one", durable=False) as url:
        assert _ask(url) == "one"
        assert [one.pid for one in _processes(folder)] == [left.pid]
    assert _processes(folder) == []


def test_a_server_that_was_killed_is_started_again_with_what_was_committed(folder: Path) -> None:
    with running(folder, "three", durable=True) as url:
        with psycopg.connect(url) as link:
            link.execute("CREATE TABLE safe AS SELECT 9 AS number")
        for process in _processes(folder):
            process.kill()
    assert (folder / "server" / "data" / "postmaster.pid").exists()
    with running(folder, "three", durable=True) as url:
        assert _ask(url, "SELECT number FROM safe") == "9"


def test_a_number_in_the_note_that_belongs_to_somebody_else_is_no_server(folder: Path) -> None:
    note = folder / "server" / "data" / "postmaster.pid"
    with running(folder, "one", durable=False):
        assert note.exists()
    note.write_text(f"{os.getpid()}\n{note.parent}\n1\n")
    with running(folder, "one", durable=False) as url:
        assert _ask(url) == "one"
    assert psutil.pid_exists(os.getpid())


def test_only_its_own_user_can_reach_its_socket_and_it_listens_nowhere_else(folder: Path) -> None:
    with running(folder, "one", durable=False) as url:
        assert _ask(url, "SHOW listen_addresses") == ""
        assert stat.S_IMODE((folder / "server").stat().st_mode) == 0o700


def test_a_folder_with_a_long_name_gets_a_short_private_socket_folder(folder: Path, tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    short = postgres._socket_folder(long)
    try:
        assert short.parent == Path(tempfile.gettempdir())
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        assert postgres._socket_folder(long) == short
        short.chmod(0o755)
        with pytest.raises(NoServer, match="not a private folder"):
            postgres._socket_folder(long)
    finally:
        short.rmdir()


def test_without_its_package_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(NoServer, match="make setup, or set DATABASE_URL") as told:
        postgres.programs()
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("LOG: x\nFATAL:  could not write to file: No space left on device\n", "the disk is full"),
        ("initdb: error: could not create directory: No space left on device", "the disk is full"),
        ("LOG:  a\nFATAL:  database files are incompatible with server\n", "database files are incompatible"),
        ("", "no reason given"),
    ],
)  # fmt: skip
def test_why_it_did_not_start_is_one_line(tmp_path: Path, log: str, told: str) -> None:
    server = postgres.Server(tmp_path)
    server.log.write_text(log)
    assert told in server._reason()
    assert "\n" not in server._reason()


def test_data_of_another_kind_are_told_in_one_line_and_left_alone(folder: Path) -> None:
    version = folder / "server" / "data" / "PG_VERSION"
    with running(folder, "one", durable=False):
        pass
    before = version.read_text()
    version.write_text("12\n")
    try:
        with (
            pytest.raises(NoServer, match="PostgreSQL did not start") as told,
            running(folder, "one", durable=False),
        ):
            pass
        assert "\n" not in str(told.value)
        assert version.read_text() == "12\n"
    finally:
        version.write_text(before)


def test_a_command_that_is_interrupted_leaves_no_server(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "hold.py"
    script.write_text(
        "import signal, sys, time; from pathlib import Path; from xianfeng.config.postgres import running\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started us without it\n"
        "with running(Path(sys.argv[1]), 'one', durable=False):\n    print('in', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == b"in\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(30) != 0
    process.stdout.close()
    until = time.monotonic() + 10
    while _processes(folder) and time.monotonic() < until:
        time.sleep(0.1)
    assert _processes(folder) == []
