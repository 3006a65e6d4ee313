"""What is asked for, one after the other, in both ways: as a request over HTTP and as the bare statement."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from bench.city import City
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import cells
from xianfeng.foundation.places import queries as areas
from xianfeng.foundation.record import digest
from xianfeng.matters import nearest, queries
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.raising import Need, raise_matter
from xianfeng.matters.states import State

KINDS = ("feed", "post", "claim")
TITLE, TEXT = "水龙头一直滴水", "厨房的水龙头关不紧，一直滴水，想请会修的来看看，周末都在家。"
Statement = tuple[str, dict[str, Any]]


def request(method: str, path: str, token: str, body: Any = None) -> bytes:
    """Return one request as it goes over a kept connection."""
    payload = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    lines = [
        f"{method} /api/v1{path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}",
        "Accept-Language: zh-CN", "Connection: keep-alive",
        *(["Content-Type: application/json", f"Content-Length: {len(payload)}"] if payload else []),
    ]  # fmt: skip
    return "\r\n".join([*lines, "", ""]).encode() + payload


def _points(rng: random.Random) -> Iterator[tuple[float, float, int]]:
    towns = [town for town in areas.towns() if town.lat and town.lon]
    while True:
        town = rng.choice(towns)
        yield (
            round((town.lat or 0) + rng.uniform(-0.03, 0.03), 5),
            round((town.lon or 0) + rng.uniform(-0.03, 0.03), 5),
            town.pk,
        )


def requests(kind: str, city: City, first: int) -> Iterator[bytes]:
    """Yield requests of a kind for ever; claims begin with the need and the pioneer `first`."""
    rng = random.Random(first + 1)
    for n, (lat, lon, _) in enumerate(_points(rng), first):
        if kind == "feed":
            token = city.token(rng.randrange(city.pioneers))
            yield request("GET", f"/matters?near={lat},{lon}&service=help-open", token)
        elif kind == "post":
            token = city.token(city.pioneers + rng.randrange(city.residents))
            given = {
                "service": "help-open",
                "title": TITLE,
                "text": TEXT,
                "lat": lat,
                "lon": lon,
                "datum": "wgs84",
            }
            yield request("POST", "/matters", token, given)
        else:
            yield request(
                "POST",
                f"/matters/{city.number(n)}/claim",
                city.token(n % city.pioneers),
                {"first_reply": "马上来"},
            )


def statements(kind: str, city: City, first: int) -> Iterator[Statement]:
    """Yield the statements that those requests come to, without session, rules, HTTP or JSON.

    The text is the operation's own: it is listened to once, then asked again with other parameters.
    """
    text, given = _heard(kind, city, first)
    rng = random.Random(first + 1)
    for n, (lat, lon, area) in enumerate(_points(rng), first):
        at = datetime.now(UTC)
        if kind == "feed":
            yield nearest.statement(lat, lon, {**given}, wide=False)
        elif kind == "post":
            person = city.pioneers + 1 + rng.randrange(city.residents)
            place = {"lat": lat, "lon": lon, "cell": cells.cell(lat, lon), "area_id": area}
            yield text, {**given, **place, "at": at, "requester_id": person, "actor_id": person}
        elif n > first:
            pioneer = n % city.pioneers + 1
            new = digest.facts({"state": State.TAKEN, "taken_by": pioneer})
            yield (
                text,
                {
                    **given,
                    "number": city.number(n),
                    "pioneer": pioneer,
                    "actor_id": pioneer,
                    "at": at,
                    "new": new,
                },
            )


def _heard(kind: str, city: City, first: int) -> Statement:
    """Return the statement with which the operation of `kind` writes, by doing it once."""
    heard: list[Statement] = []

    def listen(execute: Any, text: str, given: Any, many: bool, context: Any) -> Any:
        heard.append((text, given))
        return execute(text, given, many, context)

    with connection.execute_wrapper(listen):
        if kind == "feed":
            town = next(town for town in areas.towns() if town.lat and town.lon)
            queries.open_near(town.lat or 0.0, town.lon or 0.0, limit=21)  # where many wait: one statement
            return heard[-1][0], {
                name: value for name, value in heard[-1][1].items() if name not in {"lat", "lon"}
            }
        if kind == "post":
            town = next(town for town in areas.towns() if town.lat and town.lon)
            need = Need(title=TITLE, text=TEXT, lat=town.lat or 0.0, lon=town.lon or 0.0, datum="wgs84")
            raise_matter(need, by=_first_resident(city))
        elif kind == "claim":
            claim(city.number(first), by=_first_pioneer(city, first), first_reply="马上来")
    return next(one for one in reversed(heard) if "record_outbox" in one[0])


def _first_resident(city: City) -> Person:
    return Person.objects.get(pk=city.pioneers + 1)


def _first_pioneer(city: City, first: int) -> Person:
    return Person.objects.get(pk=first % city.pioneers + 1)
