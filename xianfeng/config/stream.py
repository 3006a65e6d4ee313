"""The stream process: tells open pages what happened, as server-sent events (Starlette, one process).

A page opens `/api/v1/stream` of the web process, which answers 307 to `/stream?ticket=…` here. The ticket is
`signing.ticket("stream", {"person": 7})`, or `{"person": null}` for a visitor, and opens within 60 seconds; after that
the page asks anew. An event reads

    id: 4711
    data: {"topic": "feed", "code": "matter.opened", "at": "2026-05-01T08:00:00+00:00", "payload": {…}}

and is resumed after the header Last-Event-ID, or after the parameter `last` where a page cannot send the header.
"""

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianfeng.config.settings")
from django.conf import settings

from xianfeng.config.database import parameters
from xianfeng.foundation.kernel import signing

log = logging.getLogger(__name__)
CHANNEL = "announcements"
TICKET_SECONDS = 60
HEARTBEAT_SECONDS = 15.0
POLL_SECONDS = 1.0
BATCH = 1000
KEPT = 200  # events a slow page may be behind before it is cut; it comes back and resumes
Row = tuple[int, str, str, dict[str, Any], datetime]

_SINCE = (
    "SELECT id, topic, code, payload, at FROM record_announcement WHERE id > %s AND id <= %s"
    " AND (%s::text[] IS NULL OR topic = ANY(%s)) ORDER BY id LIMIT %s"
)
_LATEST = "SELECT coalesce(max(id), 0) FROM record_announcement"
_NO_END = 2**62


def event(row: Row) -> bytes:
    """Return one announcement as it goes over the wire."""
    number, topic, code, payload, at = row
    data = {"topic": topic, "code": code, "at": at.isoformat(), "payload": payload}
    return f"id: {number}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


class Page:
    """One open page: its topics and what waits to be sent to it. None in the queue cuts it off."""

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = frozenset(topics)
        self.waiting: asyncio.Queue[bytes | None] = asyncio.Queue()

    def tell(self, text: bytes) -> None:
        """Put `text` in the queue, or cut the page off if it does not keep up."""
        if self.waiting.qsize() < KEPT:
            self.waiting.put_nowait(text)
        elif self.waiting.qsize() == KEPT:
            self.waiting.put_nowait(None)


class Hub:
    """Reads announcements in order and hands each to the pages that listen to its topic."""

    def __init__(self) -> None:
        self.last = 0
        self.pages: dict[str, set[Page]] = {}
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Read for ever; a lost database is asked again every second, and nothing in between is lost."""
        while True:
            try:
                async with await _connect() as link:
                    await self._read(link)
            except psycopg.Error as error:
                log.warning("the stream lost its database, asking again: %s", error)
                await asyncio.sleep(POLL_SECONDS)

    async def _read(self, link: psycopg.AsyncConnection[Any]) -> None:
        await link.execute(f"LISTEN {CHANNEL}")
        if not self.ready.is_set():
            found = await (await link.execute(_LATEST)).fetchone()
            self.last = found[0] if found else 0
            self.ready.set()
        while True:
            await self._forward(link)
            async for _ in link.notifies(timeout=POLL_SECONDS, stop_after=1):
                pass

    async def _forward(self, link: psycopg.AsyncConnection[Any]) -> None:
        while rows := await _rows(link, self.last, _NO_END, None):
            for row in rows:
                self.last = row[0]
                if pages := self.pages.get(row[1]):
                    text = event(row)
                    for page in pages:
                        page.tell(text)

    def join(self, page: Page) -> int:
        """Let `page` hear what comes after the number that is returned."""
        for topic in page.topics:
            self.pages.setdefault(topic, set()).add(page)
        return self.last

    def leave(self, page: Page) -> None:
        """Forget `page`."""
        for topic in page.topics:
            self.pages[topic].discard(page)
            if not self.pages[topic]:
                del self.pages[topic]

    def count(self) -> int:
        """Return how many pages listen."""
        return len(set().union(*self.pages.values())) if self.pages else 0


async def _connect() -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(**parameters("xianfeng stream"), autocommit=True)


async def _rows(
    link: psycopg.AsyncConnection[Any], after: int, upto: int, topics: list[str] | None
) -> list[Row]:
    return await (await link.execute(_SINCE, [after, upto, topics, topics, BATCH])).fetchall()


async def missed(after: int, upto: int, topics: Iterable[str]) -> AsyncIterator[bytes]:
    """Yield what `topics` told after number `after`, up to `upto`."""
    async with await _connect() as link:
        while rows := await _rows(link, after, upto, sorted(topics)):
            for row in rows:
                yield event(row)
            after = rows[-1][0]


async def _tell(hub: Hub, topics: list[str], after: int | None) -> AsyncIterator[bytes]:
    page = Page(topics)
    now = hub.join(page)
    try:
        yield b"retry: 2000\n\n"
        if after is not None and after < now:
            async for missing in missed(after, now, topics):
                yield missing
        while (text := await _next(page)) is not None:
            yield text
    finally:
        hub.leave(page)


async def _next(page: Page) -> bytes | None:
    """Return what is to be sent next, a sign of life when nothing was for a while, None when the page is cut."""
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            return await page.waiting.get()
    except TimeoutError:
        return b": still here\n\n"


def _topics(ticket: str) -> list[str] | None:
    """Return what the bearer of `ticket` may hear, or None if it does not hold."""
    told = signing.read_ticket("stream", ticket, seconds=TICKET_SECONDS)
    if not isinstance(told, dict):
        return None
    open_to_all = ["feed", "cockpit"]  # the cockpit says only that something was counted, and in which areas
    return [*open_to_all, f"person:{told['person']}"] if told.get("person") else open_to_all


def _after(request: Request) -> int | None:
    text = request.headers.get("last-event-id") or request.query_params.get("last", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _cors(request: Request) -> dict[str, str]:
    """Allow the pages' own origin: XIANFENG_ORIGIN, or in the demo any port of the host that was asked."""
    origin = request.headers.get("origin", "")
    same = urlsplit(origin).hostname == request.url.hostname
    allowed = origin == settings.STREAM_ORIGIN or (settings.DEMO and same)
    return (
        {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
        if origin and allowed
        else {"Vary": "Origin"}
    )


async def stream(request: Request) -> Response:
    """Open a stream for a ticket: 401 if it does not hold, and the page asks for another."""
    headers = _cors(request)
    topics = _topics(request.query_params.get("ticket", ""))
    if topics is None:
        return PlainTextResponse("ticket", 401, headers)
    hub: Hub = request.app.state.hub
    await hub.ready.wait()
    headers |= {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _tell(hub, topics, _after(request)), headers=headers, media_type="text/event-stream"
    )


async def health(request: Request) -> Response:
    """Tell that the stream reads its database, and how many pages listen."""
    hub: Hub = request.app.state.hub
    return PlainTextResponse(f"{hub.count()}\n", 200 if hub.ready.is_set() else 503)


@contextlib.asynccontextmanager
async def _life(app: Starlette) -> AsyncIterator[None]:
    app.state.hub = Hub()
    reader = asyncio.create_task(app.state.hub.run())
    try:
        yield
    finally:
        reader.cancel()


application = Starlette(routes=[Route("/stream", stream), Route("/health", health)], lifespan=_life)
