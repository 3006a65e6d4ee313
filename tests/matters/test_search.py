"""Search: needs and what was said publicly about them, within the reader's rights, words marked."""

from time import perf_counter
from typing import Any

import pytest
from django.db import connection

from tests.calling import HERE, Caller, served
from tests.cast import Cast, closed, done, need
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import keepers
from xianfeng.foundation.record import dispatch
from xianfeng.matters import search
from xianfeng.matters.models import Matter, SearchKeys
from xianfeng.matters.operations.handling import Report
from xianfeng.matters.operations.talking import send_message

__all__ = ["served"]


def told() -> None:
    """Let what happened be told, as the worker does."""
    while dispatch.run_once():
        pass


def numbers(words: str, person: Person | None = None) -> list[str]:
    return [one.matter.number for one in search.find(words, person, limit=20)]


def test_a_need_is_found_by_its_words_and_they_are_marked(cast: Cast) -> None:
    matter = need(cast.resident, "三楼水管漏水", text="滴了两天，天花板湿了一片")
    need(cast.resident, "灯坏了")
    told()
    (found,) = search.find("水管", None, limit=20)
    assert found.matter.number == matter.number
    assert [(part.text, part.marked) for part in found.title] == [
        ("三楼", False), ("水管", True), ("漏水", False)
    ]  # fmt: skip
    (below,) = search.find("天花板", None, limit=20)
    assert "".join(part.text for part in below.words if part.marked) == "天花板"
    assert numbers("水管 天花板") == [matter.number]
    assert numbers("水管 灯坏") == []
    assert numbers("，。") == []


def test_what_was_reported_and_answered_is_found_too(cast: Cast) -> None:
    reported = done(cast, report=Report("垫圈老化，换了铜的"))
    answered = need(
        cast.resident, "灯不亮", service="street-light", answers={"fault": ["flickers"], "pole": ["A-1204"]}
    )
    told()
    assert numbers("垫圈") == [reported.number]
    assert numbers("一闪一闪") == [answered.number]


def test_messages_between_two_sides_are_never_found(cast: Cast) -> None:
    matter = need(cast.resident)
    send_message(matter.number, "密语暗号", by=cast.pioneer.spokesperson)
    told()
    search.index({matter.pk})
    assert numbers("暗号", cast.resident) == []


def test_who_may_not_see_a_matter_does_not_find_it(cast: Cast) -> None:
    matter = need(cast.resident, "不公开的水管")
    told()
    Matter.objects.filter(pk=matter.pk).update(hidden=True)
    assert numbers("水管") == []
    assert numbers("水管", cast.stranger) == []
    assert numbers("水管", cast.other_staff) == []
    assert numbers("水管", cast.resident) == [matter.number]
    assert numbers("水管", cast.staff) == [matter.number]


def test_the_keys_of_an_erased_person_are_gone(cast: Cast) -> None:
    need(cast.resident, "水管漏水")
    told()
    for keeper in keepers.from_above():
        if keeper.name.startswith("matters"):
            keeper.erase(cast.resident, clock.now())
    told()
    search.index_new()
    assert numbers("水管", cast.resident) == []
    assert not SearchKeys.objects.filter(keys__contains=["水管"]).exists()


def test_matters_of_before_the_search_get_their_keys(cast: Cast) -> None:
    matter = need(cast.resident, "水管漏水")
    assert search.index_new() == 1
    assert search.index_new() == 0
    assert numbers("水管") == [matter.number]


def test_pages_of_what_is_found_follow_each_other(cast: Cast, served: None) -> None:
    raised = [need(cast.resident, f"水管 {turn}").number for turn in range(3)]
    told()
    first = Caller().get("/matters/search?words=水管&limit=2")
    assert [one["matter"]["number"] for one in first["items"]] == raised[:0:-1]
    second = Caller().get(f"/matters/search?words=水管&limit=2&cursor={first['next']}")
    assert [one["matter"]["number"] for one in second["items"]] == raised[:1]
    assert second["next"] is None
    assert first["items"][0]["title"][0] == {"text": "水管", "marked": True}
    Caller().get("/matters/search?words=水管&cursor=x").refused(422, "cursor-invalid", "cursor")


def test_what_says_the_same_close_by_is_named(cast: Cast, served: None) -> None:
    waits, was = need(cast.resident, "楼道灯坏了"), closed(cast)
    Matter.objects.filter(pk=was.pk).update(title="楼道灯又坏了")
    far = need(cast.resident, "楼道灯坏了", north=0.01)
    here = {"lat": waits.lat, "lon": waits.lon, "datum": "wgs84"}
    asked = "&".join(f"{name}={value}" for name, value in here.items())
    answer = Caller().get(f"/matters/similar?words=楼道灯坏了&{asked}")
    assert [one["number"] for one in answer["open"]] == [waits.number]
    assert [one["number"] for one in answer["before"]] == [was.number]
    assert far.number not in str(answer.body)
    assert HERE


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_costs_the_same_at_one_row_and_at_three(
    cast: Cast, rows: int, django_assert_num_queries: Any
) -> None:
    for turn in range(rows):
        need(cast.resident, f"水管 {turn}")
    told()
    with django_assert_num_queries(4):
        assert len(search.find("水管", None, limit=20)) == rows


@pytest.mark.slow
def test_a_search_over_a_hundred_thousand_needs_keeps_its_statements_and_is_quick(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    first = need(cast.resident, "水管漏水")
    _many(first, 100_000)
    rare = need(cast.resident, "罕见的青铜古钟")
    search.index({first.pk, rare.pk})
    for words, count in (("水管", 21), ("青铜古钟", 1), ("无影无踪", 0)):
        with django_assert_num_queries(4 if count else 1):
            begun = perf_counter()
            found = search.find(words, None, limit=20)
        assert len(found) == count
        assert perf_counter() - begun < 1.0, words


def _many(first: Matter, count: int) -> None:
    """Fill the database with copies of one need, every tenth about pipes, keys and all, in three statements."""
    names = [
        field.column
        for field in Matter._meta.concrete_fields
        if field.column not in {"id", "number", "title"}
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    picked = ", ".join(f'm."{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO matters_matter (number, title, {columns}) SELECT 'T' || n, CASE WHEN n % 10 = 0 THEN"  # noqa: S608
            f" '水管 ' || n ELSE '灯不亮 ' || n END, {picked} FROM matters_matter m, generate_series(1, {count}) n"
            f" WHERE m.id = {first.pk}"
        )
        cursor.execute(
            "INSERT INTO matters_search (matter_id, keys) SELECT id, CASE WHEN title LIKE '水管%' THEN"
            " ARRAY['水', '水管', '管'] ELSE ARRAY['灯', '灯不', '不亮'] END FROM matters_matter WHERE number LIKE 'T%'"
        )
        cursor.execute("ANALYZE matters_search")
        cursor.execute("ANALYZE matters_matter")
