"""The same need twice: what is open close by and says the same, and what was done there before. Asked before posting.

Likeness is the share of the typed words' keys (pairs of Han characters, whole Latin words) that stand in the other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from xianfeng.foundation.kernel import catalogue, texts
from xianfeng.foundation.kernel.statements import ask
from xianfeng.foundation.places import cells, locate

_METRES_A_DEGREE = 111_000.0  # a little less than there are, so that a box is never too small


@dataclass(frozen=True)
class Part:
    """A piece of a text; `marked` where it says what was asked for."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Alike:
    """A public need close by that says the same: how far it is, its title in parts, and what share it says of it."""

    number: str
    parts: list[Part]
    metres: float
    share: float
    closed_at: datetime | None


_FAR = """2 * 6371008.8 * asin(least(1, sqrt(power(sin(radians(m.lat - %(lat)s) / 2), 2)
    + cos(radians(%(lat)s)) * cos(radians(m.lat)) * power(sin(radians(m.lon - %(lon)s) / 2), 2))))"""
_AROUND = f"""SELECT x.* FROM (SELECT m.number, m.title, m.text, {_FAR} AS metres, m.closed_at FROM {{rows}} m
    WHERE NOT m.hidden AND m.lat BETWEEN %(south)s AND %(north)s AND m.lon BETWEEN %(west)s AND %(east)s
        AND NOT EXISTS (SELECT FROM matters_particulars p WHERE p.matter_id = m.id AND p.placed <> 'point')) x
    WHERE x.metres <= %(within)s ORDER BY x.metres, x.number LIMIT %(most)s"""  # noqa: S608 - constants
_OPEN = _AROUND.format(
    rows="(SELECT * FROM matters_matter WHERE state = 'open' AND cell = ANY(%(cells)s::bigint[]))"
)
_BEFORE = _AROUND.format(
    rows="(SELECT * FROM matters_matter WHERE area_id = %(area)s AND state = 'closed' ORDER BY raised_at DESC"
    " LIMIT %(looked)s)"
)


def open_now(words: str, lat: float, lon: float) -> list[Alike]:
    """Return open needs close to a point (WGS-84) that say the same as `words`, the likest first; one statement."""
    return _alike(words, lat, lon, _OPEN)


def before(words: str, lat: float, lon: float) -> list[Alike]:
    """Return needs that were closed close to a point and said the same, the likest first; one statement.

    Looked for among the newest of the point's own area, so that it costs the same in a city of any size.
    """
    return _alike(words, lat, lon, _BEFORE)


def _alike(words: str, lat: float, lon: float, statement: str) -> list[Alike]:
    numbers, keys = catalogue.load("limits")["similar"], set(texts.query_keys(words))
    if len(keys) < numbers["keys"]:
        return []
    found = [
        Alike(
            number,
            marked(title, keys),
            metres,
            len(keys & set(texts.bigrams(title, text))) / len(keys),
            closed_at,
        )
        for number, title, text, metres, closed_at in ask(statement, _given(lat, lon, numbers))
    ]
    alike = [one for one in found if 100 * one.share >= numbers["share_percent"]]
    return sorted(alike, key=lambda one: (-one.share, one.metres, one.number))[: numbers["shown"]]


def _given(lat: float, lon: float, numbers: dict[str, int]) -> dict[str, Any]:
    up = numbers["metres"] / _METRES_A_DEGREE
    aside = up / max(cos(radians(min(89.0, abs(lat)))), 0.01)
    return {
        "lat": lat, "lon": lon, "south": lat - up, "north": lat + up, "west": lon - aside, "east": lon + aside,
        "within": float(numbers["metres"]), "most": numbers["looked_at"], "looked": numbers["looked_at"],
        "cells": cells.disk(lat, lon, 1), "area": locate.locate(lat, lon).area.pk,
    }  # fmt: skip


def marked(text: str, keys: Collection[str]) -> list[Part]:
    """Return a text in parts, marked where one of `keys` stands in it; the parts together are the text."""
    lower = text.lower()
    if len(lower) != len(text):  # a rare letter grew: places would not be the same
        return [Part(text, marked=False)]
    on = [False] * len(text)
    for key in keys:
        at = lower.find(key)
        while at >= 0:
            if _whole(lower, at, key):
                on[at : at + len(key)] = [True] * len(key)
            at = lower.find(key, at + 1)
    return _parts(text, on)


def _whole(lower: str, at: int, key: str) -> bool:
    """Tell whether a Latin key stands there as a word of its own; Han keys stand anywhere."""
    if not key.isascii():
        return True
    around = lower[max(0, at - 1) : at] + lower[at + len(key) : at + len(key) + 1]
    return not any(mark.isascii() and mark.isalnum() for mark in around)


def _parts(text: str, on: list[bool]) -> list[Part]:
    parts: list[Part] = []
    for mark, lit in zip(text, on, strict=True):
        if parts and parts[-1].marked is lit:
            parts[-1] = Part(parts[-1].text + mark, lit)
        else:
            parts.append(Part(mark, lit))
    return parts
