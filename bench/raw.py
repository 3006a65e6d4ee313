"""The same loop against PostgreSQL itself: prepared statements over so many connections, nothing in between."""

import re
import selectors
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer

from bench.clock import Measured, measured
from bench.plan import Statement

_WIDER = {21: 20, 23: 20}  # smallint and integer as bigint: psycopg takes the smallest that holds each value
_NAMED = re.compile(r"%\((\w+)\)s")
Shot = tuple[list[Any], list[Any]]


def _numbered(statement: str) -> tuple[str, list[str]]:
    """Return the statement with $1, $2 … for its names, and the names in that order."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    return _NAMED.sub(number, statement).replace("%%", "%"), names


@dataclass
class Line:
    """One connection and when it was last asked."""

    link: Any
    sent: float = 0.0
    good: bool = False

    def ask(self, shot: Shot) -> None:
        """Send the next execution."""
        self.sent, self.good = perf_counter(), False
        self.link.pgconn.send_query_prepared(b"shot", *shot)
        while self.link.pgconn.flush():
            pass

    def hear(self) -> bool | None:
        """Take in what has come; return whether the whole answer is good, None while some of it is missing."""
        self.link.pgconn.consume_input()
        while not self.link.pgconn.is_busy():
            result = self.link.pgconn.get_result()
            if result is None:
                return self.good
            self.good = result.status == pq.ExecStatus.TUPLES_OK and result.ntuples > 0
        return None


def _shots(
    link: Any, names: list[str], wanted: Iterator[Statement], count: int
) -> tuple[Iterator[Shot], Any]:
    transformer, shots = Transformer(link), []
    types: Any = ()
    for _ in range(count):
        _, given = next(wanted)
        values = transformer.dump_sequence([given[name] for name in names], [PyFormat.TEXT] * len(names))
        types = [_WIDER.get(oid, oid) for oid in transformer.types or ()]
        shots.append((list(values), list(transformer.formats or [])))
    return iter(shots), types


def run(url: str, connections: int, seconds: float, wanted: Iterator[Statement], count: int) -> Measured:
    """Execute as fast as answers come, for `seconds` or until `count` were executed."""
    statement, names = _numbered(next(wanted)[0])
    latencies: list[float] = []
    wrong, busy = 0, connections
    lines = [Line(psycopg.connect(url, autocommit=True)) for _ in range(connections)]
    shots, types = _shots(lines[0].link, names, wanted, count)
    for line in lines:
        line.link.pgconn.prepare(b"shot", statement.encode(), types)
        line.link.pgconn.nonblocking = 1
    with selectors.DefaultSelector() as selector:
        start = perf_counter()
        for line in lines:
            selector.register(line.link.pgconn.socket, selectors.EVENT_READ, line)
            line.ask(next(shots))
        while busy:
            for key, _ in selector.select():
                good = key.data.hear()
                if good is None:
                    continue
                now = perf_counter()
                latencies.append(now - key.data.sent)
                wrong += not good
                shot = next(shots, None) if now - start < seconds else None
                if shot:
                    key.data.ask(shot)
                else:
                    busy -= 1
                    selector.unregister(key.data.link.pgconn.socket)
        took = perf_counter() - start
    for line in lines:
        line.link.close()
    return measured(latencies, took, wrong)
