"""我要服务: what is on the menu, and how a pioneer puts something on it and takes it back."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, need
from tests.doors.portal.browsers import signed, text
from tests.matters.watching import watching
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.models import Offer
from xianfeng.matters.operations.offers import Serving, publish

TYPED = {
    "title": "上门换灯",
    "text": "带梯子",
    "skill": "electric",
    "times": "周末白天",
    "capacity": "2",
    "area": "",
}


def offered(pioneer: Pioneer, title: str = "上门换灯", skill: str = "electric", capacity: int = 2) -> Offer:
    serving = Serving(title=title, skill=skill, times="周末", capacity=capacity)
    return publish(serving, by=pioneer.spokesperson, pioneer=pioneer)


def titles(page: object) -> list[str]:
    return [card.offer.title for card in page.context["cards"]]  # type: ignore[attr-defined]


def test_anybody_reads_the_menu_newest_first_and_orders_from_it(client: Client, cast: Cast) -> None:
    first, second = offered(cast.pioneer, "甲的"), offered(cast.second, "乙的", "law")
    page = client.get("/menu")
    assert titles(page) == ["乙的", "甲的"]
    assert f"/ask?offer={first.pk}" in page.content.decode()
    assert f"/ask?offer={second.pk}" in page.content.decode()
    assert titles(client.get("/menu", {"skill": "law"})) == ["乙的"]
    assert titles(client.get("/menu", {"area": cast.there.code})) == ["乙的"]
    assert titles(client.get("/menu", {"skill": "law", "area": cast.here.code})) == []


def test_what_is_full_says_so_and_cannot_be_ordered(client: Client, cast: Cast) -> None:
    offer = offered(cast.pioneer, capacity=1)
    assert "还能约 1 单" in text(client.get("/menu"))
    need(cast.resident, "请来", service="help-booking", offer_id=offer.id)
    page = client.get("/menu")
    assert "约满了" in text(page)
    assert "/ask?offer=" not in page.content.decode()


def test_a_suspended_pioneers_offers_are_off_the_menu(client: Client, cast: Cast) -> None:
    offered(cast.pioneer)
    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实中")
    assert titles(client.get("/menu")) == []


def test_an_empty_menu_leads_to_asking(client: Client, cast: Cast) -> None:
    assert "直接说您的难处" in text(client.get("/menu"))


def test_pages_of_the_menu_show_every_offer_once(client: Client, cast: Cast) -> None:
    for number in range(45):
        offered(cast.pioneer, f"第{number}样")
    seen: list[str] = []
    page = client.get("/menu", {"skill": "electric"})
    while page.context["more"]:
        seen += titles(page)
        page = client.get(page.context["more"])
    seen += titles(page)
    assert seen == [f"第{number}样" for number in reversed(range(45))]


def test_a_pioneer_publishes_by_the_form(cast: Cast) -> None:
    browser = signed(cast.pioneer.spokesperson)
    assert "水电维修" in text(browser.get("/menu/new"))
    with watching() as seen:
        answer = browser.post("/menu/new", {**TYPED, "area": cast.here.code})
    assert answer["Location"] == "/menu?mine=1"
    offer = Offer.objects.get()
    assert (offer.title, offer.text, offer.times, offer.capacity, offer.area_id, offer.pioneer_id) == (
        "上门换灯", "带梯子", "周末白天", 2, cast.here.id, cast.pioneer.id,
    )  # fmt: skip
    assert seen.only("offer.published").new == {"offer": offer.id}
    assert seen.rows == {"matters_offer": {offer.id}, "people_pioneer": {cast.pioneer.id}}
    page = text(browser.get("/menu?mine=1"))
    assert "上菜单了" in page
    assert "从菜单收回" in page


def test_who_speaks_for_several_chooses_in_whose_name(cast: Cast) -> None:
    given = people.Recognising(
        kind="individual",
        name="发言人自己",
        skills=["law"],
        area_id=cast.here.id,
        lat=30.9,
        lon=120.1,
        title="先锋",
    )
    alone = people.recognise(
        given, spokesperson=cast.speaker, organisation_id=cast.organisation.id, by=cast.staff
    )
    browser = signed(cast.speaker)
    browser.post("/menu/new", {**TYPED, "pioneer": str(cast.collective.pk)})
    browser.post("/menu/new", {**TYPED, "pioneer": str(cast.pioneer.pk)})  # not theirs: their own first one
    assert list(Offer.objects.order_by("id").values_list("pioneer", flat=True)) == [
        cast.collective.pk,
        alone.pk,
    ]


@pytest.mark.parametrize(
    ("given", "at", "words"),
    [
        ({"title": ""}, "title", "这里还空着"),
        ({"times": " "}, "times", "这里还空着"),
        ({"capacity": "0"}, "capacity", "请填 1 到 50"),
        ({"capacity": "很多"}, "capacity", "请填 1 到 50"),
        ({"capacity": "9999"}, "capacity", "请填 1 到 50"),
        ({"skill": "flying"}, "skill", "没有这个类别"),
        ({"area": "nowhere"}, "area", "没有这个地方"),
        ({"text": "长" * 501}, "text", "最多 500 个"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_all_is_kept(
    cast: Cast, given: dict[str, str], at: str, words: str
) -> None:
    browser = signed(cast.pioneer.spokesperson)
    with watching() as seen:
        page = browser.post("/menu/new", {**TYPED, **given})
    body = page.content.decode()
    assert page.status_code == 422
    assert seen.nothing()
    assert f'href="#f-{at}"' in body
    assert f'id="f-{at}"' in body
    assert f'id="e-{at}"' in body
    assert words in text(page)
    kept = {**TYPED, **given}
    assert all(kept[name] in body for name in ("title", "text", "times", "capacity"))


def test_only_pioneers_publish(cast: Cast) -> None:
    with watching() as seen:
        page = signed(cast.resident).post("/menu/new", TYPED)
    assert page.status_code == 403
    assert "先锋才能接单" in text(page)
    assert seen.tables <= {"people_session"}
    assert not seen.entries
    assert signed(None).get("/menu/new").status_code == 302


def test_an_offer_is_taken_back_by_its_own_side_alone(cast: Cast) -> None:
    offer = offered(cast.pioneer)
    stranger = signed(cast.second.spokesperson)
    with watching() as seen:
        assert stranger.post(f"/menu/{offer.pk}/withdraw").status_code == 404
    assert seen.nothing()
    own = signed(cast.pioneer.spokesperson)
    assert own.get(f"/menu/{offer.pk}/withdraw").status_code == 405
    assert own.post(f"/menu/{offer.pk}/withdraw")["Location"] == "/menu?mine=1"
    assert titles(signed(None).get("/menu")) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_menu_asks_four_statements(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for pioneer in (cast.pioneer, cast.second, cast.collective)[:rows]:
        offered(pioneer)
    browser = signed(cast.resident)
    browser.get("/menu")
    with django_assert_num_queries(4):  # who asks, their unread lines, their pioneers, the offers
        assert len(titles(browser.get("/menu"))) == rows
