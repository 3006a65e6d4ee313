from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.places import queries, tree
from xianfeng.foundation.places.models import Area

Counts = Callable[[int], AbstractContextManager[object]]


def test_the_city_has_five_counties_seventy_two_towns_and_1301_villages(huzhou: Area) -> None:
    areas = tree.current()
    counted = [len(areas.inside(huzhou, level)) for level in ("city", "county", "town", "village")]
    assert counted == [1, 5, 72, 1301]
    assert len(queries.subtree_ids(huzhou)) == 1379


def test_a_subtree_is_the_same_in_memory_and_by_the_indexed_path(huzhou: Area) -> None:
    county = queries.by_code("330521")
    by_path = Area.objects.filter(path__contains=[county.pk]).values_list("id", flat=True)
    assert sorted(by_path) == queries.subtree_ids(county)


def test_ancestors_run_from_the_city_down(huzhou: Area) -> None:
    village = queries.children(queries.by_code("330521003"))[0]
    assert [area.name for area in queries.ancestors(village)] == ["湖州市", "德清县", "阜溪街道"]


def test_full_name_reads_in_both_languages(huzhou: Area) -> None:
    town = queries.by_code("330521003")
    assert queries.full_name(town, "zh-hans") == "德清县 阜溪街道"
    assert queries.full_name(town, "en") == "Fuxi Subdistrict, Deqing County"
    assert queries.full_name(huzhou, "zh-hans") == "湖州市"
    assert queries.full_name(huzhou, "en") == "Huzhou"


def test_an_area_without_an_english_name_shows_its_chinese_one() -> None:
    assert queries.name(Area(name="新村", name_en=""), "en") == "新村"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("阜溪", "阜溪街道"),
        ("德清 阜溪", "阜溪街道"),
        ("fuxi deqing", "阜溪街道"),
        ("lushan", "吕山乡"),
        ("LÜSHAN", "吕山乡"),
        ("xin'an", "新安镇"),
        ("330523", "安吉县"),
        ("湖州", "湖州市"),
    ],
)
def test_search_finds_by_chinese_pinyin_code_and_several_words(huzhou: Area, words: str, first: str) -> None:
    assert queries.search(words)[0].name == first


@pytest.mark.parametrize("words", ["", "   ", "东京", "阜溪 安吉", "%", "_"])
def test_search_answers_nothing_to_what_is_not_there(huzhou: Area, words: str) -> None:
    assert queries.search(words) == []


def test_search_keeps_to_its_limit(huzhou: Area) -> None:
    assert len(queries.search("村", limit=7)) == 7


def test_an_unknown_code_is_missing(huzhou: Area) -> None:
    with pytest.raises(Missing):
        queries.by_code("999999")


def test_a_retired_area_is_offered_no_more_but_keeps_its_name(huzhou: Area) -> None:
    Area.objects.filter(code="330521003").update(active=False)
    tree.forget()
    assert "阜溪街道" not in [area.name for area in queries.children(queries.by_code("330521"))]
    assert queries.search("阜溪街道") == []
    assert queries.full_name(queries.by_code("330521003"), "zh-hans") == "德清县 阜溪街道"


def test_the_picker_shows_three_levels(huzhou: Area) -> None:
    city = queries.picker("en")
    assert (city.name, len(city.below)) == ("Huzhou", 5)
    assert sum(len(county.below) for county in city.below) == 72
    assert city.below[0].below[0].below == []


def test_all_lists_take_one_statement_cold_and_none_warm(
    huzhou: Area, django_assert_num_queries: Counts
) -> None:
    tree.forget()
    with django_assert_num_queries(1):
        queries.picker("zh-hans")
    with django_assert_num_queries(0):
        queries.picker("zh-hans")
        queries.search("村")
        queries.children(huzhou)
        queries.full_name(queries.by_code("330521003"), "en")


@pytest.mark.parametrize("rows", [1, 3])
def test_names_of_a_list_take_no_statement_each(
    huzhou: Area, django_assert_num_queries: Counts, rows: int
) -> None:
    towns = queries.towns()[:rows]
    with django_assert_num_queries(0):
        assert len([queries.full_name(town, "zh-hans") for town in towns]) == rows
