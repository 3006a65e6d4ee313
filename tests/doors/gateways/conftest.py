"""A program that talks to Open311: forms out, XML or JSON back, each answer held to the manners of the protocol."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import Settings

from xianfeng.doors.gateways.open311 import flood
from xianfeng.foundation.people import keys
from xianfeng.matters import services

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
BASE = "/open311/v2"
FORM = "application/x-www-form-urlencoded"
XML_TYPE, JSON_TYPE = "text/xml; charset=utf-8", "application/json; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What came back, read: JSON as it is, XML as its root element."""

    status: int
    body: Any
    raw: bytes
    headers: dict[str, str]

    @property
    def codes(self) -> list[int]:
        """Return the codes of an error body, having held its shape."""
        if isinstance(self.body, ET.Element):
            assert self.body.tag == "errors"
            assert all([child.tag for child in one] == ["code", "description"] for one in self.body)
            rows = [{child.tag: child.text or "" for child in one} for one in self.body]
        else:
            rows = self.body
            assert all(list(row) == ["code", "description"] for row in rows)
            assert all(isinstance(row["code"], int) for row in rows)
        assert rows
        assert all(row["description"] for row in rows)
        return [int(row["code"]) for row in rows]

    def refused(self, status: int, *codes: int) -> "Answer":
        """Hold that it is an error body with this HTTP status; `codes` are those of the body where they differ."""
        assert self.status == status, self.raw
        assert self.codes[: len(codes) or 1] == (list(codes) or [status])
        return self


@dataclass
class Program:
    """A client with an api_key."""

    key: str = ""
    client: Client = field(default_factory=Client)
    language: str = "en"

    def get(self, path: str, **parameters: Any) -> Answer:
        """GET a path below the base, suffix included."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return self.send("GET", f"{path}{query}")

    def post(self, path: str, given: dict[str, Any] | list[tuple[str, Any]], *, keyed: bool = True) -> Answer:
        """POST a form, with the key unless `keyed` is off."""
        pairs = list(given.items()) if isinstance(given, dict) else given
        if keyed:
            pairs = [("api_key", self.key), *pairs]
        return self.send("POST", path, urlencode(pairs).encode(), FORM)

    def send(self, method: str, path: str, body: bytes = b"", content_type: str = "") -> Answer:
        """Send anything."""
        where = path if path.startswith("/open311") else f"{BASE}{path}"
        answer = self.client.generic(
            method, where, body, content_type, headers={"Accept-Language": self.language}
        )
        kind = answer.headers["Content-Type"]
        ending = "json" if where.partition("?")[0].endswith(".json") else "xml"
        assert kind == (JSON_TYPE if ending == "json" else XML_TYPE)
        if method == "HEAD":
            return Answer(answer.status_code, None, answer.content, dict(answer.headers.items()))
        if ending == "json":
            read: Any = json.loads(answer.content.decode("utf-8"))
        else:
            assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
            assert b"xmlns" not in answer.content
            read = ET.fromstring(answer.content.decode("utf-8"))  # noqa: S314 - our own
        return Answer(answer.status_code, read, answer.content, dict(answer.headers.items()))

    def report(self, **more: Any) -> str:
        """Report a damaged road at the city's middle; return its number."""
        given = {"service_code": "road-damage", "lat": "30.87", "long": "120.09", **more}
        answer = self.post(
            "/requests.json", {name: value for name, value in given.items() if value is not None}
        )
        assert answer.status == 201, answer.raw
        return str(answer.body[0]["service_request_id"])

    def row(self, number: str) -> dict[str, Any]:
        """Return one request as JSON."""
        answer = self.get(f"/requests/{number}.json")
        assert answer.status == 200, answer.raw
        row: dict[str, Any] = answer.body[0]
        return row

    def numbers(self, **parameters: Any) -> list[str]:
        """Return the numbers of the requests asked for, as they come."""
        answer = self.get("/requests.json", **parameters)
        assert answer.status == 200, answer.raw
        return [row["service_request_id"] for row in answer.body]


@pytest.fixture(autouse=True)
def uncollected(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Static files need not have been collected; photographs go to a folder of their own; no key was seen before."""
    settings.STORAGES, settings.STATIC_ROOT = {**settings.STORAGES, "staticfiles": PLAIN}, tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    flood.forget()
    yield
    flood.forget()


@pytest.fixture
def program(areas_loaded: None, db: None) -> Iterator[Program]:
    """A program with a roomy key, in a city without people."""
    services.forget()
    services.load_catalogue()
    yield Program(keys.issue_for_house("别处的程序", per_minute=6000).key)
    services.forget()


def rows_of(answer: Answer, item: str) -> list[dict[str, str | None]]:
    """Return the rows of an XML list: each child's text by its tag."""
    assert all(one.tag == item for one in answer.body)
    return [{child.tag: child.text for child in one} for one in answer.body]
