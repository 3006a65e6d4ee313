"""The queue: what waits for a decision, in what order, and decided at its side."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast, closed, done, need, taken
from tests.matters.watching import watching
from xianfeng.doors.desk.queries import queue
from xianfeng.doors.desk.queries.reach import Reach, reach_of
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.matters import tasks
from xianfeng.matters.models import Handling, Matter
from xianfeng.matters.operations.abuse import report_abuse
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import dispute

MOST_STATEMENTS = 12


def reach(cast: Cast) -> Reach:
    found = reach_of(cast.staff)
    assert found
    return found


def disputed(cast: Cast) -> Matter:
    """Return a need that two disputes have brought before staff."""
    matter = done(cast)
    dispute(matter.number, by=cast.resident, reason="没好")
    report_done(matter.number, Report("又修了"), by=cast.pioneer.spokesperson)
    return dispute(matter.number, by=cast.resident, reason="还没好")


def everything(cast: Cast) -> list[Matter]:
    """Return a matter of every kind, in the order in which they should stand."""
    with time_machine.travel(clock.now() - timedelta(days=3), tick=False) as moment:
        listed = need(cast.resident, "等了三天")
        moment.shift(timedelta(days=1, minutes=1))
        assert tasks.enforce_limits() == 1
    with time_machine.travel(clock.now() - timedelta(hours=21), tick=False):
        soon = need(cast.resident, "快到时限")
    with time_machine.travel(clock.now() - timedelta(days=1), tick=False):
        raised = disputed(cast)
    reported = need(cast.resident, "骂人的话")
    report_abuse("matter", reported.number, by=cast.stranger, reason="insult")
    benefit = closed(cast, report=Report("省了钱", benefit_yuan=3000))
    return [listed, raised, soon, reported, benefit]


def test_what_waits_stands_with_the_least_time_left_on_top(cast: Cast) -> None:
    wanted = everything(cast)
    need(cast.resident, "刚提的，不急")
    taken(cast, cast.second)
    found = queue.waiting(reach(cast))
    assert [one.kind for one in found] == ["listed", "decide", "soon", "abuse", "benefit"]
    assert [one.matter.pk for one in found] == [matter.pk for matter in wanted]


def test_the_counts_are_those_of_the_rows(cast: Cast) -> None:
    everything(cast)
    assert queue.standing(reach(cast)).counts == dict.fromkeys(queue.KINDS, 1)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_of_any_size_show_every_row_once_in_the_same_order(cast: Cast, size: int) -> None:
    everything(cast)
    need(cast.resident)
    whole = [one.key for one in queue.waiting(reach(cast))]
    seen: list[str] = []
    after: queue.Place | None = None
    while page := queue.waiting(reach(cast), after=after, limit=size):
        seen += [one.key for one in page]
        after = page[-1].place
    assert seen == whole
    assert len(whole) == 5


@pytest.mark.parametrize("kind", queue.KINDS)
def test_one_kind_alone(cast: Cast, kind: str) -> None:
    everything(cast)
    assert [one.kind for one in queue.waiting(reach(cast), kind=kind)] == [kind]


def test_a_benefit_of_an_earlier_handling_does_not_wait_where_a_later_one_claims(cast: Cast) -> None:
    matter = done(cast, report=Report("省了", benefit_yuan=10))
    dispute(matter.number, by=cast.resident, reason="没好")
    report_done(matter.number, Report("真省了", benefit_yuan=20), by=cast.pioneer.spokesperson)
    found = queue.waiting(reach(cast), kind="benefit")
    assert [one.handling and one.handling.benefit_yuan for one in found] == [20]


ARRANGED: dict[str, Callable[[Cast], object]] = {"all": everything, "decide": disputed}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("kind", ["all", "decide"])
def test_the_queue_costs_at_most_twelve_statements(cast: Cast, staff: Client, kind: str, rows: int) -> None:
    for _ in range(rows):
        ARRANGED[kind](cast)
    staff.get(reverse("desk:queue"))
    with CaptureQueriesContext(connection) as asked:
        page = staff.get(reverse("desk:queue")).content.decode()
    assert page.count("<tr data-row") == rows * (5 if kind == "all" else 1)
    assert len(asked) == {"all": 12, "decide": 10}[kind]
    assert len(asked) <= MOST_STATEMENTS


def test_an_empty_queue_says_so(staff: Client) -> None:
    assert "都定好了" in staff.get(reverse("desk:queue")).content.decode()


def test_the_selected_row_is_decided_at_its_side_and_the_next_one_comes(cast: Cast, staff: Client) -> None:
    first, second = disputed(cast), disputed(cast)
    page = staff.get(reverse("desk:queue"))
    given = {"key": page.context["key"], "next": page.context["next"]}
    with watching() as seen:
        answer = staff.post(reverse("desk:move", args=[first.number, "file"]), given)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('desk:queue')}?at=decide-{second.pk}")
    assert seen.only("matter.filed").id == first.id
    assert staff.get(answer["Location"]).context["one"].matter.pk == second.pk


def test_the_same_form_sent_twice_does_its_work_once(cast: Cast, staff: Client) -> None:
    matter = disputed(cast)
    given = {"key": staff.get(reverse("desk:queue")).context["key"], "next": "/desk"}
    for _ in range(2):
        answer = staff.post(reverse("desk:move", args=[matter.number, "file"]), given)
        assert (answer.status_code, answer["Location"]) == (302, "/desk")
    assert Matter.objects.get(pk=matter.pk).state == "open"


def test_the_side_alone_is_given_to_htmx(cast: Cast, staff: Client) -> None:
    matter = disputed(cast)
    page = staff.get(f"{reverse('desk:queue')}?at=decide-{matter.pk}", headers={"HX-Request": "true"})
    text = page.content.decode()
    assert text.startswith("<aside")
    assert "<table" not in text


def test_several_ticked_are_filed_at_once(cast: Cast, staff: Client) -> None:
    ticked = [disputed(cast), disputed(cast)]
    given = {"move": "file", "numbers": [one.number for one in ticked], "next": "/desk"}
    assert staff.post(reverse("desk:bulk"), given)["Location"] == "/desk"
    assert {Matter.objects.get(pk=one.pk).state for one in ticked} == {"open"}


def test_what_of_several_could_not_be_filed_is_named(cast: Cast, staff: Client) -> None:
    good, moved = disputed(cast), need(cast.resident)
    answer = staff.post(reverse("desk:bulk"), {"move": "file", "numbers": [good.number, moved.number]})
    assert answer.status_code == 409
    assert moved.number in answer.content.decode()
    assert good.number not in answer.content.decode()


def test_a_suggestion_names_the_nearest_with_the_skill_and_says_why(cast: Cast, staff: Client) -> None:
    matter = disputed(cast)
    Matter.objects.filter(pk=matter.pk).update(category="electric")
    row = staff.get(reverse("desk:queue")).context["rows"][0]
    assert row.suggestion.words in {"先锋甲", "先锋乙", "集体"}
    assert row.suggestion.reason.startswith("水电维修 · 50 米 · 手上")


def test_nobody_is_suggested_for_the_own_need_nor_who_is_full(cast: Cast, staff: Client) -> None:
    with time_machine.travel(clock.now() - timedelta(hours=21), tick=False):
        need(cast.pioneer.spokesperson, "先锋自己的灯")
    type(cast.second).objects.filter(pk=cast.second.pk).update(held=3)
    side = staff.get(reverse("desk:queue")).context["side"]
    assert [one.pioneer.name for one in side.fitting] == ["集体"]


def test_what_may_be_the_same_need_is_shown_and_merged_with_one_press(cast: Cast, staff: Client) -> None:
    survivor = need(cast.stranger, "小区的路灯坏了没人修")
    with time_machine.travel(clock.now() - timedelta(hours=21), tick=False):
        matter = need(cast.resident, "小区路灯坏了没人修")
    need(cast.stranger, "想学电脑")
    side = staff.get(reverse("desk:queue")).context["side"]
    assert [one.number for one in side.alike] == [survivor.number]
    staff.post(reverse("desk:move", args=[matter.number, "merge"]), {"survivor": survivor.number})
    assert Matter.objects.get(pk=matter.pk).merged_into_id == survivor.pk


@pytest.mark.parametrize(("name", "verified"), [("verify", True), ("unprove", False)])
def test_a_benefit_is_verified_or_not_and_waits_no_more(
    cast: Cast, staff: Client, name: str, verified: bool
) -> None:
    matter = closed(cast, report=Report("省了钱", benefit_yuan=3000))
    with watching() as seen:
        staff.post(reverse("desk:move", args=[matter.number, name]), {"words": "没有票据"})
    assert seen.only("matter.benefit-verified").new["verified"] is verified
    handling = Handling.objects.get(matter=matter)
    assert (handling.benefit_verified_at is not None, handling.benefit_refused_at is not None) == (
        verified,
        not verified,
    )
    assert queue.waiting(reach(cast)) == []


def test_a_move_that_is_refused_says_why_on_the_page_and_moves_nothing(cast: Cast, staff: Client) -> None:
    matter = need(cast.resident)
    with watching() as seen:
        answer = staff.post(reverse("desk:move", args=[matter.number, "decline"]), {"words": " "})
    assert answer.status_code == 422
    assert "这里还空着" in answer.content.decode()
    assert seen.nothing()


def test_a_usual_reason_is_one_press(cast: Cast, staff: Client) -> None:
    matter = need(cast.resident)
    usual = catalogue.load("desk")["decline"][0]["zh"]
    staff.post(reverse("desk:move", args=[matter.number, "decline"]), {"reason": usual})
    assert Matter.objects.get(pk=matter.pk).state == "declined"
    assert matter.remarks.get().text == usual


def test_a_look_at_a_number_is_shown_and_recorded_and_nothing_else_moves(cast: Cast, staff: Client) -> None:
    matter = taken(cast)
    with watching() as seen:
        page = staff.post(reverse("desk:number", args=[matter.number]), {"side": "requester"})
    assert "13800000001" in page.content.decode()
    told = seen.only("person.contact-shown-to-staff")
    assert (told.kind, told.id, told.new) == (
        "person",
        cast.resident.id,
        {"matter": matter.id, "to": cast.staff.id},
    )
    assert seen.rows == {"people_person": {cast.resident.id}}


def test_a_page_shows_no_number_before_somebody_looks(cast: Cast, staff: Client) -> None:
    matter = taken(cast)
    page = staff.get(reverse("desk:matter", args=[matter.number])).content.decode()
    assert "1380000" not in page
