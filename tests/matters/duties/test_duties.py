"""Each link of a course: who may, what it refuses, what moves; by operation, rule, statement and API."""

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.calling import Caller, served
from tests.cast import need
from tests.matters.duties.conftest import Grids, photo
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refusal, Refused
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import erasing
from xianfeng.foundation.people.privacy.telling import own_data
from xianfeng.foundation.record.models import Entry
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import services, steps, tasks
from xianfeng.matters.clocks import Span
from xianfeng.matters.duties import queries as reading
from xianfeng.matters.duties import rules
from xianfeng.matters.duties.models import Check, Duty, Evaluation
from xianfeng.matters.duties.operations import checking, handing, working
from xianfeng.matters.duties.operations.checking import Look
from xianfeng.matters.models import Matter, Remark, Service
from xianfeng.matters.operations import raising, staff
from xianfeng.matters.states import State

__all__ = ["served"]


def live(matter: Matter) -> Duty:
    return Duty.objects.get(matter=matter, ended_at=None)


def look(matter: Matter, by: Person, *, passed: bool = True, **more: Any) -> Look:
    given = {"text": "看过", "lat": matter.lat, "lon": matter.lon, "photo": photo(by), **more}
    return Look(passed, **given)


def checked(grids: Grids, **more: Any) -> Matter:
    """A matter the leader handled, which waits for a check."""
    return working.report_handled(grids.need(**more).number, "好了", by=grids.leader)


def test_a_case_begins_at_its_own_rung_with_its_own_limit(grids: Grids) -> None:
    assert live(grids.need(category="noise")).step == "micro-grid"
    assert live(grids.need(category="fire-lane", urgent=True)).seconds == 15 * 60
    department = handing.hand_over(
        grids.need(category="manhole-cover").number, "department", by=grids.secretary
    )
    assert live(department).role == "city-staff"  # nobody holds the post for roads here: it went up
    assert live(department).went_up


def test_a_vacant_post_goes_up_and_the_record_says_so(grids: Grids) -> None:
    people.end_post(grids.posts["leader"].pk, by=grids.cast.city_staff)
    matter = grids.need()
    duty = live(matter)
    assert (duty.went_up, duty.role, duty.person) == (True, "community-secretary", grids.secretary)
    told = Entry.objects.get(subject_kind="matter", subject_id=matter.pk, code="matter.handed")
    assert json.loads(told.new)["meant"] == {"area": grids.area("g3").pk, "role": "grid-leader"}


def test_a_deputy_handles_while_the_holder_is_away(grids: Grids) -> None:
    number = grids.need().number
    people.name_deputy(grids.posts["leader"].pk, grids.cast.member, by=grids.leader)
    with refused("not-your-duty"):
        working.report_handled(number, "好了", by=grids.cast.member)
    people.be_away(grids.posts["leader"].pk, by=grids.leader)
    assert working.report_handled(number, "好了", by=grids.cast.member).state == State.CHECKING
    assert live(Matter.objects.get(number=number)).reported_by == grids.cast.member


@pytest.mark.parametrize("part", ["leader", "secretary"])
def test_who_had_it_in_duty_never_closes_it_though_they_check_there(grids: Grids, part: str) -> None:
    number = grids.need().number
    handing.escalate(number, by=grids.leader, tried="试过了")
    matter = working.report_handled(number, "好了", by=grids.secretary)
    by = getattr(grids, part)
    seen = look(matter, by)
    with refused("handler-never-closes"):
        checking.check(number, seen, by=by)
    failed = look(matter, by, passed=False)
    with refused("handler-never-closes"):
        checking.check(number, failed, by=by)


def test_a_collector_who_handled_it_too_does_not_check_it(grids: Grids) -> None:
    matter = working.report_handled(grids.need(by=grids.leader).number, "好了", by=grids.leader)
    seen = look(matter, grids.leader)
    with refused("handler-never-closes"):
        checking.check(matter.number, seen, by=grids.leader)


def test_staff_who_handled_it_do_not_close_it(grids: Grids) -> None:
    number = handing.hand_over(grids.need(category="noise").number, "department", by=grids.secretary).number
    assert live(Matter.objects.get(number=number)).role == "city-staff"
    matter = working.report_handled(number, "好了", by=grids.cast.city_staff)
    seen = look(matter, grids.cast.city_staff)
    with refused("handler-never-closes"):
        checking.check(number, seen, by=grids.cast.city_staff)


PARTS = ("resident", "leader", "micro", "secretary", "street", "water", "member")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(had=st.sets(st.sampled_from(PARTS), min_size=1, max_size=3), by=st.sampled_from(PARTS))
def test_rule_and_statement_agree_on_who_closes(grids: Grids, had: set[str], by: str) -> None:
    matter = Matter.objects.filter(state=State.CHECKING).first() or checked(grids)
    Duty.objects.filter(matter=matter).exclude(ended_at=None).delete()
    duty, person = live(matter), getattr(grids, by)
    Duty.objects.filter(pk=duty.pk).update(person=getattr(grids, min(had)), reported_by=None)
    for part in sorted(had)[1:]:
        Duty.objects.create(
            matter=matter, step="grid", role="x", area=duty.area, person=getattr(grids, part), seconds=1,
            handed_at=duty.handed_at, due_at=duty.due_at, ended_at=duty.handed_at,
        )  # fmt: skip
    handled = rules.handled(person, matter)
    with suppress(Refused):
        steps.move(
            matter, "pass_check", actor=actor(person.pk), at=clock.now(), where=f"NOT {rules.HANDLED}",
            values={"checker": person.pk, "now": clock.now()}, refusal=Refusal("handler-never-closes"),
        )  # fmt: skip
    assert Matter.objects.filter(pk=matter.pk, state=State.CLOSED).exists() is not handled
    Matter.objects.filter(pk=matter.pk).update(state=State.CHECKING)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"photo": ""}, "check-needs-photo"), ({"lat": None}, "check-needs-place"),
        ({"lat": 30.9}, "check-too-far"), ({"photo": "nobody's"}, "photo-unknown"),
    ],
)  # fmt: skip
def test_a_check_needs_a_photograph_and_the_place(grids: Grids, change: dict[str, Any], code: str) -> None:
    matter = checked(grids)
    seen = look(matter, grids.member, **change)
    with refused(code):
        checking.check(matter.number, seen, by=grids.member)


def test_who_neither_collected_nor_checks_there_is_refused(grids: Grids) -> None:
    matter = checked(grids)
    seen = look(matter, grids.micro)
    with refused("not-a-checker"):
        checking.check(matter.number, seen, by=grids.micro)
    with refused("not-found"):
        checking.check(matter.number, seen, by=grids.cast.stranger)


def test_the_same_check_again_answers_the_same(grids: Grids) -> None:
    matter = checked(grids)
    seen = look(matter, grids.resident)
    first = checking.check(matter.number, seen, by=grids.resident)
    with watching() as moved:
        assert checking.check(matter.number, seen, by=grids.resident).pk == first.pk
    assert moved.nothing()
    assert Check.objects.count() == 1


def test_a_clock_stops_with_a_reason_once_and_goes_on_with_what_was_left(
    grids: Grids, workday: time_machine.Traveller
) -> None:
    number = grids.need().number
    workday.shift(timedelta(hours=1))
    matter = working.pause(number, by=grids.leader, reason="等配件")
    assert matter.due_at is None
    workday.shift(timedelta(days=20))
    assert tasks.enforce_limits() == 0
    matter = working.resume(number, by=grids.leader)
    assert matter.due_at == Span(6 * 3_600, working=True).after(clock.now())
    with refused("paused-before"):
        working.pause(number, by=grids.leader, reason="再等")
    with refused("not-paused"):
        working.resume(number, by=grids.leader)
    assert Remark.objects.get(code="matter.paused").text == "等配件"


def test_more_time_is_given_once_on_request_and_never_by_who_has_it(grids: Grids) -> None:
    number, before = grids.need().number, Matter.objects.latest("id").due_at
    with refused("time-not-asked"):
        working.extend(number, by=grids.secretary, reason="没人问过")
    working.ask_time(number, by=grids.leader, reason="要等配件")
    with refused("not-your-own-time"):
        staff.extend(number, by=grids.leader, reason="自己批")
    matter = working.extend(number, by=grids.secretary, reason="同意")
    assert before
    assert matter.due_at == Span(2 * 25_200, working=True).after(before)
    with refused("extended-before"):
        working.ask_time(number, by=grids.leader, reason="再来")
    with refused("extended-before"):
        working.extend(number, by=grids.secretary, reason="再来")


def test_sent_back_with_a_reason_it_waits_to_be_handed_over_anew(grids: Grids) -> None:
    number = handing.hand_over(grids.need().number, "department", by=grids.secretary).number
    with refused("not-your-duty"):
        handing.send_back(number, by=grids.leader, reason="不是我的")
    matter = handing.send_back(number, by=grids.water, reason="是小区物业的管子")
    assert matter.state == State.FILED
    assert not Duty.objects.filter(matter=matter, ended_at=None).exists()
    assert matter.number in {one.number for one in reading.to_hand_over([grids.posts["secretary"]])}
    assert live(handing.hand_over(number, "grid", by=grids.secretary)).person == grids.leader


def test_listed_by_hand_it_is_watched_and_its_clock_stands_still(grids: Grids) -> None:
    number = grids.need().number
    with refused("not-found"):
        working.list_by_hand(number, by=grids.cast.stranger, reason="x")
    matter = working.list_by_hand(number, by=grids.secretary, reason="等整条路改造")
    assert (matter.listed, matter.due_at, matter.state) == (True, None, State.HANDED)
    assert not working.resume(number, by=grids.secretary).listed


def test_it_goes_up_by_hand_only_with_what_was_tried(grids: Grids) -> None:
    number = grids.need().number
    with refused("text-missing", "tried"):
        handing.escalate(number, by=grids.leader, tried=" ")
    with refused("not-found"):
        handing.escalate(number, by=grids.member, tried="我来报")
    handing.escalate(number, by=grids.leader, tried="总阀关不上")
    assert Remark.objects.get(code="matter.escalated").text == "总阀关不上"
    assert [one.outcome for one in Duty.objects.order_by("id")] == ["escalated", ""]


def test_the_other_ladder_is_house_village_street_and_closes_without_a_look(
    grids: Grids, workday: time_machine.Traveller
) -> None:
    matter = grids.need(service="house-visit", category="", title="低保怎么办")
    assert matter.state == State.RAISED
    matter = staff.file_matter(matter.number, by=grids.secretary)
    assert [live(matter).step, live(matter).went_up] == ["house", True]
    matter = working.report_handled(matter.number, "讲清楚了", by=grids.secretary)
    workday.shift(timedelta(days=4))
    assert tasks.enforce_limits() == 1
    assert Matter.objects.get(pk=matter.pk).state == State.CLOSED
    assert list(Duty.objects.values_list("outcome", flat=True)) == ["done"]


def test_what_nobody_checks_is_listed_and_never_closed_by_the_limit(
    grids: Grids, workday: time_machine.Traveller
) -> None:
    matter = checked(grids)
    workday.shift(timedelta(days=10))
    assert tasks.enforce_limits() == 1
    after = Matter.objects.get(pk=matter.pk)
    assert (after.state, after.listed) == (State.CHECKING, True)


def test_taken_up_again_the_same_post_has_it_with_its_whole_limit_once(grids: Grids) -> None:
    matter = checked(grids)
    checking.check(matter.number, look(matter, grids.resident), by=grids.resident)
    with refused("not-found"):
        checking.take_up_again(matter.number, by=grids.leader, reason="又漏了")
    again = checking.take_up_again(matter.number, by=grids.resident, reason="又漏了")
    assert (again.state, again.reopened_count, live(again).person) == (State.HANDED, 1, grids.leader)
    working.report_handled(matter.number, "又修了", by=grids.leader)
    checking.check(matter.number, look(matter, grids.resident), by=grids.resident)
    with refused("reopened-before"):
        checking.take_up_again(matter.number, by=grids.resident, reason="还漏")


def test_satisfied_is_said_once_by_who_asked_when_it_is_closed(grids: Grids) -> None:
    matter = checked(grids)
    with refused("wrong-state"):
        checking.evaluate(matter.number, 5, by=grids.resident)
    checking.check(matter.number, look(matter, grids.member), by=grids.member)
    with refused("not-found"):
        checking.evaluate(matter.number, 5, by=grids.leader)
    with refused("stars-invalid"):
        checking.evaluate(matter.number, 6, by=grids.resident)
    checking.evaluate(matter.number, 4, by=grids.resident)
    with refused("evaluated-before"):
        checking.evaluate(matter.number, 5, by=grids.resident)


@pytest.mark.parametrize("end", ["withdraw", "decline", "merge"])
def test_what_ends_early_ends_its_duty_too(grids: Grids, end: str) -> None:
    number, other = grids.need().number, grids.need().number
    if end == "withdraw":
        raising.withdraw(number, by=grids.resident)
    elif end == "decline":
        staff.decline(number, by=grids.cast.city_staff, reason="不归这里")
    else:
        staff.merge(number, other, by=grids.cast.city_staff)
    assert not Duty.objects.filter(matter__number=number, ended_at=None).exists()


def test_a_service_withdrawn_while_matters_live_lets_them_run_to_their_end(grids: Grids) -> None:
    matter = grids.need()
    Service.objects.filter(code="grid-matter").update(current=False)
    services.forget()
    with refused("service-withdrawn"):
        grids.need()
    working.report_handled(matter.number, "好了", by=grids.leader)
    after = checking.check(matter.number, look(matter, grids.member), by=grids.member)
    assert after.state == State.CLOSED


def test_a_year_that_is_not_announced_refuses_loudly_and_keeps_nobody_waiting(
    grids: Grids, workday: time_machine.Traveller
) -> None:
    number, house = (
        grids.need(urgent=True).number,
        grids.need("g4-1", urgent=True, category="fire-lane").number,
    )
    workday.move_to(clock.now() + timedelta(days=1_500))
    with refused("calendar-year-unknown"):
        grids.need()
    assert tasks.enforce_limits() == 0  # both need workdays to go up; the worker says so and goes on
    assert {m.state for m in Matter.objects.filter(number__in=[number, house])} == {State.HANDED}


def test_a_need_of_pioneers_knows_nothing_of_posts(grids: Grids) -> None:
    matter = need(grids.resident)
    with refused("wrong-state"):
        handing.hand_over(matter.number, "grid", by=grids.cast.city_staff)
    with refused("wrong-state"):
        working.report_handled(matter.number, "好", by=grids.cast.city_staff)
    with refused("wrong-state"):
        checking.check(matter.number, Look(passed=True), by=grids.cast.city_staff)


def test_lists_of_posts_cost_the_same_at_one_matter_and_at_three(grids: Grids) -> None:
    held = [grids.posts["leader"]]
    for turn in (1, 3):
        while Duty.objects.count() < turn:
            grids.need()
        with CaptureQueriesContext(connection) as asked:
            assert len([one.matter.title for one in reading.in_duty(held)]) == turn
        assert len(asked) == 1


def test_what_is_kept_is_told_and_goes_with_who_leaves(grids: Grids) -> None:
    matter = checked(grids)
    checking.check(matter.number, look(matter, grids.member, text="秘密的话"), by=grids.member)
    checking.evaluate(matter.number, 3, by=grids.resident, text="还行")
    assert own_data(grids.leader)["post_duties"][0]["report"] == "好了"
    assert own_data(grids.member)["checks"][0]["text"] == "秘密的话"
    waiting = checked(grids)
    erasing.erase("0040", by=grids.resident)
    erasing.erase("0046", by=grids.member)
    assert Matter.objects.get(pk=waiting.pk).state == State.CLOSED
    assert set(Evaluation.objects.values_list("text", flat=True)) == {""}
    assert set(Check.objects.values_list("text", "lat")) == {("", None)}
    assert set(Duty.objects.values_list("report", flat=True)) == {""}


def test_the_loop_over_the_api_and_the_handler_refused_there(grids: Grids, served: None) -> None:
    number = grids.need().number
    leader, member = Caller(grids.leader), Caller(grids.member)
    up = leader.post(f"/matters/{number}/escalate", {"tried": "总阀关不上"})
    assert up.status == 200
    assert Caller(grids.secretary).post(f"/matters/{number}/hand-over", {"step": "department"}).status == 200
    water = Caller(grids.water)
    assert water.post(f"/matters/{number}/handled", {"report": "换了接头"}).status == 200
    matter = Matter.objects.get(number=number)
    place = {"passed": True, "lat": matter.lat, "lon": matter.lon}
    own = water.post(f"/matters/{number}/check", {**place, "photo": photo(grids.water)})
    own.refused(403, "handler-never-closes")
    assert member.post(f"/matters/{number}/check", {**place, "photo": photo(grids.member)}).status == 200
    assert Caller(grids.resident).post(f"/matters/{number}/evaluate", {"satisfied": 5}).status == 200
    assert Matter.objects.get(number=number).state == State.CLOSED
