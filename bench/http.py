"""32 kept connections in one loop: each sends its next request as soon as its answer is whole."""

import selectors
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

from bench.clock import Measured, measured

GOOD = (b"HTTP/1.1 200", b"HTTP/1.1 201")


@dataclass
class Line:
    """One kept connection and what it waits for."""

    socket: socket.socket
    sent: float = 0.0
    got: bytearray = field(default_factory=bytearray)

    def ask(self, request: bytes) -> None:
        """Send the next request."""
        self.got.clear()
        self.sent = perf_counter()
        self.socket.sendall(request)

    def hear(self) -> bool:
        """Take in what has come; tell whether the answer is whole. Raises ConnectionError when cut."""
        part = self.socket.recv(262_144)
        if not part:
            raise ConnectionError("the server cut a kept connection")
        self.got += part
        head = self.got.find(b"\r\n\r\n")
        return head >= 0 and len(self.got) >= head + 4 + _length(self.got[:head].lower())


def _length(head: bytearray) -> int:
    at = head.find(b"content-length:")
    if at < 0:
        raise ConnectionError("an answer without content-length")
    return int(head[at + 15 :].split(b"\r", 1)[0])


def run(port: int, connections: int, seconds: float, requests: Iterator[bytes]) -> Measured:
    """Ask as fast as answers come, for `seconds`; then wait for what is under way."""
    ready = [next(requests) for _ in range(connections)]
    latencies: list[float] = []
    wrong, busy = 0, connections
    with selectors.DefaultSelector() as selector:
        lines = [Line(socket.create_connection(("127.0.0.1", port))) for _ in range(connections)]
        start = perf_counter()
        for line, first in zip(lines, ready, strict=True):
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.ask(first)
        while busy:
            for key, _ in selector.select():
                line = key.data
                if not line.hear():
                    continue
                now = perf_counter()
                latencies.append(now - line.sent)
                wrong += not line.got.startswith(GOOD)
                if now - start < seconds:
                    line.ask(next(requests))
                else:
                    busy -= 1
                    selector.unregister(line.socket)
        took = perf_counter() - start
        for line in lines:
            line.socket.close()
    return measured(latencies, took, wrong)
