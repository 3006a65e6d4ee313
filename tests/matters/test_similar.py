"""What says the same close by, open now and done before, with its words marked."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, closed, need
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.places import city, locate
from xianfeng.matters import similar
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.raising import withdraw

WORDS = "楼道灯坏了"


def now(words: str = WORDS, *, north: float = 0.0) -> list[str]:
    middle = city.served()
    return [one.number for one in similar.open_now(words, middle.lat + north, middle.lon)]


def test_an_open_need_close_by_that_says_the_same_is_found(cast: Cast) -> None:
    same = need(cast.resident, "楼道的灯坏了，老人看不见")
    need(cast.resident, "孩子的作业没人辅导")
    assert now() == [same.number]


@pytest.mark.parametrize(
    ("north", "found"), [(0.0, True), (0.0022, True), (0.0023, False), (-0.0022, True), (1.0, False)]
)
def test_it_is_looked_for_within_250_metres(cast: Cast, north: float, found: bool) -> None:
    need(cast.resident, WORDS)
    assert bool(now(north=north)) is found


def test_the_words_of_its_text_count_too(cast: Cast) -> None:
    need(cast.resident, "请来看看", text="楼道灯坏了好几天")
    assert len(now()) == 1


def test_the_likest_comes_first_and_no_more_than_three(cast: Cast) -> None:
    half = need(cast.resident, "楼道灯")
    whole = [need(cast.resident, WORDS) for _ in range(3)]
    assert now() == [one.number for one in whole]
    assert half.number not in now()


@pytest.mark.parametrize("words", ["", "灯", "  ", "?", "灯 "])
def test_one_character_is_too_little_to_look_for(cast: Cast, words: str) -> None:
    need(cast.resident, WORDS)
    assert now(words) == []


def test_what_is_not_public_or_not_open_is_not_named(cast: Cast) -> None:
    hidden, gone = need(cast.resident, WORDS), need(cast.resident, WORDS)
    Matter.objects.filter(pk=hidden.pk).update(hidden=True)
    withdraw(gone.number, by=cast.resident)
    need(cast.resident, WORDS, service="help-booking", pioneer_id=cast.pioneer.pk)
    assert now() == []


def test_what_happened_here_before_is_found_by_the_same_words(cast: Cast) -> None:
    with time_machine.travel(clock.now() - timedelta(days=200), tick=False):
        old = closed(cast)
    middle = city.served()
    (found,) = similar.before("灯坏了，帮忙看看吧", middle.lat, middle.lon)
    assert (found.number, found.closed_at) == (old.number, old.closed_at)
    assert similar.before("孩子作业没人辅导", middle.lat, middle.lon) == []
    assert similar.before("灯坏了，帮忙看看吧", middle.lat + 0.01, middle.lon) == []


def test_one_statement_each_whatever_lies_there(cast: Cast) -> None:
    for _ in range(3):
        need(cast.resident, WORDS)
    locate.locate(30.87, 120.09)
    with CaptureQueriesContext(connection) as seen:
        now()
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("text", "keys", "marked"),
    [
        ("楼道的灯坏了", {"楼道", "坏了"}, "[楼道]的灯[坏了]"), ("灯坏了坏了", {"坏了"}, "灯[坏了坏了]"),
        ("Street lamp is out", {"lamp", "out"}, "Street [lamp] is [out]"), ("without", {"out"}, "without"),
        ("wifi坏了", {"wifi"}, "[wifi]坏了"), ("什么都没有", {"灯坏"}, "什么都没有"), ("", {"灯坏"}, ""),
        ("İstanbul", {"i"}, "İstanbul"),
    ],
)  # fmt: skip
def test_words_are_marked_where_they_stand(text: str, keys: set[str], marked: str) -> None:
    parts = similar.marked(text, keys)
    assert "".join(f"[{part.text}]" if part.marked else part.text for part in parts) == marked
    assert "".join(part.text for part in parts) == text
