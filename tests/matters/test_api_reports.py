"""Reports of abuse over the API: a need, a message, a rating's words; once, and by who can see it."""

import pytest

from tests.calling import Caller, served
from tests.cast import Cast, closed, need, taken
from tests.matters.watching import watching
from xianfeng.matters.models import AbuseReport, Matter, Rating
from xianfeng.matters.operations.talking import send_message

__all__ = ["served"]
pytestmark = pytest.mark.usefixtures("served")


def improper(kind: str, key: object) -> dict[str, object]:
    return {"kind": kind, "key": str(key), "reason": "insult", "text": "骂人"}


def test_a_need_a_message_and_a_rating_are_reported(cast: Cast) -> None:
    matter = taken(cast)
    message = send_message(matter.number, "你好", by=cast.pioneer.spokesperson)
    done = closed(cast)
    Rating.objects.filter(handling__matter=done).update(text="不好")
    rating = Rating.objects.get(handling__matter=done)
    for who, kind, key in (
        (cast.stranger, "matter", matter.number), (cast.resident, "message", message.pk),
        (cast.stranger, "rating", rating.pk),
    ):  # fmt: skip
        with watching() as seen:
            told = Caller(who).post("/reports", improper(kind, key))
        assert (told.status, told["kind"], told["judged"]) == (201, kind, False)
        assert seen.only("matter.abuse-reported").new["report"] == told["id"]
        assert AbuseReport.objects.get(pk=told["id"]).reporter == who


def test_the_same_report_again_is_the_same_report(cast: Cast) -> None:
    caller, body = Caller(cast.stranger), improper("matter", need(cast.resident).number)
    first = caller.post("/reports", body)
    with watching() as seen:
        assert caller.post("/reports", body)["id"] == first["id"]
    assert seen.nothing()


def test_what_cannot_be_seen_cannot_be_reported(cast: Cast) -> None:
    message = send_message(taken(cast).number, "你好", by=cast.pioneer.spokesperson)
    with watching() as seen:
        Caller(cast.stranger).post("/reports", improper("message", message.pk)).refused(404, "not-found")
        Caller(cast.stranger).post("/reports", improper("rating", "x")).refused(404, "not-found")
        assert Caller().post("/reports", improper("message", message.pk)).status == 401
        bad = improper("matter", need(cast.resident).number) | {"reason": "dull"}
    assert seen.entries[-1].code == "matter.raised"
    Caller(cast.stranger).post("/reports", bad).refused(422, "reason-unknown", "reason")


def test_a_need_beyond_the_city_is_marked_outside(cast: Cast) -> None:
    matter = need(cast.resident)
    assert Caller(cast.resident).get(f"/matters/{matter.number}")["outside"] is False
    Matter.objects.filter(pk=matter.pk).update(outside=True)
    assert Caller(cast.resident).get(f"/matters/{matter.number}")["outside"] is True
