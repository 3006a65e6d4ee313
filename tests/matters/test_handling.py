"""In the pioneer's hands: given back, reported done, a team called along."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import Cast, closed, done, recognised, somebody, taken
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.models import Handling, Matter, Remark, Visit
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, answer_call, call_team, release, report_done
from xianfeng.matters.operations.rating import dispute, verify_benefit


def test_release_opens_the_need_to_all_and_counts_it(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = taken(cast)
        moment.shift(timedelta(minutes=3))
        with watching() as seen:
            opened = release(matter.number, by=cast.pioneer.spokesperson, reason="临时出差")
        assert opened.due_at == clock.now() + timedelta(minutes=1440)
    told = seen.only("matter.released")
    assert told.old == {"state": "taken", "taken_by": cast.pioneer.id}
    assert told.new == {
        "state": "open", "taken_by": None, "pioneer": cast.pioneer.id, "outcome": "released",
    }  # fmt: skip
    handling = Handling.objects.get()
    assert (handling.outcome, handling.ended_at is None) == ("released", False)
    assert seen.rows == {
        "matters_matter": {matter.id},
        "matters_handling": {handling.id},
        "people_pioneer": {cast.pioneer.id},
        "matters_remark": {Remark.objects.get().id},
    }
    assert (opened.released_count, opened.taken_by_id, opened.taken_at) == (1, None, None)
    assert Pioneer.objects.get(pk=cast.pioneer.id).held == 0


def test_release_without_a_reason_is_refused_once_the_free_minutes_are_over(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = taken(cast)
        moment.shift(timedelta(minutes=2, seconds=1))
        with refused("text-missing", "reason"):
            release(matter.number, by=cast.pioneer.spokesperson)


def test_what_is_returned_within_two_minutes_is_not_counted(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = taken(cast)
        moment.shift(timedelta(minutes=2))
        opened = release(matter.number, by=cast.pioneer.spokesperson)
    assert (opened.state, opened.released_count) == ("open", 0)
    assert Handling.objects.get().outcome == "returned"


def test_a_released_need_may_be_claimed_again_also_by_who_released_it(cast: Cast) -> None:
    matter = taken(cast)
    release(matter.number, by=cast.pioneer.spokesperson)
    assert claim(matter.number, by=cast.second.spokesperson).taken_by_id == cast.second.id
    release(matter.number, by=cast.second.spokesperson)
    assert claim(matter.number, by=cast.pioneer.spokesperson).taken_by_id == cast.pioneer.id


def test_only_who_holds_a_need_releases_or_reports_it(cast: Cast) -> None:
    matter = taken(cast)
    for person in (cast.second.spokesperson, cast.resident, cast.city_staff, cast.stranger):
        with refused("not-found"):
            release(matter.number, by=person, reason="不是我的")
        with refused("not-found"):
            report_done(matter.number, Report("不是我办的"), by=person)


def test_report_tells_what_was_done_and_frees_the_hand(cast: Cast) -> None:
    matter = taken(cast)
    report = Report("换了灯泡", helpers="邻居", benefit_yuan=1200, jobs=1)
    with watching() as seen:
        after = report_done(matter.number, report, by=cast.pioneer.spokesperson)
    told = seen.only("matter.reported")
    assert told.new == {"state": "done", "taken_by": cast.pioneer.id, "benefit_claimed": True}
    handling = Handling.objects.get()
    assert seen.rows == {
        "matters_matter": {matter.id},
        "matters_handling": {handling.id},
        "people_pioneer": {cast.pioneer.id},
    }
    assert (after.state, after.taken_by_id) == ("done", cast.pioneer.id)
    assert (handling.report, handling.helpers, handling.benefit_yuan, handling.jobs) == (
        "换了灯泡", "邻居", 1200, 1,
    )  # fmt: skip
    assert (handling.ended_at, handling.benefit_verified_at) == (None, None)
    assert Pioneer.objects.get(pk=cast.pioneer.id).held == 0


@pytest.mark.parametrize(
    ("report", "code", "field"),
    [
        (Report(" "), "text-missing", "report"),
        (Report("长" * 2001), "text-too-long", "report"),
        (Report("好", helpers="长" * 201), "text-too-long", "helpers"),
        (Report("好", benefit_yuan=-1), "benefit-invalid", "benefit_yuan"),
        (Report("好", benefit_yuan=10_000_000_001), "benefit-invalid", "benefit_yuan"),
        (Report("好", jobs=-1), "benefit-invalid", "jobs"),
    ],
)
def test_a_faulty_report_is_refused(cast: Cast, report: Report, code: str, field: str) -> None:
    matter = taken(cast)
    with refused(code, field):
        report_done(matter.number, report, by=cast.pioneer.spokesperson)


def test_what_is_done_is_neither_reported_again_nor_released(cast: Cast) -> None:
    matter = done(cast)
    with refused("wrong-state"):
        report_done(matter.number, Report("再说一遍"), by=cast.pioneer.spokesperson)
    with refused("wrong-state"):
        release(matter.number, by=cast.pioneer.spokesperson, reason="不要了")


def test_a_benefit_reported_anew_must_be_verified_anew(cast: Cast) -> None:
    matter = done(cast, report=Report("好", benefit_yuan=100))
    verify_benefit(matter.number, by=cast.resident, verified=True)
    dispute(matter.number, by=cast.resident, reason="没好")
    report_done(matter.number, Report("这回好了", benefit_yuan=1_000_000), by=cast.pioneer.spokesperson)
    handling = Handling.objects.get()
    assert (handling.benefit_yuan, handling.benefit_verified_at, handling.benefit_verified_by) == (
        1_000_000, None, None,
    )  # fmt: skip


def test_a_team_is_called_once_and_agrees_a_visit(cast: Cast) -> None:
    matter = taken(cast)
    with watching() as seen:
        visit = call_team(matter.number, cast.collective.id, by=cast.pioneer.spokesperson)
    assert seen.only("matter.team-called").new == {"team": cast.collective.id}
    assert seen.rows == {"matters_visit": {visit.id}, "matters_matter": {matter.id}}
    with watching() as seen:
        assert call_team(matter.number, cast.collective.id, by=cast.pioneer.spokesperson) == visit
    assert seen.nothing()
    at = clock.now() + timedelta(days=1)
    with watching() as seen:
        agreed = answer_call(visit.id, by=cast.speaker, visit_at=at)
    told = seen.only("matter.visit-agreed")
    assert told.new == {"team": cast.collective.id, "visit_at": at.isoformat()}
    assert (agreed.visit_at, agreed.declined_at, agreed.agreed_at is None) == (at, None, False)


def test_a_team_declines_and_may_think_again(cast: Cast) -> None:
    matter = taken(cast)
    visit = call_team(matter.number, cast.collective.id, by=cast.pioneer.spokesperson)
    with watching() as seen:
        declined = answer_call(visit.id, by=cast.speaker, visit_at=None)
    seen.only("matter.team-declined")
    assert (declined.visit_at, declined.agreed_at) == (None, None)
    assert answer_call(visit.id, by=cast.speaker, visit_at=clock.now()).declined_at is None


def test_only_a_collective_that_is_not_suspended_is_called(cast: Cast) -> None:
    matter = taken(cast)
    people.suspend(cast.collective.id, by=cast.staff, reason="核实中")
    for team in (cast.second.id, cast.collective.id, 999_999):
        with refused("not-found"):
            call_team(matter.number, team, by=cast.pioneer.spokesperson)


def test_only_who_holds_the_need_calls_and_only_the_team_answers(cast: Cast) -> None:
    matter = taken(cast)
    with refused("not-found"):
        call_team(matter.number, cast.collective.id, by=cast.second.spokesperson)
    visit = call_team(matter.number, cast.collective.id, by=cast.pioneer.spokesperson)
    for person in (cast.member, cast.pioneer.spokesperson, cast.stranger):
        with refused("not-found"):
            answer_call(visit.id, by=person, visit_at=clock.now())


def test_no_visit_is_agreed_after_the_report(cast: Cast) -> None:
    matter = taken(cast)
    visit = call_team(matter.number, cast.collective.id, by=cast.pioneer.spokesperson)
    report_done(matter.number, Report("好了"), by=cast.pioneer.spokesperson)
    with refused("wrong-state"):
        answer_call(visit.id, by=cast.speaker, visit_at=clock.now())


def test_after_a_dispute_a_team_may_agree_a_visit_again(cast: Cast) -> None:
    matter = taken(cast)
    visit = call_team(matter.number, cast.collective.id, by=cast.pioneer.spokesperson)
    report_done(matter.number, Report("好了"), by=cast.pioneer.spokesperson)
    dispute(matter.number, by=cast.resident, reason="没好")
    assert answer_call(visit.id, by=cast.speaker, visit_at=clock.now()).agreed_at is not None
    assert Visit.objects.count() == 1


def test_suspension_releases_what_is_in_hand_and_nothing_else(cast: Cast) -> None:
    from xianfeng.foundation.record import dispatch

    in_hand, finished, others = taken(cast), closed(cast), taken(cast, cast.second)
    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实中")
    while dispatch.run_once():
        pass
    released = Matter.objects.get(pk=in_hand.pk)
    assert (released.state, released.taken_by_id, released.released_count) == ("open", None, 1)
    assert Matter.objects.get(pk=finished.pk).state == "closed"
    assert Matter.objects.get(pk=others.pk).state == "taken"
    assert Handling.objects.get(matter=in_hand).outcome == "suspended"
    assert Pioneer.objects.get(pk=cast.pioneer.pk).held == 0


def test_a_late_word_of_a_suspension_does_not_touch_who_was_reinstated(cast: Cast) -> None:
    from xianfeng.foundation.record import dispatch

    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实中")
    people.reinstate(cast.pioneer.id, by=cast.staff)
    matter = taken(cast)
    while dispatch.run_once():
        pass
    assert Matter.objects.get(pk=matter.pk).state == "taken"


def test_what_comes_back_to_a_suspended_pioneer_opens_to_all(cast: Cast) -> None:
    matter = done(cast)
    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实中")
    with watching() as seen:
        opened = dispute(matter.number, by=cast.resident, reason="没好")
    assert [told.code for told in seen.entries] == ["matter.disputed", "matter.released-by-suspension"]
    assert (opened.state, opened.disputed_count) == ("open", 1)
    assert Pioneer.objects.get(pk=cast.pioneer.pk).held == 0


def test_a_collective_holds_for_itself_and_its_speaker_alone_for_oneself(cast: Cast) -> None:
    alone = recognised("发言人自己", cast.speaker, cast.organisation, cast.city_staff)
    taken(cast, cast.collective)
    taken(cast, alone)
    held = dict(Pioneer.objects.values_list("id", "held"))
    assert (held[cast.collective.id], held[alone.id]) == (1, 1)
    assert somebody(5).id == cast.speaker.id
