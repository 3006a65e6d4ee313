"""What stands before Django in a web process: bodies are read whole before one of the few places is taken.

A thread that waits for a slow phone's body costs little; a place (a share of the interpreter, a database connection)
is taken only once everything that was sent is there. Why: docs/adr/0011-slow-bodies.md.
"""

import io
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import IO, Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.foundation.ui.refusals import RETRY_SECONDS, UNREAD

PLACES = 4  # more are slower: they wait for one interpreter lock
THREADS = 64  # they wait for bodies, for a place, or for readers of a download
SLOW_SECONDS = 2.0
MOST_SLOW, MOST_SLOW_OF_ONE = 48, 24  # bodies under way for longer than that: all, and of one network address
MOST_AT_ONCE = THREADS - 12  # a burst is not known to be slow yet: some threads are left for what has no body
MOST_BYTES = 64 << 20  # six photographs and their words, where there is no script to send them one by one
IN_MEMORY = 1 << 20
_PIECE = 1 << 16
_FILM = re.compile(r"(/[\w~.-]{1,40}){0,3}/achievements?/\d{1,18}/video")
_FORM = (1 << 20) - 1  # what a form has around its film
Environment = dict[str, Any]
Handler = Callable[[Environment, Any], Any]
Place = TypeVar("Place")


class TooBig(Exception):
    """A body is longer than what its address takes."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.code)


@dataclass(frozen=True)
class Most:
    """How many bytes an address takes, and how more is refused."""

    size: int = MOST_BYTES
    code: str = "body-too-big"

    @property
    def refusal(self) -> Refusal:
        """Return why a longer body is refused; the form around a film is not told of."""
        return Refusal(self.code, params={"megabytes": self.size >> 20})


def most(path: str) -> Most:
    """Return how much an address takes: films have a limit of their own."""
    if _FILM.fullmatch(path):
        megabytes: int = catalogue.load("showcase")["video"]["megabytes"]
        return Most((megabytes << 20) + _FORM, "video-too-big")
    return Most()


class Bodies:
    """The bodies that are being read, so that slow ones never hold all threads."""

    def __init__(self) -> None:
        self._since: dict[int, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def take_in(self, environ: Environment) -> None:
        """Read the request's body whole and put it back; or mark the request as refused, its body unread."""
        length = environ.get("CONTENT_LENGTH") or ""
        if not length and "HTTP_TRANSFER_ENCODING" not in environ:
            return
        if not self._begin(environ.get("REMOTE_ADDR", "")):
            _leave_unread(environ, Refusal("busy", params={"retry_seconds": RETRY_SECONDS}))
            return
        try:
            limit = most(environ.get("PATH_INFO", ""))
            body, size = read(environ["wsgi.input"], int(length) if length.isdigit() else None, limit)
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = body, str(size)
        except TooBig as longer:
            _leave_unread(environ, longer.refusal)
        finally:
            with self._lock:
                del self._since[threading.get_ident()]

    def _begin(self, address: str) -> bool:
        """Note that a body is being read, unless too many others are slow, or may turn out to be."""
        now = monotonic()
        with self._lock:
            if len(self._since) >= MOST_AT_ONCE:
                return False
            if len(self._since) >= MOST_SLOW_OF_ONE:
                slow = [one for began, one in self._since.values() if now - began > SLOW_SECONDS]
                if len(slow) >= MOST_SLOW or slow.count(address) >= MOST_SLOW_OF_ONE:
                    return False
            self._since[threading.get_ident()] = now, address
        return True


def read(source: Any, length: int | None, limit: Most | None = None) -> tuple[IO[bytes], int]:
    """Return a body of `length` bytes (None: as many as come) as a file, and how long it is. Raises TooBig."""
    limit = limit or Most()
    if length is not None and length > limit.size:
        raise TooBig(limit.refusal)
    if length is not None and length <= _PIECE:
        whole = source.read(length)
        return io.BytesIO(whole), len(whole)
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - goes with the request
    size = 0
    while piece := source.read(_PIECE):
        size += len(piece)
        if size > limit.size:
            file.close()
            raise TooBig(limit.refusal)
        file.write(piece)
    file.seek(0)
    return file, size


def _leave_unread(environ: Environment, why: Refusal) -> None:
    environ["wsgi.input"], environ["CONTENT_LENGTH"], environ[UNREAD] = io.BytesIO(), "0", why


class Turn:
    """One thread that waits for a place, and the place once it is its turn."""

    __slots__ = ("come", "place")

    def __init__(self) -> None:
        self.come = threading.Lock()
        self.come.acquire()
        self.place: Any = None


class Places(Generic[Place]):
    """A few places, given in the order in which they are asked for.

    A place goes from hand to hand: one that came later never takes it before one that waits. With a queue of free
    places it did, and at 32 connections one request in a hundred waited five times as long as the others.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._free = list(places)  # the last used first: what it touched is still near
        self._waiting: deque[Turn] = deque()
        self._lock = threading.Lock()

    def take(self) -> Place:
        """Return a place, waiting for it as long as it takes."""
        with self._lock:
            if self._free:
                return self._free.pop()
            turn = Turn()
            self._waiting.append(turn)
        turn.come.acquire()
        place: Place = turn.place
        return place

    def give_back(self, place: Place) -> None:
        """Give a place to the one who waits longest, or keep it free."""
        with self._lock:
            turn = self._waiting.popleft() if self._waiting else None
            if turn is None:
                self._free.append(place)
                return
        turn.place = place
        turn.come.release()


class Gate:
    """Lets `PLACES` requests at a time through to their handler, each with the place's own database connection."""

    def __init__(self, places: int = PLACES) -> None:
        self.bodies = Bodies()
        self._places = Places(_connection() for _ in range(places))

    def serve(self, handler: Handler, environ: Environment, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        self.bodies.take_in(environ)
        with self._place():
            answer = handler(environ, start_response)
            if isinstance(answer, list):
                return answer
            if not answer.streaming:
                return _whole(answer)
        return Streamed(answer)

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Take a place, with its connection for this thread."""
        connection = self._places.take()
        connections[DEFAULT_DB_ALIAS] = connection
        try:
            yield
        finally:
            del connections[DEFAULT_DB_ALIAS]
            self._places.give_back(connection)


def _connection() -> Any:
    """Return a connection, not opened yet, that one thread after the other may use."""
    made: Any = connections.create_connection(DEFAULT_DB_ALIAS)
    made.inc_thread_sharing()
    return made


def _whole(answer: Any) -> list[bytes]:
    """Return an answer's bytes; it is closed here, since closing looks after the place's connection."""
    try:
        return list(answer)
    finally:
        answer.close()


class Streamed:
    """An answer made while it is read, at the reader's pace: without a place, on the thread's own connection."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        """End it, and the connection it may have opened."""
        try:
            self._answer.close()
        finally:
            connections.close_all()
