"""我的: own needs and jobs, name, sessions; each list shows its own person's rows and no others."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, booked, closed, done, need, taken
from tests.doors.portal.browsers import signed, text
from tests.matters.watching import watching
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Session
from xianfeng.matters.operations.raising import withdraw


def rows(page: object, name: str = "rows") -> list[tuple[str, str]]:
    return [(row.title, row.state) for row in page.context[name]]  # type: ignore[attr-defined]


def test_my_needs_show_where_each_stands_newest_first(cast: Cast) -> None:
    closed(cast)
    done(cast)
    taken(cast, title="在办的")
    withdraw(need(cast.resident, "收回的").number, by=cast.resident)
    need(cast.resident, "在等的")
    need(cast.stranger, "别人的")
    page = signed(cast.resident).get("/me/needs")
    assert rows(page) == [
        ("在等的", "在等人接"), ("收回的", "收回了"), ("在办的", "有人在办"),
        ("灯坏了，帮忙看看", "说办好了，等您打分"), ("灯坏了，帮忙看看", "办完了"),
    ]  # fmt: skip
    assert "先锋甲" in text(page)
    assert "别人的" not in text(page)


def test_a_firms_needs_are_its_responsible_persons(cast: Cast) -> None:
    need(cast.responsible, "厂里的", firm_id=cast.firm.id)
    assert rows(signed(cast.responsible).get("/me/needs")) == [("厂里的", "在等人接")]


def test_who_asked_nothing_reads_how_to_ask(cast: Cast) -> None:
    assert "您还没有求助过" in text(signed(cast.stranger).get("/me/needs"))


def test_needs_go_on_page_by_page(cast: Cast) -> None:
    for number in range(25):
        need(cast.resident, f"第{number}件")
    browser = signed(cast.resident)
    first = browser.get("/me/needs")
    second = browser.get(first.context["more"])
    assert [title for title, _ in rows(first) + rows(second)] == [
        f"第{number}件" for number in reversed(range(25))
    ]
    assert second.context["more"] == ""


def test_my_jobs_show_what_waits_what_is_in_hand_and_what_was_done(cast: Cast) -> None:
    people.change_profile(by=cast.resident, name="王小明")
    closed(cast)
    taken(cast, title="在手上的")
    booked(cast)
    page = signed(cast.pioneer.spokesperson).get("/me/jobs")
    assert rows(page, "offered") == [("请来修灯", "等您回话")]
    assert rows(page, "held") == [("在手上的", "您在办")]
    assert rows(page, "done") == [("灯坏了，帮忙看看", "办完了")]
    assert "王**" in text(page)
    assert "王小明" not in text(page)
    assert "还剩" in text(page)
    other = signed(cast.second.spokesperson).get("/me/jobs")
    assert "您还没有接过" in text(other)
    assert rows(other, "offered") == rows(other, "held") == []


def test_somebody_who_is_no_pioneer_reads_how_to_become_one(cast: Cast) -> None:
    assert "想当先锋，请找您的单位推荐" in text(signed(cast.resident).get("/me/jobs"))


def test_me_counts_what_waits_for_me(cast: Cast) -> None:
    done(cast)
    need(cast.resident)
    booked(cast, cast.second)
    assert "1 件等您打分" in text(signed(cast.resident).get("/me"))
    pioneer = text(signed(cast.second.spokesperson).get("/me"))
    assert "1 件等您回话" in pioneer
    assert "先锋乙" in pioneer
    assert "我接的" not in text(signed(cast.resident).get("/me"))


def test_a_name_is_kept_and_one_too_long_is_refused_with_what_was_typed(cast: Cast) -> None:
    browser = signed(cast.resident)
    with watching() as seen:
        browser.post("/me/profile", {"name": "  王  小明 "})
    assert seen.only("person.changed").new == {"fields": ["name"]}
    cast.resident.refresh_from_db()
    assert cast.resident.name == "王 小明"
    with watching() as seen:
        page = browser.post("/me/profile", {"name": "长" * 31})
    assert page.status_code == 422
    assert seen.nothing()
    assert "最多 30 个" in text(page)
    assert "长" * 31 in page.content.decode()


def test_sessions_are_listed_and_the_others_ended(cast: Cast) -> None:
    here, there, foreign = signed(cast.resident), signed(cast.resident), signed(cast.stranger)
    page = here.get("/me/sessions")
    assert len(page.context["rows"]) == 2
    assert text(page).count("就是这部") == 1
    assert here.post("/me/sessions").status_code == 302
    assert (here.get("/me").status_code, there.get("/me").status_code, foreign.get("/me").status_code) == (
        200,
        302,
        200,
    )
    assert "只在这一部上登录着" in text(here.get("/me/sessions"))
    assert Session.objects.filter(person=cast.resident, revoked_at=None).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_rows(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        closed(cast)
    for number in range(count):
        taken(cast, title=f"在手上{number}")
        booked(cast)
    resident, pioneer = signed(cast.resident), signed(cast.pioneer.spokesperson)
    resident.get("/me")
    with django_assert_num_queries(3):  # who asks, their unread lines, the needs
        resident.get("/me/needs")
    with django_assert_num_queries(6):  # who asks, unread, done, offered, in hand, their pioneers
        pioneer.get("/me/jobs")
    with django_assert_num_queries(5):  # who asks, unread, their pioneers, the counts, their posts
        pioneer.get("/me")
    with django_assert_num_queries(3):  # who asks, unread, the sessions
        resident.get("/me/sessions")
    with django_assert_num_queries(2):  # who asks, unread
        resident.get("/me/profile")
