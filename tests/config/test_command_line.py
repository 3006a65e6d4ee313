"""What goes wrong with the set-up is told in one clear line, never in a traceback; help is good enough to work from."""

import ast
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.db import OperationalError

from xianfeng.config import cli, demo_start

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("demo", "serve", "worker", "stream", "migrate", "catalogue", "areas", "needs", "record", "bench")


def _run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "xianfeng", *words], cwd=ROOT, env=os.environ | environment, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip


def _one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Hold that the run failed with one line for the reader, and that it says `words`."""
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("xianfeng: ")
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("mysql://root@localhost/x", "postgresql://"), ("nonsense", "postgresql://"),
        ("postgresql://localhost:port/x", "Port"), ("postgresql://localhost:99999/x", "Port"),
    ],
)  # fmt: skip
def test_a_wrong_database_url_is_one_line(url: str, word: str) -> None:
    _one_line(_run("migrate", DATABASE_URL=url), "DATABASE_URL", word)


def test_a_database_that_does_not_answer_is_one_line_without_the_password() -> None:
    done = _run("migrate", DATABASE_URL="postgresql://me:geheim@127.0.0.1:1/city")
    _one_line(done, "DATABASE_URL", "127.0.0.1")
    assert "geheim" not in done.stderr + done.stdout


def test_a_database_that_is_not_there_is_one_line() -> None:
    address, _, query = os.environ["DATABASE_URL"].partition("?")
    missing = f"{address.rpartition('/')[0]}/no_such_city?{query}"
    _one_line(_run("record", "verify", DATABASE_URL=missing), "no_such_city")


def test_a_port_that_is_taken_is_one_line_that_proposes_another(tmp_path: Path) -> None:
    with socket.create_server(("", 0)) as listener:
        port = listener.getsockname()[1]
        done = _run("demo", "--port", str(port), XIANFENG_VAR=str(tmp_path))
    _one_line(done, f"port {port} is taken", "make demo PORT=")


def test_a_second_demo_of_one_tree_is_one_line_that_names_the_port_of_the_first(tmp_path: Path) -> None:
    with demo_start._only_demo(tmp_path, 8123):
        _one_line(_run("demo", XIANFENG_VAR=str(tmp_path)), "8123", "Ctrl-C")


def test_a_port_beyond_all_ports_is_not_free() -> None:
    assert not demo_start.free(70_000)


def _fails(error: Exception) -> Callable[[list[str]], None]:
    def run(words: list[str]) -> None:
        raise error

    return run


def test_a_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/somewhere/media/x.jpg")
    monkeypatch.setattr(cli, "_run", _fails(full))
    with pytest.raises(SystemExit, match="the disk is full") as told:
        cli.main(["help"])
    assert "/somewhere/media/x.jpg" in str(told.value)


def test_a_full_disk_under_the_database_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    full = OperationalError(
        'could not extend file "base/5/1": No space left on device\nHINT:  Check free disk space.'
    )
    monkeypatch.setattr(cli, "_run", _fails(full))
    with pytest.raises(SystemExit, match="the disk is full") as told:
        cli.main(["help"])
    assert "\n" not in str(told.value)


def test_another_fault_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    for fault in (PermissionError(errno.EACCES, "no"), ZeroDivisionError()):
        monkeypatch.setattr(cli, "_run", _fails(fault))
        with pytest.raises(type(fault)):
            cli.main(["help"])


def test_ctrl_c_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_run", _fails(KeyboardInterrupt()))  # type: ignore[arg-type]
    with pytest.raises(SystemExit) as told:
        cli.main(["help"])
    assert told.value.code == 130


def _setup_under(version: str, path: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "tools" / "setup.py"
    code = (
        f"import sys; sys.version_info = {version}; sys.argv = [{str(script)!r}]; "
        f"__file__ = sys.argv[0]; exec(compile(open(__file__).read(), __file__, 'exec'))"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_unsupported_python_is_one_line(tmp_path: Path) -> None:
    _one_line(_setup_under("(3, 9, 2, 'final', 0)", str(tmp_path)), "needs Python 3.11 or newer", "3.9")


def test_an_unsupported_python_hands_over_to_a_newer_one(tmp_path: Path) -> None:
    newer = tmp_path / "python3.13"
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\necho newer "$@"\n')
    newer.chmod(0o755)
    done = _setup_under("(3, 9, 2, 'final', 0)", str(tmp_path))
    assert done.stdout.split() == ["newer", str(ROOT / "tools" / "setup.py")]


def test_an_old_python_can_read_the_set_up() -> None:
    ast.parse((ROOT / "tools" / "setup.py").read_text(), feature_version=(3, 4))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_a_command_does_and_what_each_option_means(name: str) -> None:
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    assert len(command.help) > 20
    if name == "migrate":  # Django's own
        return
    parser = command.create_parser("xianfeng", name)
    for action in parser._actions:
        named = bool(action.help) or (
            action.choices and all(str(choice) in command.help for choice in action.choices)
        )
        assert named, action.dest
