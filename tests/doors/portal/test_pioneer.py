"""A pioneer's page: who, how good and why, what was done, who belongs, and how to book."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, closed, done, need, somebody
from tests.doors.portal.browsers import signed, text
from xianfeng.doors.portal.queries import pioneers as reads
from xianfeng.doors.portal.shown.account import hundredths
from xianfeng.doors.portal.shown.index import tenths
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Person, Pioneer, Recognition
from xianfeng.matters.models import Matter, Rating
from xianfeng.matters.operations.abuse import judge_abuse, report_abuse
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.offers import Serving, publish
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.recognition.merit import operations as merit


def helped(asker: Person, pioneer: Pioneer, stars: int = 5, said: str = "", **more: object) -> Matter:
    """Let `pioneer` do something for `asker` and be rated."""
    matter = claim(need(asker, **more).number, by=pioneer.spokesperson, pioneer=pioneer)  # type: ignore[arg-type]
    report_done(matter.number, Report("换了灯泡"), by=pioneer.spokesperson)
    return rate(matter.number, Stars(stars, stars, stars - 1, text=said), by=asker)


def page(browser: Client, pioneer: Pioneer) -> str:
    return text(browser.get(f"/pioneer/{pioneer.pk}"))


def test_anybody_reads_who_recommends_and_what_was_done(client: Client, cast: Cast) -> None:
    Pioneer.objects.filter(pk=cast.pioneer.pk).update(motto="灯亮了，人就踏实了", deed="三十年电工")
    helped(cast.resident, cast.pioneer, 5, "手艺好", title="楼道灯不亮")
    told = page(client, cast.pioneer)
    for words in (
        "先锋甲",
        "水电维修",
        "妇联推荐",
        "先锋 · ",
        "灯亮了，人就踏实了",
        "三十年电工",
        "楼道灯不亮",
        "手艺好",
        "换了灯泡",
        "帮过 1 件",
    ):
        assert words in told, words
    assert "1 次打分：手艺 5.0 星，态度 5.0 星，快慢 4.0 星" in told


def test_who_asked_is_told_by_the_public_name_alone_and_a_firm_by_its_own(client: Client, cast: Cast) -> None:
    people.change_profile(by=cast.resident, name="王小明")
    cast.responsible.refresh_from_db()
    helped(cast.resident, cast.pioneer, title="家里的灯")
    helped(cast.responsible, cast.second, title="厂里的灯", firm_id=cast.firm.id)
    assert "王**" in page(client, cast.pioneer)
    assert "王小明" not in page(client, cast.pioneer)
    told = page(client, cast.second)
    assert "一家企业" in told
    assert "负责人" not in told


def test_only_what_is_finished_is_told(client: Client, cast: Cast) -> None:
    done(cast)
    told = page(client, cast.pioneer)
    assert "还没有办完的" in told
    assert "帮过 0 件" in told


def test_the_index_is_explained_by_parts_that_add_up(client: Client, cast: Cast) -> None:
    for number in range(4):
        helped(somebody(300 + number), cast.pioneer, 5 - number % 2)
    merit.refresh(force=True)
    index = client.get(f"/pioneer/{cast.pioneer.pk}").context["index"]
    cast.pioneer.refresh_from_db()
    assert index.points == round(cast.pioneer.index or 0, 1)
    assert round(sum(part.points for part in index.parts), 1) == index.points
    assert sum(part.most for part in index.parts) == pytest.approx(100)
    assert all(0 <= (part.median or 0) <= 1 for part in index.parts)
    told = page(client, cast.pioneer)
    assert f"这 {index.points} 分怎么来的" in told
    assert "4 次打分，按新旧和可信程度" in told
    assert "觉得算得不对，请找" in told


def test_the_account_tells_every_order_and_adds_up(client: Client, cast: Cast) -> None:
    matter = helped(cast.resident, cast.pioneer, title="只此一件")
    merit.refresh(force=True)
    answer = client.get(f"/pioneer/{cast.pioneer.pk}/index")
    account = answer.context["account"]
    cast.pioneer.refresh_from_db()
    assert account.total == round(cast.pioneer.index or 0, 2)
    assert round(sum(line.points for line in account.lines), 2) == account.total
    assert f"/need/{matter.number}" in answer.content.decode()
    assert "只此一件" in text(answer)


def test_before_the_first_run_the_pages_say_so(client: Client, cast: Cast) -> None:
    assert "还没算过" in page(client, cast.pioneer)
    assert "还没算过" in text(client.get(f"/pioneer/{cast.pioneer.pk}/index"))


@pytest.mark.parametrize(
    "values", [[0.04, 0.04, 0.02], [33.333, 33.333, 33.334], [0.25] * 4, [1.0, 2.0], [0.0, 0.1]]
)
def test_rounded_parts_always_add_up_and_none_is_a_tenth_off(values: list[float]) -> None:
    total = round(sum(values), 1)
    rounded = tenths(values, total)
    assert round(sum(rounded), 1) == total
    assert all(abs(one - value) < 0.1 + 1e-9 for one, value in zip(rounded, values, strict=True))
    minus = hundredths([48.0, -0.666, 1.234], 48.57)
    assert round(sum(minus), 2) == 48.57


def test_the_rank_counts_who_is_better(cast: Cast) -> None:
    for at, pioneer in enumerate((cast.collective, cast.second, cast.pioneer)):
        Pioneer.objects.filter(pk=pioneer.pk).update(index=50.0 + at)
        pioneer.refresh_from_db()
    assert [reads.record(one).best_percent for one in (cast.pioneer, cast.second, cast.collective)] == [
        34,
        67,
        100,
    ]


def test_without_an_index_there_is_no_rank(cast: Cast) -> None:
    assert reads.record(cast.pioneer).best_percent is None


def test_members_are_told_by_public_names_unless_they_are_pioneers(client: Client, cast: Cast) -> None:
    people.add_member(cast.collective.id, person=cast.pioneer.spokesperson, by=cast.speaker)
    answer = client.get(f"/pioneer/{cast.collective.pk}")
    assert [(one.name, one.url) for one in answer.context["members"]] == [
        ("成**", ""),
        ("先锋甲", f"/pioneer/{cast.pioneer.pk}"),
    ]
    assert "集体" in text(answer)
    assert "发言人" not in text(answer)
    alone = client.get(f"/pioneer/{cast.pioneer.pk}").context["members"]
    assert [(one.name, one.url) for one in alone] == [("集体", f"/pioneer/{cast.collective.pk}")]


def test_a_recognition_that_ended_or_is_suspended_is_no_honour(client: Client, cast: Cast) -> None:
    own = Recognition.objects.get(pioneer=cast.pioneer)
    own.until = own.since
    own.save(update_fields=["until"])
    assert client.get(f"/pioneer/{cast.pioneer.pk}").context["honours"] == []


def test_booking_is_one_tap_for_others_and_closed_to_ones_own_side(cast: Cast) -> None:
    book = f'href="/ask?pioneer={cast.collective.pk}"'
    for person, may in ((None, True), (cast.resident, True), (cast.member, False), (cast.speaker, False)):
        shown = book in signed(person).get(f"/pioneer/{cast.collective.pk}").content.decode()
        assert shown is may


def test_offers_stand_on_the_page_with_the_places_left(client: Client, cast: Cast) -> None:
    serving = Serving(title="上门换灯", skill="electric", times="周末", capacity=3)
    offer = publish(serving, by=cast.pioneer.spokesperson, pioneer=cast.pioneer)
    answer = client.get(f"/pioneer/{cast.pioneer.pk}")
    assert f"/ask?offer={offer.pk}" in answer.content.decode()
    assert "上门换灯" in text(answer)
    assert "还能约 3 单" in text(answer)


def test_a_suspended_pioneer_is_shown_to_its_own_side_alone(cast: Cast) -> None:
    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实中")
    for person in (None, cast.resident, cast.second.spokesperson):
        assert signed(person).get(f"/pioneer/{cast.pioneer.pk}").status_code == 404
        assert signed(person).get(f"/pioneer/{cast.pioneer.pk}/index").status_code == 404
    own = signed(cast.pioneer.spokesperson).get(f"/pioneer/{cast.pioneer.pk}")
    assert own.status_code == 200
    assert "接单资格暂停着" in text(own)
    assert "/ask?pioneer=" not in own.content.decode()


def test_one_that_is_not_there_looks_like_a_suspended_one(client: Client, cast: Cast) -> None:
    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实中")
    hidden, missing = client.get(f"/pioneer/{cast.pioneer.pk}"), client.get("/pioneer/999999999")
    assert hidden.status_code == missing.status_code == 404
    assert text(hidden) == text(missing)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_ten_statements(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    serving = Serving(title="上门换灯", skill="electric", times="周末", capacity=3)
    for number in range(rows):
        helped(somebody(300 + number), cast.collective)
        publish(serving, by=cast.speaker, pioneer=cast.collective)
        people.add_member(cast.collective.id, person=somebody(400 + number), by=cast.speaker)
    merit.refresh(force=True)
    browser = signed(cast.resident)
    address = f"/pioneer/{cast.collective.pk}"
    browser.get(address)
    # who asks, the pioneer, the city's medians, the grade, honours, recognitions, counts, deeds, members, offers
    with django_assert_num_queries(10):
        answer = browser.get(address)
    assert len(answer.context["deeds"]) == len(answer.context["offers"]) == rows


def test_words_of_a_rating_that_staff_hid_are_not_shown_but_its_stars_are(client: Client, cast: Cast) -> None:
    matter = helped(cast.resident, cast.pioneer, 5, "不该写在这里的话", title="楼道灯不亮")
    rating = Rating.objects.get(handling__matter=matter)
    assert "不该写在这里的话" in page(client, cast.pioneer)
    report = report_abuse(
        "rating", str(rating.pk), by=cast.stranger, reason=next(iter(catalogue.load("desk")["abuse"]))
    )
    judge_abuse(report.pk, by=cast.city_staff, hide=True, reason="辱骂")
    told = page(client, cast.pioneer)
    assert "不该写在这里的话" not in told
    assert "楼道灯不亮" in told


def test_the_interval_is_drawn_and_said_and_few_ratings_are_told(cast: Cast, client: Client) -> None:
    closed(cast)
    merit.refresh(force=True)
    page = client.get(reverse("portal:pioneer", args=[cast.pioneer.pk])).content.decode()
    assert 'class="iv"' in page
    assert page.count("十次里大约有八次") == 2  # once for who sees the picture, once in its place
    assert "打分还少，这个分数还会变。" in page


def test_the_account_tells_knowledge_shared_and_still_sums(cast: Cast, client: Client) -> None:
    for source, kind in enumerate(("achievement", "achievement", "livestream")):
        merit.note_activity(kind, source, pioneer_id=cast.pioneer.id, at=cast.pioneer.since)
    merit.refresh(force=True)
    answer = client.get(reverse("portal:pioneer-index", args=[cast.pioneer.pk]))
    account = answer.context["account"]
    assert [line.what for line in account.lines].count("写下的成果") == 2
    assert "办过的直播" in answer.content.decode()
    assert round(sum(line.points for line in account.lines), 2) == account.total == 49.75
