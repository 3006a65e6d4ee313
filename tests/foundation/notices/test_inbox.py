"""The inbox: each event once, in the reader's language, read by its owner alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, closed, done, taken
from tests.matters.test_telling import deliver
from tests.matters.watching import watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.notices import operations, queries, steps
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.notices.steps import Telling
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.models import Announcement, Delivery

CODE = "matter.claimed.requester"


def _telling(person: Person, event: int = 1, code: str = CODE, minutes: int = 0) -> Telling:
    at = clock.now() + timedelta(minutes=minutes)
    return Telling(person.id, code, "261101-000001", event, at, {"title": "灯坏了", "pioneer": "先锋甲"})


def test_an_event_told_again_stands_once_in_the_inbox(cast: Cast) -> None:
    for _ in range(3):
        steps.tell([_telling(cast.resident), _telling(cast.resident)])
    assert queries.inbox(cast.resident).count() == 1


def test_a_notice_that_was_read_stays_read_when_its_event_comes_again(cast: Cast) -> None:
    steps.tell([_telling(cast.resident)])
    operations.mark_read(None, by=cast.resident)
    steps.tell([_telling(cast.resident)])
    assert queries.unread_count(cast.resident) == 0


def test_one_event_may_tell_several_people_and_several_things(cast: Cast) -> None:
    steps.tell(
        [_telling(cast.resident), _telling(cast.stranger), _telling(cast.resident, code="matter.rated.taker")]
    )
    assert (queries.inbox(cast.resident).count(), queries.inbox(cast.stranger).count()) == (2, 1)


def test_telling_nothing_writes_nothing(cast: Cast) -> None:
    with watching() as seen:
        assert steps.tell([]) == 0
    assert seen.nothing()


def test_each_notice_is_announced_to_its_person_alone_without_words(cast: Cast) -> None:
    steps.tell([_telling(cast.resident)])
    row = Announcement.objects.get()
    assert (row.topic, row.code, row.payload) == (
        f"person:{cast.resident.id}",
        CODE,
        {"about": "261101-000001"},
    )


def test_nobody_is_told_of_what_they_did_themselves(cast: Cast) -> None:
    closed(cast)
    deliver()
    for person, did in ((cast.resident, "matter.rated"), (cast.pioneer.spokesperson, "matter.claimed")):
        codes = Notice.objects.filter(person=person).values_list("code", flat=True)
        assert codes
        assert not [code for code in codes if code.startswith(did)]


def test_events_delivered_again_and_again_leave_the_inbox_as_it_is(cast: Cast) -> None:
    closed(cast)
    deliver()
    before = list(Notice.objects.order_by("id").values())
    for _ in range(2):
        Delivery.objects.update(done_at=None)
        deliver()
    assert list(Notice.objects.order_by("id").values()) == before


def test_the_inbox_is_newest_first_and_ones_own(cast: Cast) -> None:
    steps.tell(
        [_telling(cast.resident, event, minutes=minutes) for event, minutes in ((1, 0), (2, 5), (3, 1))]
    )
    steps.tell([_telling(cast.stranger, 4)])
    assert [notice.event_id for notice in queries.inbox(cast.resident)] == [2, 3, 1]


def test_unread_are_counted_until_read_and_reading_touches_ones_own_alone(cast: Cast) -> None:
    steps.tell([_telling(cast.resident, event) for event in range(3)])
    steps.tell([_telling(cast.stranger, 9)])
    foreign = Notice.objects.get(person=cast.stranger)
    first = queries.inbox(cast.resident)[0]
    assert queries.unread_count(cast.resident) == 3
    with watching() as seen:
        assert operations.mark_read([first.id, foreign.id, 10**9], by=cast.resident) == 1
    assert seen.rows == {"notices_notice": {first.id}}
    assert operations.mark_read(None, by=cast.resident) == 2
    assert operations.mark_read(None, by=cast.resident) == 0
    assert operations.mark_read([], by=cast.stranger) == 0
    assert (queries.unread_count(cast.resident), queries.unread_count(cast.stranger)) == (0, 1)


def test_a_line_is_told_in_the_readers_language(cast: Cast) -> None:
    steps.tell([_telling(cast.resident)])
    notice = queries.inbox(cast.resident)[0]
    chinese, english = queries.line(notice, "zh-hans"), queries.line(notice, "en")
    assert chinese.sentence == "先锋甲 接了您的求助：灯坏了"
    assert english.sentence == "先锋甲 took your need: 灯坏了"
    assert (chinese.about, chinese.unread, chinese.code) == ("261101-000001", True, CODE)


def test_words_with_braces_are_shown_as_they_were_written(cast: Cast) -> None:
    telling = Telling(cast.resident.id, CODE, "1", 1, clock.now(), {"title": "{title} {0}", "pioneer": "{x}"})
    steps.tell([telling])
    assert (
        queries.line(queries.inbox(cast.resident)[0], "zh-hans").sentence == "{x} 接了您的求助：{title} {0}"
    )


def test_a_line_whose_code_or_field_is_gone_is_still_readable(cast: Cast) -> None:
    steps.tell(
        [Telling(cast.resident.id, CODE, "1", 1, clock.now()), _telling(cast.resident, 2, "gone.code")]
    )
    lines = {queries.line(notice, "zh-hans").sentence for notice in queries.inbox(cast.resident)}
    assert lines == {"… 接了您的求助：…", "gone.code"}


@pytest.mark.parametrize("rows", [1, 3])
def test_inbox_count_and_marking_cost_the_same_at_one_row_and_at_three(cast: Cast, rows: int) -> None:
    for _ in range(rows):
        done(cast)
    deliver()
    costs = {}
    for name, read in (
        ("inbox", lambda: [queries.line(notice, "en") for notice in queries.inbox(cast.resident)]),
        ("unread", lambda: queries.unread_count(cast.resident)),
        ("read", lambda: operations.mark_read(None, by=cast.resident)),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert read()
        costs[name] = len([query for query in asked if "SAVEPOINT" not in query["sql"]])
    assert costs == {"inbox": 1, "unread": 1, "read": 1}


@pytest.mark.parametrize("rows", [1, 3])
def test_telling_costs_the_same_at_one_row_and_at_three(cast: Cast, rows: int) -> None:
    with CaptureQueriesContext(connection) as asked:
        steps.tell([_telling(cast.resident, event) for event in range(rows)])
    statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 4, statements


def test_a_delivery_tells_both_sides_of_what_is_in_hand(cast: Cast) -> None:
    matter = taken(cast)
    deliver()
    lines = [queries.line(notice, "zh-hans") for notice in queries.inbox(cast.resident)]
    assert [(line.sentence, line.about) for line in lines] == [
        ("先锋甲 接了您的求助：灯坏了，帮忙看看", matter.number)
    ]
