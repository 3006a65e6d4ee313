"""The public API as the city's people use it: signed in by number and code, patient when told to wait."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from xianfeng.foundation.people import mobiles
from xianfeng.foundation.people.models import Person

Json = dict[str, Any]
LONGEST_WAIT = 300.0


class Wait(Exception):
    """The server is away or asks for patience: nothing more is tried for `seconds`."""

    def __init__(self, seconds: float, why: str) -> None:
        self.seconds = min(seconds, LONGEST_WAIT)
        super().__init__(why)


@dataclass
class Api:
    """Calls of /api/v1 below `base`; keeps a token for each person."""

    base: str
    tokens: dict[int, str] = field(default_factory=dict)
    failures: int = 0

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=f"{self.base.rstrip('/')}/api/v1", timeout=10)

    def act(self, person: Person, path: str, key: str, **given: Any) -> Json | None:
        """Post as `person` with an idempotency key; None when it was refused (somebody was quicker, say).

        Raises Wait when the server is away, fails, or asks for patience.
        """
        for _ in range(2):
            headers = {"Authorization": f"Bearer {self._token(person)}", "Idempotency-Key": key}
            answer = self._post(path, given, headers)
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                return _json(answer)
            self.tokens.pop(person.id, None)
        return None

    def _token(self, person: Person) -> str:
        if person.id not in self.tokens:
            mobile = mobiles.opened(
                bytes(person.mobile_sealed)
            )  # an invented number: the demo prints it itself
            code = (_json(self._post("/sessions/code", {"mobile": mobile})) or {}).get("demo_code", "")
            token = (_json(self._post("/sessions", {"mobile": mobile, "code": code})) or {}).get("token")
            if not token:
                raise Wait(30, "nobody can sign in")
            self.tokens[person.id] = str(token)
        return self.tokens[person.id]

    def _post(self, path: str, given: Json, headers: dict[str, str] | None = None) -> httpx.Response:
        try:
            answer = self.client.post(path, json=given, headers=headers)
        except httpx.HTTPError as error:
            raise self._away(type(error).__name__) from error
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise Wait(_seconds(answer.headers.get("Retry-After", "")), "asked to wait")
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise self._away(str(answer.status_code))
        self.failures = 0
        return answer

    def _away(self, why: str) -> Wait:
        self.failures += 1
        return Wait(2.0 ** min(self.failures, 6), why)


def _seconds(told: str) -> float:
    return float(told) if told.isdigit() else 30.0


def _json(answer: httpx.Response) -> Json | None:
    if not answer.is_success:
        return None
    read: Json = answer.json()
    return read
