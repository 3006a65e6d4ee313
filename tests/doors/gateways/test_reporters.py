"""Who reported through a program: reached by the taker and by staff, each look recorded, forgotten in time."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import Cast, need
from tests.doors.gateways.conftest import Program
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Person
from xianfeng.matters.models import Particulars
from xianfeng.matters.operations import staff, talking
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.contacting import show_reporter
from xianfeng.matters.privacy import retention

ADA = {"first_name": "Ada", "last_name": "Lovelace", "phone": "13800001234", "email": "ada@example.org"}


def browser(person: Person) -> Client:
    client = Client()
    client.cookies["xf_session"] = steps.open_session(person, "test", clock.now())
    return client


def test_the_taker_sees_the_number_while_it_is_in_hand_and_the_look_is_recorded(
    program: Program, cast: Cast
) -> None:
    number, taker = program.report(**ADA), cast.pioneer.spokesperson
    with refused("not-found"):
        show_reporter(number, by=taker)
    claim(number, by=taker, pioneer=cast.pioneer)
    with watching() as seen:
        assert talking.show_other_side(number, by=taker) == "13800001234"
    assert seen.only("matter.reporter-shown").new == {"to": taker.pk}


def test_who_left_no_number_is_said_to_have_left_none(program: Program, cast: Cast) -> None:
    taker = cast.pioneer.spokesperson
    for given in ({}, {"email": "ada@example.org"}):
        number = program.report(**given)
        claim(number, by=taker, pioneer=cast.pioneer)
        with pytest.raises(Exception, match="no-contact"):
            talking.show_other_side(number, by=taker)


def test_nobody_else_sees_it(program: Program, cast: Cast) -> None:
    number = program.report(**ADA)
    claim(number, by=cast.pioneer.spokesperson, pioneer=cast.pioneer)
    for person in (cast.stranger, cast.second.spokesperson, cast.other_staff):
        with refused("not-found"):
            show_reporter(number, by=person)


def test_the_desk_shows_answers_place_and_the_reporter_on_tap(program: Program, cast: Cast) -> None:
    number = program.report(
        service_code="street-light", lat=None, long=None, address_string="某路 3 号", media_url="https://x.org/a.jpg",
        description="路口的灯", **{"attribute[fault]": "day"}, **ADA,
    )  # fmt: skip
    client = browser(cast.city_staff)
    page = client.get(f"/desk/matters/{number}").content.decode()
    for words in ("白天也亮着", "某路 3 号", "地方只知道个大概", "https://x.org/a.jpg"):
        assert words in page
    assert "13800001234" not in page
    shown = client.post(f"/desk/matters/{number}/number", {"side": "requester"}).content.decode()
    assert "13800001234" in shown
    assert "ada@example.org" in shown


def test_the_desk_says_so_where_nothing_was_left(program: Program, cast: Cast) -> None:
    number = program.report()
    answer = browser(cast.city_staff).post(f"/desk/matters/{number}/number", {"side": "requester"})
    assert answer.status_code == 409


def test_a_needs_page_shows_answers_the_public_place_and_what_programs_tell(
    program: Program, cast: Cast
) -> None:
    number = program.report(
        service_code="street-light", address_string="某路 3 号", **{"attribute[fault]": "day"}, **ADA
    )
    given = {
        "service_request_id": number, "update_id": "1", "status": "OPEN", "description": "今天还亮着",
        "updated_datetime": "2026-05-01T10:00:00Z",
    }  # fmt: skip
    program.post("/servicerequestupdates.json", given)
    page = Client().get(f"/need/{number}").content.decode()
    assert "接单后看门牌" not in page  # there is no door behind a public place
    for words in ("白天也亮着", "某路 3 号", "今天还亮着", "别的系统来了新进展"):
        assert words in page
    assert "13800001234" not in page


def test_the_line_that_is_the_title_is_not_said_twice(program: Program, cast: Cast) -> None:
    number = program.report(description="门口的垃圾\n三天了")
    page = Client().get(f"/need/{number}").content.decode()
    assert '<p class="need-d xf-pre">三天了</p>' in page
    matter = need(cast.resident, "灯坏了", text="灯坏了\n三天了")
    assert "灯坏了\n三天了" in Client().get(f"/need/{matter.number}").content.decode()


def test_contact_data_goes_with_the_days_of_the_door(program: Program, cast: Cast) -> None:
    number = program.report(**ADA)
    staff.decline(number, by=cast.city_staff, reason="不归这里管")
    kept = Particulars.objects.get()
    with time_machine.travel(clock.now() + timedelta(days=89), tick=False):
        retention.sweep(clock.now())
    kept.refresh_from_db()
    assert kept.contact_sealed is not None
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        assert retention.sweep(clock.now()) == 1
    kept.refresh_from_db()
    assert kept.contact_sealed is None
