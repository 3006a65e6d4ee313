"""Knowledge and honours that upper rooms tell of: each counts once, and the account sums with them."""

from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.matters.watching import watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.record.consumers import Event
from xianfeng.recognition.merit import events, operations, queries
from xianfeng.recognition.merit.models import Activity, Honour


def again(pioneer: Pioneer) -> Pioneer:
    return Pioneer.objects.get(pk=pioneer.pk)


def event(code: str, subject: int, **new: object) -> Event:
    return Event(1, clock.now(), code, "achievement", subject, 1, "system", 0, {}, dict(new))


def test_an_achievement_counts_once_however_often_it_is_told(cast: Cast) -> None:
    at = clock.now()
    assert operations.note_activity("achievement", 7, pioneer_id=cast.pioneer.id, at=at)
    with watching() as seen:
        assert not operations.note_activity("achievement", 7, pioneer_id=cast.pioneer.id, at=at)
    assert seen.nothing()
    operations.refresh()
    assert again(cast.pioneer).index_parts["knowledge"] == 0.25
    assert again(cast.second).index_parts["knowledge"] == 0


def test_what_is_withdrawn_counts_no_longer(cast: Cast) -> None:
    operations.note_activity("livestream", 7, pioneer_id=cast.pioneer.id, at=clock.now())
    operations.refresh()
    assert operations.withdraw_activity("livestream", 7, at=clock.now())
    assert not operations.withdraw_activity("livestream", 7, at=clock.now())
    assert operations.refresh() is not None
    assert again(cast.pioneer).index_parts["knowledge"] == 0


def test_an_honour_counts_by_its_level_until_it_ends(cast: Cast) -> None:
    at = clock.now()
    assert operations.note_honour(3, pioneer_id=cast.pioneer.id, level="city", since=at)
    assert not operations.note_honour(3, pioneer_id=cast.pioneer.id, level="city", since=at)
    operations.refresh()
    assert again(cast.pioneer).index_parts["honours"] == 3.0  # with the county's recognition
    assert operations.withdraw_honour(3, at=clock.now())
    assert not operations.withdraw_honour(3, at=clock.now())
    assert operations.refresh() is not None
    assert again(cast.pioneer).index_parts["honours"] == 1.0


def test_the_account_sums_with_what_upper_rooms_told(cast: Cast) -> None:
    for source in range(6):
        operations.note_activity("achievement", source, pioneer_id=cast.pioneer.id, at=clock.now())
    operations.note_honour(3, pioneer_id=cast.pioneer.id, level="national", since=clock.now())
    operations.refresh()
    told = queries.explain(again(cast.pioneer))
    assert told is not None
    assert abs(told.total - (again(cast.pioneer).index or 0)) < 1e-9
    assert [one.kind for one in told.activities] == ["achievement"] * 6
    assert sum(one.points for one in told.activities) == pytest.approx(1.0)
    assert {one.recognition_id < 0 for one in told.honours} == {True, False}


def test_events_of_upper_rooms_fill_the_input_tables(cast: Cast) -> None:
    ids = [cast.pioneer.id, cast.second.id]
    until = clock.now() + timedelta(days=400)
    events.take_in(
        [
            event("achievement.published", 5, pioneers=ids),
            event("live.ended", 5, pioneer=cast.pioneer.id),
            event("honour.conferred", 9, pioneer=ids[0], level="province", until=until.isoformat()),
        ]
    )
    assert set(Activity.objects.values_list("kind", "source", "pioneer_id")) == {
        ("achievement", 5, ids[0]), ("achievement", 5, ids[1]), ("livestream", 5, ids[0]),
    }  # fmt: skip
    assert Honour.objects.get(source=9).until == until
    events.take_in([event("achievement.withdrawn", 5), event("honour.revoked", 9)])
    assert Activity.objects.filter(withdrawn_at=None).count() == 1
    assert (Honour.objects.get(source=9).until or until) < until


def test_unknown_kinds_levels_and_pioneers_are_refused(cast: Cast) -> None:
    at = clock.now()
    with watching() as seen:
        with pytest.raises(ValueError, match="none of achievement"):
            operations.note_activity("song", 1, pioneer_id=cast.pioneer.id, at=at)
        with pytest.raises(ValueError, match="none of county"):
            operations.note_honour(1, pioneer_id=cast.pioneer.id, level="world", since=at)
        with pytest.raises(Missing):
            operations.note_activity("achievement", 1, pioneer_id=0, at=at)
    assert seen.nothing()
