"""The leaking pipe: falls into grid 3, which has it in 15 minutes; up the ladder, repaired, checked, closed, rated."""

from datetime import timedelta

import time_machine

from tests.matters.duties.conftest import Grids, photo
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.matters import queries, tasks
from xianfeng.matters.clocks import Span
from xianfeng.matters.duties.models import Check, Duty, Evaluation
from xianfeng.matters.duties.operations import checking, handing, working
from xianfeng.matters.duties.operations.checking import Look
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State


def look(grids: Grids, matter: Matter, by: object, *, passed: bool = True, text: str = "看过了") -> Look:
    return Look(passed, text, matter.lat, matter.lon, photo=photo(by))  # type: ignore[arg-type]


def test_a_leaking_pipe_from_the_report_to_the_rating(grids: Grids, workday: time_machine.Traveller) -> None:
    matter = grids.need("g3-2", urgent=True)
    assert matter.area.code.endswith("-g3-2")
    assert matter.state == State.HANDED
    duty = Duty.objects.get(matter=matter)
    assert (duty.step, duty.role, duty.person, duty.went_up) == ("grid", "grid-leader", grids.leader, False)
    assert matter.due_at == matter.raised_at + timedelta(minutes=15)

    workday.shift(timedelta(minutes=10))
    matter = handing.escalate(matter.number, by=grids.leader, tried="总阀关不上")
    assert _where(matter) == ("community", grids.secretary)

    workday.shift(timedelta(hours=1))
    matter = handing.hand_over(matter.number, "department", by=grids.secretary, reason="联席会议定的")
    duty = Duty.objects.get(matter=matter, ended_at=None)
    assert (duty.role, duty.sector, duty.person) == ("department", "water", grids.water)

    workday.shift(timedelta(hours=1))
    matter = working.report_handled(matter.number, "换了接头", by=grids.water)
    assert matter.state == State.CHECKING
    own = look(grids, matter, grids.water)
    with refused("handler-never-closes"):
        checking.check(matter.number, own, by=grids.water)
    matter = checking.check(matter.number, look(grids, matter, grids.member), by=grids.member)
    assert (matter.state, matter.due_at) == (State.CLOSED, None)
    checking.evaluate(matter.number, 5, by=grids.resident, text="很快")
    assert Evaluation.objects.get(matter=matter).satisfied == 5
    codes = [step.code for step in queries.timeline(matter)]
    assert codes == [
        "matter.raised", "matter.handed", "matter.escalated", "matter.handed", "matter.handled", "matter.checked",
        "matter.evaluated",
    ]  # fmt: skip


def _where(matter: Matter) -> tuple[str, object]:
    duty = Duty.objects.get(matter=matter, ended_at=None)
    return duty.step, duty.person


def test_a_failed_check_goes_back_to_the_same_department_with_what_was_left(
    grids: Grids, workday: time_machine.Traveller
) -> None:
    number = grids.need().number
    matter = handing.hand_over(number, "department", by=grids.secretary)
    duty = Duty.objects.get(matter=matter, ended_at=None)
    assert duty.seconds == 2 * 25_200
    workday.shift(timedelta(hours=2))
    working.report_handled(number, "修好了", by=grids.water)
    workday.shift(timedelta(days=1))
    seen_there = look(grids, Matter.objects.get(number=number), grids.member, passed=False, text="还在滴")
    with watching() as seen:
        after = checking.check(number, seen_there, by=grids.member)
    again = Duty.objects.get(pk=duty.pk)
    assert (after.state, again.ended_at, again.tries) == (State.HANDED, None, 1)
    assert (again.role, again.sector, again.person) == ("department", "water", grids.water)
    # nine on Wednesday; two of its 14 working hours were used before it was reported
    assert after.due_at == Span(12 * 3_600, working=True).after(clock.now())
    assert seen.entries[-1].code == "matter.check-failed"
    assert Check.objects.get().metres == 0


def test_the_worker_down_for_two_days_catches_up_on_every_limit_once(
    grids: Grids, workday: time_machine.Traveller
) -> None:
    numbers = [grids.need("g3-1", urgent=True).number for _ in range(3)]
    workday.shift(timedelta(days=2))
    assert tasks.enforce_limits() == 3
    assert tasks.enforce_limits() == 0
    for number in numbers:
        assert _where(Matter.objects.get(number=number)) == ("community", grids.secretary)
        assert Duty.objects.filter(matter__number=number).count() == 2


def test_from_the_top_of_the_ladder_it_is_listed_and_stays_in_its_duty(
    grids: Grids, workday: time_machine.Traveller
) -> None:
    number = handing.hand_over(grids.need().number, "department", by=grids.secretary).number
    workday.shift(timedelta(days=10))
    assert tasks.enforce_limits() == 1
    matter = Matter.objects.get(number=number)
    assert (matter.state, matter.listed, matter.due_at) == (State.HANDED, True, None)
    assert _where(matter) == ("department", grids.water)


def test_strangers_see_nothing_and_posts_what_is_theirs(grids: Grids) -> None:
    number = grids.need().number
    for person in (grids.leader, grids.micro, grids.secretary, grids.street, grids.member, grids.resident):
        assert queries.matter_for(person, number).number == number
    for other in (grids.water, grids.cast.stranger, None):
        with refused("not-found"):
            queries.matter_for(other, number)
    handing.hand_over(number, "department", by=grids.secretary)
    assert queries.matter_for(grids.water, number).number == number
