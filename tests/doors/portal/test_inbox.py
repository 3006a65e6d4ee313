"""The inbox: one's own lines, newest first, read when they are opened."""

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, need
from tests.doors.portal.browsers import signed, text
from tests.matters.watching import watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.notices import steps
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person
from xianfeng.matters.models import Matter


def told(person: Person, matter: Matter, count: int = 1) -> list[Notice]:
    """Tell `person` of a matter `count` times, the last one newest."""
    with transaction.atomic():
        steps.tell(
            steps.Telling(
                person.id, "matter.claimed.requester", matter.number, number + 1, clock.now(),
                {"title": f"{matter.title}{number}", "pioneer": "先锋甲"},
            )
            for number in range(count)
        )  # fmt: skip
    return list(Notice.objects.filter(person=person).order_by("id"))


def test_lines_are_ones_own_newest_first_and_say_what_happened(cast: Cast) -> None:
    matter = need(cast.resident, "楼道灯")
    told(cast.resident, matter, 2)
    told(cast.stranger, matter)
    page = signed(cast.resident).get("/me/inbox")
    assert [row.sentence for row in page.context["rows"]] == [
        "先锋甲 接了您的求助：楼道灯1",
        "先锋甲 接了您的求助：楼道灯0",
    ]
    assert text(page).count("没看过") == 2


def test_the_line_is_in_the_readers_language(cast: Cast) -> None:
    told(cast.resident, need(cast.resident))
    assert "took your need" in text(signed(cast.resident, "en").get("/me/inbox"))


def test_opening_a_line_reads_it_and_leads_to_the_need(cast: Cast) -> None:
    matter = need(cast.resident)
    first, second = told(cast.resident, matter, 2)
    browser = signed(cast.resident)
    with watching() as seen:
        answer = browser.get(f"/me/inbox/{first.pk}")
    assert answer["Location"] == f"/need/{matter.number}"
    assert seen.rows == {"notices_notice": {first.pk}}
    assert not seen.entries
    with watching() as seen:
        assert browser.get(f"/me/inbox/{first.pk}").status_code == 302
    assert seen.nothing()
    second.refresh_from_db()
    assert second.read_at is None


def test_another_persons_line_and_none_look_alike_and_stay_unread(cast: Cast) -> None:
    (line,) = told(cast.stranger, need(cast.resident))
    browser = signed(cast.resident)
    with watching() as seen:
        assert (
            browser.get(f"/me/inbox/{line.pk}").status_code
            == browser.get("/me/inbox/999999999").status_code
            == 404
        )
    assert seen.nothing()


def test_all_lines_of_ones_own_are_read_at_once(cast: Cast) -> None:
    matter = need(cast.resident)
    own = told(cast.resident, matter, 3)
    (foreign,) = told(cast.stranger, matter)
    browser = signed(cast.resident)
    assert browser.get("/me/inbox/read").status_code == 405
    with watching() as seen:
        assert browser.post("/me/inbox/read")["Location"] == "/me/inbox"
    assert seen.rows == {"notices_notice": {one.pk for one in own}}
    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert "没看过" not in text(browser.get("/me/inbox"))


def test_pages_show_every_line_once(cast: Cast) -> None:
    told(cast.resident, need(cast.resident), 45)
    browser = signed(cast.resident)
    seen: list[str] = []
    page = browser.get("/me/inbox")
    while page.context["more"]:
        seen += [row.url for row in page.context["rows"]]
        page = browser.get(page.context["more"])
    seen += [row.url for row in page.context["rows"]]
    assert len(seen) == len(set(seen)) == 45


def test_an_empty_inbox_says_what_will_stand_here(cast: Cast) -> None:
    assert "还没有消息" in text(signed(cast.resident).get("/me/inbox"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_asks_three_statements(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    told(cast.resident, need(cast.resident), rows)
    browser = signed(cast.resident)
    with django_assert_num_queries(3):  # who asks, the lines, how many are unread
        assert len(browser.get("/me/inbox").context["rows"]) == rows
