"""Calls the API in tests, as somebody signed in with a bearer token or as a guest."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Person

HERE = {"lat": 30.89, "lon": 120.09, "datum": "wgs84"}
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    """What came back: status, body, headers."""

    status: int
    body: Any
    headers: dict[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    def refused(self, status: int, code: str, field_at_fault: str | None = None) -> "Answer":
        """Hold that it is a problem body with this status, code and field."""
        assert self.headers["Content-Type"] == PROBLEM, self
        assert (self.status, self["code"], self["field"]) == (status, code, field_at_fault)
        assert self["title"] == self["detail"]
        assert self["detail"]
        assert self["status"] == status
        return self


@dataclass
class Caller:
    """Somebody who calls the API."""

    person: Person | None = None
    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        if self.person:
            self.headers["Authorization"] = f"Bearer {token_of(self.person)}"

    def post(self, path: str, given: Any = None, **headers: str) -> Answer:
        """POST `given` as JSON (nothing at all when None)."""
        return self.send("POST", path, given, **headers)

    def get(self, path: str, **headers: str) -> Answer:
        """GET a path below /api/v1."""
        return self.send("GET", path, None, **headers)

    def send(self, method: str, path: str, given: Any = None, **headers: str) -> Answer:
        """Send any method; a header Idempotency-Key is written Idempotency_Key."""
        named = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        body = b"" if given is None else given if isinstance(given, bytes) else json.dumps(given).encode()
        response = self.client.generic(method, f"/api/v1{path}", body, "application/json", headers=named)
        kind = response.headers.get("Content-Type", "")
        read = (
            json.loads(response.content)
            if kind.partition(";")[0] in {"application/json", PROBLEM}
            else response.content
        )
        return Answer(response.status_code, read, dict(response.headers.items()))


def token_of(person: Person) -> str:
    """Return a token that signs `person` in."""
    return steps.open_session(person, "test", clock.now())


@pytest.fixture
def served(settings: Settings, tmp_path: Path) -> None:
    """The API as it is served; static files need not have been collected."""
    settings.STATIC_ROOT = tmp_path
