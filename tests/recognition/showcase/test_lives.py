"""Live broadcasts: agreed to, announced, reminded of, started and ended, watched and commented on."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.cast import Cast
from tests.matters.test_telling import _codes, deliver
from tests.matters.watching import refused, watching
from tests.recognition.showcase.showing import announced, proposed, published, running, soon
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.recognition.showcase.models import Live, View
from xianfeng.recognition.showcase.operations import lives
from xianfeng.recognition.showcase.queries import lives as queries
from xianfeng.recognition.showcase.tasks import enforce_limits, remind


def test_a_broadcast_is_seen_by_others_only_once_its_organisation_agreed(cast: Cast) -> None:
    row = proposed(cast)
    for person in (None, cast.resident, cast.other_staff):
        with pytest.raises(Missing):
            queries.live_for(person, row.pk)
    with refused("not-found"):
        lives.judge(row.pk, "announce", by=cast.other_staff)
    with watching() as seen:
        lives.judge(row.pk, "announce", by=cast.staff)
    assert seen.only("live.announced").old == {"state": "proposed"}
    assert queries.live_for(None, row.pk).due_at == row.starts_at + timedelta(minutes=120)


def test_its_pioneer_starts_and_ends_it_and_nobody_else(cast: Cast) -> None:
    row = announced(cast)
    for act in (lives.start, lives.end, lives.cancel):
        with refused("not-found"):
            act(row.pk, by=cast.second.spokesperson)
    with refused("showcase-wrong-state"):
        lives.end(row.pk, by=cast.pioneer.spokesperson)
    assert lives.start(row.pk, by=cast.pioneer.spokesperson).started_at is not None
    with watching() as again:
        lives.start(row.pk, by=cast.pioneer.spokesperson)
    assert again.nothing()
    with watching() as seen:
        lives.end(row.pk, by=cast.pioneer.spokesperson)
    assert seen.only("live.ended").new == {"state": "ended", "viewers": 0, "pioneer": cast.pioneer.pk}


def test_subscribers_are_reminded_once_and_told_when_it_starts(cast: Cast) -> None:
    row = announced(cast, starts_at=soon(1))
    lives.subscribe(row.pk, by=cast.resident)
    with watching() as again:
        lives.subscribe(row.pk, by=cast.resident)
    assert again.nothing()
    lives.subscribe(row.pk, by=cast.stranger)
    lives.subscribe(row.pk, by=cast.stranger, wanted=False)
    assert remind() == 0
    with time_machine.travel(row.starts_at - timedelta(minutes=14)):
        assert (remind(), remind()) == (1, 0)
        deliver()
        lives.start(row.pk, by=cast.pioneer.spokesperson)
        deliver()
    assert _codes(cast.resident) == ["live.reminded.subscriber", "live.started.subscriber"]
    assert _codes(cast.stranger) == []


def test_a_viewer_is_counted_once_and_only_while_there_is_something_to_see(cast: Cast) -> None:
    row = announced(cast)
    lives.count_viewers(row.pk, ["a"])
    lives.start(row.pk, by=cast.pioneer.spokesperson)
    with watching() as seen:
        lives.count_viewers(row.pk, ["a", "b", "a"])
    assert seen.entries == []
    lives.count_viewers(row.pk, ["a", "c"])
    row.refresh_from_db()
    assert (row.viewers, View.objects.filter(live=row).count()) == (3, 3)
    assert not any(bytes(one.viewer) == b"a" for one in View.objects.all())


def test_a_comment_is_read_by_others_once_the_pioneer_or_staff_let_it_through(cast: Cast) -> None:
    row = running(cast)
    first, second = (lives.comment(row.pk, words, by=cast.resident) for words in ("讲得好", "广告"))
    seen = {
        person: [one.pk for one in queries.comments_of(row, by=person)] for person in (None, cast.stranger)
    }
    assert seen == {None: [], cast.stranger: []}
    assert len(queries.comments_of(row, by=cast.resident)) == 2
    with refused("not-found"):
        lives.judge_comment(first.pk, by=cast.stranger, shown=True)
    lives.judge_comment(first.pk, by=cast.pioneer.spokesperson, shown=True)
    lives.judge_comment(second.pk, by=cast.staff, shown=False)
    assert [one.text for one in queries.comments_of(row, by=None)] == ["讲得好"]
    lives.judge_comment(first.pk, by=cast.staff, shown=False)
    assert queries.comments_of(row, by=None) == []


def test_nobody_comments_on_what_has_not_begun(cast: Cast) -> None:
    row = announced(cast)
    with refused("showcase-wrong-state"):
        lives.comment(row.pk, "早", by=cast.resident)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"starts_at": soon(-1)}, "time-past", "starts_at"),
        ({"starts_at": soon(24 * 91)}, "time-too-far", "starts_at"),
        ({"link": ""}, "text-missing", "link"), ({"link": "ftp://x"}, "link-invalid", "link"),
        ({"title": ""}, "text-missing", "title"), ({"achievement_id": 0}, "achievement-unknown", "achievement"),
    ],
)  # fmt: skip
def test_what_cannot_be_broadcast_is_refused(
    cast: Cast, given: dict[str, Any], code: str, field: str
) -> None:
    with refused(code, field):
        proposed(cast, **given)


def test_it_shows_an_achievement_of_its_own_pioneer_alone(cast: Cast) -> None:
    other = published(cast, cast.second)
    with refused("achievement-unknown"):
        proposed(cast, achievement_id=other.pk)
    assert proposed(cast, achievement_id=published(cast).pk).achievement_id


@pytest.mark.parametrize(
    ("state", "hours", "after", "code"),
    [
        ("proposed", 3, "cancelled", "live.lapsed"), ("announced", 5, "cancelled", "live.missed"),
        ("live", 7, "ended", "live.cut"),
    ],
)  # fmt: skip
def test_no_broadcast_lies_forgotten(cast: Cast, state: str, hours: int, after: str, code: str) -> None:
    row: Live = {"proposed": proposed, "announced": announced, "live": running}[state](cast)
    assert enforce_limits() == 0
    with time_machine.travel(clock.now() + timedelta(hours=hours)), watching() as seen:
        assert enforce_limits() == 1
    seen.only(code)
    row.refresh_from_db()
    assert (row.state, row.due_at) == (after, None)


def test_what_runs_comes_first_then_what_comes_soonest_then_what_is_over(cast: Cast) -> None:
    later, sooner = announced(cast, starts_at=soon(5)), announced(cast, starts_at=soon(3))
    over = running(cast)
    lives.end(over.pk, by=cast.pioneer.spokesperson)
    runs = running(cast, cast.second)
    assert list(queries.public()) == [runs, sooner, later, over]
    assert list(queries.public(area=cast.there)) == [runs]
