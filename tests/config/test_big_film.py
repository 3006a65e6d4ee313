"""A film of 2 GB is refused with a clear sentence before it is read; what may come is taken."""

import io
from typing import Any

import pytest

from xianfeng.config import gate
from xianfeng.foundation.kernel.refusals import Refusal, sentence, status
from xianfeng.foundation.ui.refusals import UNREAD


class Unread(io.RawIOBase):
    """A body that nobody may read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError(f"{size} bytes were read")


class Endless(io.RawIOBase):
    """A body without a length that never ends; `given` counts what was taken."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"\0" * size


def environ(path: str, body: Any, **more: str) -> dict[str, Any]:
    return {"PATH_INFO": path, "wsgi.input": body, "REMOTE_ADDR": "192.0.2.1", **more}


@pytest.mark.parametrize(
    "path", ["/achievement/7/video", "/api/v1/achievements/7/video", "/seat/a1/achievement/7/video"]
)
def test_two_gigabytes_are_refused_unread_with_their_own_sentence(path: str) -> None:
    asked = environ(path, Unread(), CONTENT_LENGTH=str(2 << 30))
    gate.Bodies().take_in(asked)
    refusal: Refusal = asked[UNREAD]
    assert (refusal.code, status(refusal.code), refusal.params) == ("video-too-big", 413, {"megabytes": 200})
    assert "200 MB" in sentence(refusal, "zh-hans")
    assert "video site" in sentence(refusal, "en")


def test_a_body_without_a_length_is_cut_off_at_the_limit() -> None:
    body = Endless()
    asked = environ("/achievement/7/video", body, HTTP_TRANSFER_ENCODING="chunked")
    gate.Bodies().take_in(asked)
    assert asked[UNREAD].code == "video-too-big"
    assert body.given <= (202 << 20)


def test_other_addresses_take_no_more_than_before() -> None:
    for path in ("/achievement/7/submit", "/achievement/x/video", "/ask"):
        asked = environ(path, Unread(), CONTENT_LENGTH=str(65 << 20))
        gate.Bodies().take_in(asked)
        assert asked[UNREAD].code == "body-too-big"


def test_a_film_below_the_limit_is_taken_whole() -> None:
    asked = environ("/achievement/7/video", io.BytesIO(b"\1" * (70 << 20)), CONTENT_LENGTH=str(70 << 20))
    gate.Bodies().take_in(asked)
    assert UNREAD not in asked
    assert asked["CONTENT_LENGTH"] == str(70 << 20)
    asked["wsgi.input"].close()
