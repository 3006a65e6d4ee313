"""Boards of one's own: kept in the order that was asked for, on the record of whose they are, and nobody else's."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.cast import Cast, somebody
from tests.doors.cockpit.conftest import leader
from tests.doors.cockpit.test_pages import PLAIN, entered, page
from xianfeng.doors.cockpit import arranging
from xianfeng.doors.cockpit.models import OwnBoard
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.people.privacy import telling
from xianfeng.foundation.record.models import Entry

CITY = ("area", "330500")


@pytest.fixture(autouse=True)
def uncollected(settings: Settings, tmp_path: Path) -> None:
    """Static files need not have been collected."""
    settings.STORAGES, settings.STATIC_ROOT = {**settings.STORAGES, "staticfiles": PLAIN}, tmp_path


def codes(person: Person) -> list[str]:
    """Return what stands on a person's record after they joined."""
    rows = Entry.objects.filter(subject_kind="person", subject_id=person.pk).exclude(code="person.joined")
    return list(rows.order_by("id").values_list("code", flat=True))


def test_the_form_keeps_the_cards_in_the_order_of_their_numbers(cast: Cast, city_leader: Person) -> None:
    browser = entered(city_leader)
    given = {
        "name": "早上看",
        "card": ["late", "waiting", "jobs"],
        "order-late": "3",
        "order-waiting": "1",
        "order-jobs": "2",
    }
    answer = browser.post("/cockpit/boards/new", given)
    row = OwnBoard.objects.get(person=city_leader)
    assert answer["Location"] == f"/cockpit/boards/{row.pk}"
    assert (row.name, row.kind, row.code, row.cards) == ("早上看", *CITY, ["waiting", "jobs", "late"])
    text = page(browser, f"/cockpit/boards/{row.pk}")
    assert [text.index(f'data-card="{code}"') for code in row.cards] == sorted(
        text.index(f'data-card="{code}"') for code in row.cards
    )
    assert codes(city_leader) == ["person.board-arranged"]


def test_dragging_keeps_the_new_order_and_the_same_order_again_writes_nothing(
    cast: Cast, city_leader: Person
) -> None:
    row = arranging.save_board("看板", *CITY, ["late", "waiting"], by=city_leader)
    browser = entered(city_leader)
    for _ in range(2):
        assert (
            browser.post(f"/cockpit/boards/{row.pk}/order", {"card": ["waiting", "late"]}).status_code == 204
        )
    row.refresh_from_db()
    assert row.cards == ["waiting", "late"]
    assert codes(city_leader) == ["person.board-arranged"] * 2


def test_another_s_board_is_not_there(cast: Cast, city_leader: Person, county_leader: Person) -> None:
    row = arranging.save_board("看板", *CITY, ["late"], by=city_leader)
    other = entered(county_leader)
    for path in ("", "/change"):
        assert other.get(f"/cockpit/boards/{row.pk}{path}").status_code == 404
    for path in ("/order", "/drop", "/change"):
        assert (
            other.post(f"/cockpit/boards/{row.pk}{path}", {"card": ["waiting"], "name": "看板"}).status_code
            == 404
        )
    row.refresh_from_db()
    assert row.cards == ["late"]
    assert codes(county_leader) == []


def test_nobody_arranges_a_board_of_what_is_not_theirs_to_read(cast: Cast, county_leader: Person) -> None:
    for kind, code in (CITY, ("area", cast.there.code), ("organisation", cast.other_organisation.code)):
        with pytest.raises(Missing):
            arranging.save_board("看板", kind, code, ["late"], by=county_leader)
    assert entered(somebody(77)).get("/cockpit/boards").status_code == 404
    assert not OwnBoard.objects.exists()


def test_a_board_closes_with_the_post_it_was_drawn_from(cast: Cast) -> None:
    person = leader(903, cast.here)
    row = arranging.save_board("看板", "area", cast.here.code, ["late"], by=person)
    Post.objects.filter(person=person).update(until=clock.now())
    assert entered(person).get(f"/cockpit/boards/{row.pk}").status_code == 404


@pytest.mark.parametrize(
    ("name", "cards", "code"),
    [
        ("看板", [], "cockpit-cards-none"),
        ("", ["late"], "text-missing"),
        ("长" * 31, ["late"], "text-too-long"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(
    cast: Cast, city_leader: Person, name: str, cards: list[str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        arranging.save_board(name, *CITY, cards, by=city_leader)
    assert refused.value.refusal.code == code
    answer = entered(city_leader).post("/cockpit/boards/new", {"name": name, "card": cards})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not OwnBoard.objects.exists()


def test_the_same_name_is_the_same_board_and_there_is_an_end_to_them(cast: Cast, city_leader: Person) -> None:
    for number in range(20):
        arranging.save_board(f"看板{number}", *CITY, ["late"], by=city_leader)
    arranging.save_board("看板0", *CITY, ["waiting"], by=city_leader)
    with pytest.raises(Refused, match="cockpit-boards-full"):
        arranging.save_board("再一块", *CITY, ["late"], by=city_leader)
    assert OwnBoard.objects.count() == 20


def test_a_dropped_board_is_gone_and_the_record_says_so(cast: Cast, city_leader: Person) -> None:
    row = arranging.save_board("看板", *CITY, ["late"], by=city_leader)
    assert entered(city_leader).post(f"/cockpit/boards/{row.pk}/drop")["Location"] == "/cockpit/boards"
    assert not OwnBoard.objects.exists()
    assert codes(city_leader) == ["person.board-arranged", "person.board-dropped"]


def test_boards_are_told_to_their_owner(cast: Cast, city_leader: Person) -> None:
    arranging.save_board("看板", *CITY, ["late"], by=city_leader)
    assert telling.own_data(city_leader)["own_boards"][0]["cards"] == ["late"]
