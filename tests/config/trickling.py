"""Connections over which a body comes a byte at a time, as from the worst of networks or from bad will."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{more}"
    "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
)


@contextmanager
def trickling(
    port: int, count: int, path: str, token: str, *, length: int = 200_000, every: float = 0.2
) -> Iterator[list[socket.socket]]:
    """Keep `count` uploads under way while in here, a byte of each every so many seconds; yields their sockets."""
    head = HEAD.format(path=path, length=length, more=f"Authorization: Bearer {token}\r\n")
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    for line in lines:
        line.sendall(head.encode())
    ended = threading.Event()
    feeder = threading.Thread(target=_feed, args=(lines, ended, every))
    feeder.start()
    try:
        yield lines
    finally:
        ended.set()
        feeder.join()
        for line in lines:
            line.close()


def _feed(lines: list[socket.socket], ended: threading.Event, every: float) -> None:
    while not ended.wait(every):
        for line in lines:
            try:
                line.sendall(b"x")
            except OSError:  # answered and cut: the server had enough of it
                continue
