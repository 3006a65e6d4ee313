"""The page that searches: words marked, within the reader's rights, at a fixed cost; and what happened before."""

from typing import Any

import pytest

from tests.cast import Cast, closed, need
from tests.doors.portal.browsers import markup, signed, text
from xianfeng.matters import search
from xianfeng.matters.models import Matter


def test_what_is_found_is_shown_with_its_words_marked(cast: Cast) -> None:
    matter = need(cast.resident, "三楼<b>水管</b>漏水")
    search.index_new()
    page = markup(signed(None).get("/search?q=水管"))
    assert f'href="/need/{matter.number}"' in page
    assert "<mark>水管</mark>" in page
    assert "&lt;b&gt;" in page


def test_nothing_found_says_what_to_try(cast: Cast) -> None:
    assert "没找到" in text(signed(None).get("/search?q=无影无踪"))
    assert "没找到" not in text(signed(None).get("/search"))


def test_a_need_names_what_was_done_here_before(cast: Cast) -> None:
    was, now = closed(cast), need(cast.resident)
    far = need(cast.resident, north=0.05)
    browser = signed(cast.stranger)
    page = browser.get(f"/need/{now.number}").content.decode()
    assert "这里以前也有过" in page
    assert f'href="/need/{was.number}"' in page
    assert "这里以前也有过" not in text(browser.get(f"/need/{far.number}"))
    Matter.objects.filter(pk=was.pk).update(hidden=True)
    assert "这里以前也有过" not in text(browser.get(f"/need/{now.number}"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_at_one_row_and_at_three(
    cast: Cast, rows: int, django_assert_num_queries: Any
) -> None:
    for turn in range(rows):
        need(cast.resident, f"水管 {turn}")
    search.index_new()
    browser = signed(None)
    browser.get("/search?q=水管")
    with django_assert_num_queries(4):
        browser.get("/search?q=水管")
