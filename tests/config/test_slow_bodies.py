"""Bodies that trickle in hold nobody else up, and none is read for ever or beyond what is taken."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from urllib.request import urlopen

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from tests.calling import token_of
from tests.cast import Cast, build_cast, need, recognised, somebody
from tests.config.serving import Serving, serving
from tests.config.trickling import trickling
from xianfeng.config.gate import PLACES
from xianfeng.matters import services

pytestmark = pytest.mark.race
CLAIMS, HANDS, HELD = 120, 4, 3
PATHS = ("/api/v1/photos", "/photos", "/ask")


@dataclass(frozen=True)
class Town:
    """A house that serves, with needs to claim and pioneers to claim them."""

    serving: Serving
    cast: Cast
    numbers: list[str]
    tokens: list[str]
    slow: str

    def claims(self, first: int) -> list[float]:
        """Claim `CLAIMS` needs from the place `first` on by several hands at once; return seconds, sorted."""
        jobs = [(self.numbers[at], self.tokens[at // HELD]) for at in range(first, first + CLAIMS)]
        taken: list[float] = []
        hands = [threading.Thread(target=self._hand, args=(jobs[at::HANDS], taken)) for at in range(HANDS)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        return sorted(taken)

    def _hand(self, jobs: list[tuple[str, str]], taken: list[float]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.serving.port, timeout=10)
        for number, token in jobs:
            start = perf_counter()
            line.request(
                "POST", f"/api/v1/matters/{number}/claim", b"{}", {"Authorization": f"Bearer {token}"}
            )
            answer = line.getresponse()
            answer.read()
            if answer.status == 200:
                taken.append(perf_counter() - start)
        line.close()


def p99(taken: list[float]) -> float:
    """Return the 99th percentile of sorted times."""
    return taken[int(len(taken) * 0.99) - 1]


@pytest.fixture
def town(own_database: str, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[Town]:
    with django_db_blocker.unblock():
        cast = build_cast()
        numbers = [need(cast.resident, f"灯坏了 {at}").number for at in range(CLAIMS * (len(PATHS) + 2))]
        hands = len(numbers) // HELD
        people = [somebody(1000 + at, f"先锋{at}") for at in range(hands)]
        for at, person in enumerate(people):
            recognised(f"先锋{at}", person, cast.organisation, cast.city_staff)
        tokens = [token_of(person) for person in people]
        slow = token_of(cast.resident)
        services.forget()
        with serving(own_database, tmp_path, workers=2) as house:
            yield Town(house, cast, numbers, tokens, slow)


def test_eight_trickling_uploads_leave_the_claims_p99_as_it_was(town: Town) -> None:
    town.claims(0)  # caches and plans are warm now
    alone = town.claims(CLAIMS)
    assert len(alone) == CLAIMS
    for at, path in enumerate(PATHS, 2):
        with trickling(town.serving.port, 8, path, town.slow) as lines:
            sleep(0.5)
            beside = town.claims(at * CLAIMS)
            assert not [line for line in lines if answered(line)]
        print(f"{path}: p99 {1000 * p99(alone):.1f} ms alone, {1000 * p99(beside):.1f} ms beside eight")
        assert len(beside) == CLAIMS
        assert p99(beside) < max(2 * p99(alone), 0.1)


def answered(line: socket.socket) -> str:
    """Return what the server has said on a line, '' if nothing yet."""
    line.settimeout(0.0)
    try:
        return line.recv(65_536).decode()
    except BlockingIOError:
        return ""
    finally:
        line.settimeout(None)


def test_of_one_address_no_more_than_so_many_slow_bodies_are_read(
    town: Town, django_db_blocker: DjangoDbBlocker
) -> None:
    with trickling(town.serving.port, 110, "/api/v1/photos", town.slow):
        sleep(3)
        with trickling(town.serving.port, 8, "/api/v1/photos", town.slow) as more:
            sleep(1)
            told = [text for line in more if (text := answered(line))]
            assert told
            assert all(text.startswith("HTTP/1.1 503") and '"code": "busy"' in text for text in told)
            assert all("retry-after: 3" in text.lower() for text in told)
        line = http.client.HTTPConnection("127.0.0.1", town.serving.port, timeout=5)
        line.request("GET", "/api/v1/categories")
        assert line.getresponse().status == 200


def test_however_many_ask_at_once_a_place_is_a_connection(town: Town, own_database: str) -> None:
    def ask() -> None:
        with urlopen(
            f"http://127.0.0.1:{town.serving.port}/api/v1/matters?near=30.89,120.09", timeout=20
        ) as got:
            assert got.status == 200

    hands = [threading.Thread(target=ask) for _ in range(60)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    with psycopg.connect(own_database) as link:
        statement = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND pid <> pg_backend_pid() AND application_name <> 'xianfeng web: sessions'"""
        (count,) = link.execute(statement).fetchone() or (0,)
    assert 0 < count <= 2 * PLACES + 1  # the test's own stands beside


def test_a_body_beyond_what_is_taken_is_refused_unread(town: Town) -> None:
    for path, kind in (("/api/v1/photos", "application/problem+json"), ("/ask", "text/html; charset=utf-8")):
        with trickling(town.serving.port, 1, path, town.slow, length=10**9) as (line,):
            line.settimeout(5)
            text = line.recv(65_536).decode()
            assert text.startswith("HTTP/1.1 413")
            assert f"content-type: {kind}" in text.lower()


def test_a_body_in_chunks_is_read_like_any_other(town: Town) -> None:
    body = json.dumps({"mobile": "13900000001"}).encode()
    line = http.client.HTTPConnection("127.0.0.1", town.serving.port, timeout=5)
    kind = {"Content-Type": "application/json"}
    line.request("POST", "/api/v1/sessions/code", iter([body[:9], body[9:]]), kind, encode_chunked=True)
    answer = line.getresponse()
    assert (answer.status, json.loads(answer.read())["minutes"]) == (200, 5)
