"""The quiet life waits when it is told to, signs in anew when it must, and takes a refusal for an answer."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.cast import Cast
from xianfeng.doors.demo.life_api import Api, Wait

Answer = tuple[int, dict[str, str], dict[str, object]]


@dataclass
class Server:
    """A server of somebody else's making: gives prepared answers, and keeps what it was asked."""

    base: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    plan = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            plan.asked.append(
                (self.path, self.headers.get("Authorization", ""), self.headers.get("Idempotency-Key", ""))
            )
            status, headers, body = plan.answers.pop(0)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        plan.base = f"http://127.0.0.1:{served.server_port}"
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield plan
        served.shutdown()


SIGN_IN: list[Answer] = [(200, {}, {"demo_code": "123456"}), (200, {}, {"token": "first"})]


def test_a_person_signs_in_once_and_acts_with_a_key(server: Server, cast: Cast) -> None:
    server.answers = [*SIGN_IN, (201, {}, {"number": "1"}), (200, {}, {"number": "2"})]
    api = Api(server.base)
    assert api.act(cast.resident, "/matters", "k1", title="灯坏了") == {"number": "1"}
    assert api.act(cast.resident, "/matters", "k2", title="灯坏了") == {"number": "2"}
    paths = [path for path, *_ in server.asked]
    assert paths == ["/api/v1/sessions/code", "/api/v1/sessions", "/api/v1/matters", "/api/v1/matters"]
    assert server.asked[-1][1:] == ("Bearer first", "k2")


def test_an_ended_session_is_opened_anew(server: Server, cast: Cast) -> None:
    server.answers = [*SIGN_IN, (401, {}, {}), *SIGN_IN, (200, {}, {"number": "1"})]
    assert Api(server.base).act(cast.resident, "/matters", "k1") == {"number": "1"}


def test_a_refusal_is_an_answer(server: Server, cast: Cast) -> None:
    server.answers = [*SIGN_IN, (409, {}, {"code": "already-taken"})]
    assert Api(server.base).act(cast.resident, "/matters/1/claim", "k1") is None


def test_told_to_wait_it_waits_as_long_as_told(server: Server, cast: Cast) -> None:
    server.answers = [(429, {"Retry-After": "7"}, {})]
    with pytest.raises(Wait) as told:
        Api(server.base).act(cast.resident, "/matters", "k1")
    assert told.value.seconds == 7


def test_a_failing_or_missing_server_is_tried_later_and_later(server: Server, cast: Cast) -> None:
    server.answers = [(503, {}, {}), (500, {}, {})]
    api = Api(server.base)
    waits = []
    for _ in range(2):
        with pytest.raises(Wait) as told:
            api.act(cast.resident, "/matters", "k1")
        waits.append(told.value.seconds)
    assert waits == [2, 4]
    with pytest.raises(Wait, match="ConnectError"):
        Api("http://127.0.0.1:9").act(cast.resident, "/matters", "k1")
