"""Chains, viewers, reminders and moderation from many connections at once."""

from collections import Counter

import pytest

from tests.cast import build_cast
from tests.racing import race
from tests.recognition.showcase.showing import announced, drafted, running, submitted
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Entry
from xianfeng.recognition.showcase.models import Achievement, Live, Subscription, View
from xianfeng.recognition.showcase.operations import achievements, lives
from xianfeng.recognition.showcase.operations.achievements import Draft

pytestmark = pytest.mark.race
HERE = "tests.recognition.showcase.test_race_showcase"


def grow(card: tuple[int, int, int]) -> int | None:
    """Play an author who says of a draft what it grew from."""
    row, root, by = card
    given = Draft(kind="method", title=f"办法{row}", text="先催芽，再摆盘。", grew_from=root)
    return achievements.change(row, given, by=Person.objects.get(pk=by)).grew_from_id


def watch(card: tuple[int, list[str]]) -> None:
    """Play a page that counts those who watch."""
    lives.count_viewers(card[0], card[1])


def subscribe(card: tuple[int, int]) -> bool:
    """Play one tap on the reminder."""
    return lives.subscribe(card[0], by=Person.objects.get(pk=card[1]))


def judge(card: tuple[int, str, int]) -> str:
    """Play one member of staff who decides on an achievement."""
    row, what, by = card
    return achievements.judge(row, what, by=Person.objects.get(pk=by), reason="看过了").state


def end(card: tuple[int, int]) -> str:
    """Play one tap that ends a broadcast."""
    return lives.end(card[0], by=Person.objects.get(pk=card[1])).state


def test_no_circle_of_achievements_comes_of_six_hands(own_database: str) -> None:
    """Each of three says it grew from the next, twice at the same moment: one of the three is refused."""
    cast = build_cast()
    rows = [drafted(cast, title=f"办法{at}").pk for at in range(3)]
    by = cast.pioneer.spokesperson_id
    cards = [[(rows[at % 3], rows[(at + 1) % 3], by)] for at in range(6)]
    tries = race(f"{HERE}:grow", cards, processes=3)
    assert {one.outcome for one in tries} == {"won", "chain-closed"}
    found = dict(Achievement.objects.values_list("id", "grew_from"))
    assert sum(root is not None for root in found.values()) == 2
    for start in rows:
        seen: set[int] = set()
        at: int | None = start
        while at is not None:
            assert at not in seen
            seen.add(at)
            at = found[at]
    assert list(verify.findings()) == []


def test_viewers_are_counted_once_each_however_many_pages_tell_of_them(own_database: str) -> None:
    cast = build_cast()
    live = running(cast)
    names = [f"b:{at}" for at in range(40)]
    cards = [[(live.pk, names[first : first + 25]) for first in (0, 5, 10, 15)] for _ in range(8)]
    tries = race(f"{HERE}:watch", cards, processes=4)
    assert {one.outcome for one in tries} == {"won"}
    assert Live.objects.get().viewers == View.objects.count() == 40


def test_a_reminder_asked_for_eight_times_at_once_is_one(own_database: str) -> None:
    cast = build_cast()
    live = announced(cast)
    tries = race(f"{HERE}:subscribe", [[(live.pk, cast.resident.pk)]] * 8, processes=4)
    assert {(one.outcome, one.answer) for one in tries} == {("won", True)}
    assert Subscription.objects.count() == 1
    assert Entry.objects.filter(code="live.subscribed").count() == 1
    assert list(verify.findings()) == []


def test_two_who_judge_differently_at_once_leave_one_judgement(own_database: str) -> None:
    cast = build_cast()
    row = submitted(cast)
    cards = [[(row.pk, what, cast.staff.pk)] for what in ("publish", "return") * 3]
    tries = race(f"{HERE}:judge", cards, processes=3)
    assert set(Counter(one.outcome for one in tries)) <= {"won", "showcase-wrong-state"}
    state = Achievement.objects.get().state
    assert {one.answer for one in tries if one.outcome == "won"} == {state}
    told = Entry.objects.filter(code__in=["achievement.published", "achievement.returned"])
    assert list(told.values_list("code", flat=True)) == [f"achievement.{state}"]


def test_a_broadcast_ends_once_while_pages_still_count(own_database: str) -> None:
    cast = build_cast()
    live = running(cast)
    tries = race(f"{HERE}:end", [[(live.pk, cast.pioneer.spokesperson_id)]] * 6, processes=3)
    assert {(one.outcome, one.answer) for one in tries} == {("won", "ended")}
    assert Entry.objects.filter(code="live.ended").count() == 1
    assert list(verify.findings()) == []
