"""How long pages take over a large database: each asked for several times, one after the other."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import quote

import psycopg

from bench.city import City
from bench.clock import Measured, measured

MOST_MS = 300.0
TIMES = 40


@dataclass(frozen=True)
class Asked:
    """One page: its name, whose token opens it (None: nobody's), and the address."""

    name: str
    token: str | None
    path: str


def pages(city: City, url: str) -> Iterator[Asked]:
    """Yield the pages that show needs, people, or counts of them."""
    resident, pioneer = city.token(city.pioneers), city.token(0)
    staff, county = city.token(city.city_staff), city.token(city.city_staff + 1)
    need, own = city.number(7), _own(url, city)
    yield Asked("home, a visitor", None, "/")
    yield Asked("home, a resident", resident, "/")
    yield Asked("助力共富, the nearest", pioneer, "/needs")
    yield Asked("助力共富, by skill", pioneer, "/needs?skill=electric")
    yield Asked("助力共富, a rare word", pioneer, f"/needs?q={quote('楼道灯坏了，老人晚上看不见 777777')}")
    yield Asked("a need", pioneer, f"/need/{need}")
    yield Asked("a need, the one who asked", resident, f"/need/{own}")
    yield Asked("风采展示", pioneer, "/pioneers")
    yield Asked("风采展示, two characters", pioneer, f"/pioneers?q={quote('先锋')}")
    yield Asked("a pioneer", resident, "/pioneer/7")
    yield Asked("my needs", resident, "/me/needs")
    yield Asked("asking", resident, "/ask")
    for who, token in (("city", staff), ("county", county)):
        yield Asked(f"desk queue, {who}", token, "/desk")
        yield Asked(f"desk list, {who}", token, "/desk/matters")
        yield Asked(f"desk list, {who}, open", token, "/desk/matters?state=open")
        yield Asked(f"desk list, {who}, two characters", token, f"/desk/matters?words={quote('楼道')}")
        yield Asked(f"desk list, {who}, one need", token, f"/desk/matters?words={quote('看不见 777777')}")
        yield Asked(f"desk pioneers, {who}", token, "/desk/pioneers")
    yield Asked("a matter on the desk", staff, f"/desk/matters/{need}")


def _own(url: str, city: City) -> str:
    with psycopg.connect(url) as link:
        row = link.execute(
            "SELECT number FROM matters_matter WHERE requester_id = %s ORDER BY id LIMIT 1",
            [city.pioneers + 1],
        ).fetchone()
    return str(row[0]) if row else city.number(0)


def walk(port: int, asked: Asked, times: int = TIMES) -> Measured:
    """Ask for a page so often; the first time is counted too. Wrong is what was not answered with 200."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Accept-Language": "zh-CN", "Accept-Encoding": "gzip"}
    headers |= {"Cookie": f"xf_session={asked.token}"} if asked.token else {}
    latencies, wrong, begin = [], 0, perf_counter()
    for _ in range(times):
        start = perf_counter()
        link.request("GET", asked.path, headers=headers)
        answer = link.getresponse()
        answer.read()
        latencies.append(perf_counter() - start)
        wrong += answer.status != 200
    link.close()
    return measured(latencies, perf_counter() - begin, wrong)


def sign_in(port: int, mobile: str, consent: str) -> Measured:
    """Sign in as in the demo, both steps: ask for a code, exchange it."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    latencies, wrong, begin = [], 0, perf_counter()
    for n in range(TIMES):
        start = perf_counter()
        given = {"mobile": f"{mobile}{n:04d}", "consent": consent}
        for path in ("/api/v1/sessions/code", "/api/v1/sessions"):
            wanted = given if "code" in given else {"mobile": given["mobile"]}
            link.request("POST", path, json.dumps(wanted), {"Content-Type": "application/json"})
            answer = link.getresponse()
            told = json.loads(answer.read() or b"{}")
            wrong += answer.status >= 300
            given |= {"code": told.get("demo_code", "")}
        latencies.append(perf_counter() - start)
    link.close()
    return measured(latencies, perf_counter() - begin, wrong)
