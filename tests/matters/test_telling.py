"""What people and streams are told of what happened."""

import json
from collections.abc import Iterable

from tests.cast import Cast, booked, closed, need, taken
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import dispatch
from xianfeng.foundation.record.models import Announcement, Delivery, Entry, Outbox
from xianfeng.matters.operations.claim import accept, claim
from xianfeng.matters.operations.handling import call_team, release
from xianfeng.matters.operations.raising import withdraw
from xianfeng.matters.operations.talking import send_message


def deliver() -> None:
    """Carry everything that waits to its consumers."""
    while dispatch.run_once():
        pass


def _codes(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("id").values_list("code", flat=True))


def test_pioneers_near_with_the_skill_are_told_of_a_need_and_its_requester_is_not(cast: Cast) -> None:
    need(cast.resident)
    need(cast.resident, "想学法律", category="law")
    deliver()
    assert _codes(cast.pioneer.spokesperson) == ["matter.opened.near"]
    assert _codes(cast.resident) == []


def test_kin_are_not_asked_to_help(cast: Cast) -> None:
    need(cast.member)
    deliver()
    assert _codes(cast.speaker) == []
    assert _codes(cast.pioneer.spokesperson) == ["matter.opened.near"]


def test_nobody_is_sent_to_a_need_that_is_gone_when_the_worker_comes_round(cast: Cast) -> None:
    matter = need(cast.resident)
    withdraw(matter.number, by=cast.resident)
    deliver()
    assert not Notice.objects.exists()


def test_each_side_hears_what_the_other_did_and_not_what_it_did_itself(cast: Cast) -> None:
    closed(cast)
    deliver()
    assert _codes(cast.resident) == ["matter.claimed.requester", "matter.reported.requester"]
    assert "matter.rated.taker" in _codes(cast.pioneer.spokesperson)
    assert "matter.claimed.taker" not in _codes(cast.pioneer.spokesperson)


def test_the_pioneer_asked_hears_of_a_booking_and_the_requester_of_the_answer(cast: Cast) -> None:
    matter = booked(cast)
    deliver()
    assert _codes(cast.pioneer.spokesperson) == ["matter.raised.offered"]
    accept(matter.number, by=cast.pioneer.spokesperson)
    deliver()
    assert _codes(cast.resident) == ["matter.accepted.requester"]


def test_a_message_and_a_call_reach_whom_they_are_for(cast: Cast) -> None:
    matter = taken(cast)
    send_message(matter.number, "在路上", by=cast.pioneer.spokesperson)
    send_message(matter.number, "好的", by=cast.resident)
    call_team(matter.number, cast.collective.id, by=cast.pioneer.spokesperson)
    deliver()
    assert "matter.messaged.requester" in _codes(cast.resident)
    assert "matter.messaged.pioneer" in _codes(cast.pioneer.spokesperson)
    assert "matter.team-called.team" in _codes(cast.speaker)


def test_an_event_that_comes_twice_is_told_once(cast: Cast) -> None:
    taken(cast)
    deliver()
    before = Notice.objects.count()
    Delivery.objects.update(done_at=None)
    deliver()
    assert Notice.objects.count() == before


def _feed() -> list[tuple[str, str]]:
    rows = Announcement.objects.filter(topic="feed").order_by("id")
    return [(row.code, row.payload["number"]) for row in rows]


def test_the_feed_hears_when_a_need_comes_goes_and_comes_back(cast: Cast) -> None:
    matter = need(cast.resident)
    deliver()
    claim(matter.number, by=cast.pioneer.spokesperson)
    deliver()
    release(matter.number, by=cast.pioneer.spokesperson)
    deliver()
    assert _feed() == [
        ("matter.opened", matter.number),
        ("matter.gone", matter.number),
        ("matter.opened", matter.number),
    ]


def _said(rows: Iterable[tuple[object, ...]]) -> str:
    return json.dumps([[str(value) for value in row] for row in rows], ensure_ascii=False)


def test_record_outbox_and_streams_carry_no_words_of_people(cast: Cast) -> None:
    matter = taken(cast, title="秘密的难处", text="秘密的细节", address="秘密的门牌")
    send_message(matter.number, "秘密的话", by=cast.resident)
    release(matter.number, by=cast.pioneer.spokesperson, reason="秘密的原因")
    deliver()
    for model in (Entry, Outbox, Announcement):
        assert "秘密" not in _said(model.objects.values_list())
