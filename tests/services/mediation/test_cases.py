"""A case from its opening to its end: sides, consent, who leads it, what is kept or broken, and the way on."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import Cast, somebody
from tests.matters.test_telling import deliver
from tests.matters.watching import refused, watching
from tests.services.mediation.playing import (
    MOBILE,
    WORKERS,
    agreed,
    day_after,
    mediator,
    opened,
    party_of,
    promise,
    proposed,
    talking,
)
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.record import verify
from xianfeng.matters import queries as matters
from xianfeng.matters.operations.raising import withdraw
from xianfeng.services.mediation import numbers, queries, tasks
from xianfeng.services.mediation.models import Agreement, Case, Confirmation, Duty, Hearing, Party
from xianfeng.services.mediation.operations import agreeing, confirming, hearings, keeping, leading, opening
from xianfeng.services.mediation.operations import talking as talks
from xianfeng.services.mediation.operations.opening import Named


def _told(person: Person) -> list[str]:
    deliver()
    return list(Notice.objects.filter(person=person).order_by("id").values_list("code", flat=True))


def test_four_workers_are_paid_over_twenty_thousand_yuan_the_same_day(cast: Cast) -> None:
    workers = [somebody(number, name) for name, number, _ in WORKERS]
    with time_machine.travel("2026-06-10T01:00:00Z", tick=False) as time:
        leader = mediator(cast)
        case = opened(
            cast, by=workers[0], service="wage-dispute", title="四个人的工钱没给", text="干到五月底，工钱一直没给",
            others=[Named(name, MOBILE.format(number)) for name, number, _ in WORKERS[1:]],
            respondents=[Named("", firm_id=cast.firm.pk)],
        )  # fmt: skip
        number = case.matter.number
        assert (case.state, case.mediator) == ("inviting", leader)
        for person in (*workers[1:], cast.responsible):
            case = opening.consent(number, by=person)
        assert case.state == "talking"
        hearings.plan(number, clock.now() + timedelta(hours=2), "园区服务中心一楼", 60, by=leader)
        time.move_to("2026-06-10T03:30:00Z")
        rows = [
            promise(case, cast.responsible, worker, amount, days=0)
            for worker, (_, _, amount) in zip(workers, WORKERS, strict=True)
        ]
        row = proposed(case, *rows, text="今天把四个人的工钱给清")
        assert row.amount_fen == 2_136_050
        for person in (*workers, cast.responsible):
            row = agreeing.sign(number, row.digest, by=person)
        assert queries.case_for(leader, number).state == "agreed"
        time.move_to("2026-06-10T08:00:00Z")
        duties = list(Duty.objects.order_by("position"))
        for duty in duties:
            keeping.say_paid(duty.pk, by=cast.responsible)
        for duty, worker in zip(duties, workers, strict=True):
            keeping.confirm(duty.pk, by=worker)
    case = queries.case_for(leader, number)
    assert (case.state, case.matter.state) == ("kept", "closed")
    assert case.opened_at.date() == (case.ended_at or case.opened_at).date()
    assert set(Duty.objects.values_list("state", flat=True)) == {"paid"}
    assert [one.state for one in Hearing.objects.all()] == ["cancelled"]
    assert "duty.paid.payer" in _told(cast.responsible)
    assert list(verify.chain_findings()) == []
    assert not matters.visible_to(None).filter(number=number).exists()


def test_opening_raises_the_matter_names_both_sides_and_finds_a_mediator(cast: Cast) -> None:
    leader = mediator(cast)
    with watching() as seen:
        case = opened(cast)
    assert [told.code for told in seen.entries] == ["matter.raised", "case.opened", "case.appointed"]
    assert (case.state, case.mediator, case.role) == ("inviting", leader, "mediator")
    assert [(one.side, one.person, bool(one.consented_at)) for one in case.parties.all()] == [
        ("applicant", cast.resident, True), ("respondent", cast.stranger, False),
    ]  # fmt: skip
    assert case.matter.state == "raised"
    assert _told(cast.stranger) == ["case.opened.party", "case.appointed.party"]
    assert "邻居" not in str(Party.objects.values_list())


def test_a_case_with_nobody_to_lead_it_waits_and_is_listed(cast: Cast) -> None:
    case = opened(cast)
    assert (case.state, case.mediator) == ("opened", None)
    with time_machine.travel(clock.now() + timedelta(minutes=2_881), tick=False):
        assert tasks.enforce_limits() == 1
        assert tasks.enforce_limits() == 0
    case.refresh_from_db()
    assert (case.state, case.listed) == ("opened", True)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"service": "help-open"}, "service-unknown"),
        ({"respondents": []}, "party-missing"),
        ({"respondents": [Named("甲", "1380000")]}, "mobile-invalid"),
        ({"respondents": [Named("甲", MOBILE.format(1))]}, "party-twice"),
        ({"respondents": [Named("", firm_id=99_999)]}, "party-invalid"),
        ({"respondents": [Named("甲", MOBILE.format(50 + at)) for at in range(21)]}, "too-many-parties"),
    ],
)
def test_a_case_that_cannot_be_is_refused_and_nothing_is_written(cast: Cast, more: dict, code: str) -> None:
    with watching() as seen, refused(code):
        opened(cast, **more)
    assert seen.nothing()
    assert not Case.objects.exists()


def test_talks_begin_with_the_last_yes_and_a_second_yes_changes_nothing(cast: Cast) -> None:
    case = talking(cast)
    assert case.state == "talking"
    with watching() as seen:
        opening.consent(case.matter.number, by=cast.stranger)
    assert seen.nothing()
    with refused("not-found"):
        opening.consent(case.matter.number, by=cast.member)


def test_the_other_side_says_no_and_both_are_told_the_way_to_court(cast: Cast) -> None:
    mediator(cast)
    case = opening.leave(opened(cast).matter.number, by=cast.stranger, words="不想谈")
    assert (case.state, case.matter.state) == ("failed", "closed")
    assert "case.refused.party" in _told(cast.resident)


def test_without_an_answer_in_seven_days_a_case_ends(cast: Cast) -> None:
    mediator(cast)
    case = opened(cast)
    with time_machine.travel(clock.now() + timedelta(minutes=10_081), tick=False):
        assert tasks.enforce_limits() == 1
    assert queries.case_for(cast.resident, case.matter.number).state == "failed"


def test_the_last_applicant_who_leaves_takes_the_case_back_with_its_matter(cast: Cast) -> None:
    case = opening.leave(talking(cast).matter.number, by=cast.resident)
    assert (case.state, case.matter.state) == ("withdrawn", "withdrawn")
    with watching() as seen:
        opening.leave(case.matter.number, by=cast.resident)
    assert seen.nothing()


def test_one_of_two_on_a_side_leaves_and_the_case_goes_on_without_them(cast: Cast) -> None:
    mediator(cast)
    other = somebody(51, "邻居乙")
    respondents = [Named("甲", MOBILE.format(9)), Named("乙", MOBILE.format(51))]
    number = opened(cast, respondents=respondents).matter.number
    opening.consent(number, by=cast.stranger)
    case = opening.leave(number, by=other)
    assert case.state == "talking"
    with refused("not-found"):
        talks.say(number, "还有一句", by=other)


def test_a_matter_taken_back_by_itself_ends_its_case(cast: Cast) -> None:
    case = talking(cast)
    withdraw(case.matter.number, by=cast.resident)
    deliver()
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_the_mediator_fails_a_case_with_words_for_the_parties(cast: Cast) -> None:
    case = talking(cast)
    assert case.mediator is not None
    with refused("not-found"):
        talks.fail(case.matter.number, "谈不拢", by=cast.resident)
    with refused("text-missing", "words"):
        talks.fail(case.matter.number, " ", by=case.mediator)
    assert talks.fail(case.matter.number, "谈不拢", by=case.mediator).state == "failed"
    assert "谈不拢" not in str(Case.objects.values_list())


def test_talks_are_extended_once(cast: Cast) -> None:
    case = talking(cast)
    assert case.mediator is not None
    before = case.due_at
    case = talks.extend(case.matter.number, by=case.mediator)
    assert before is not None
    assert case.due_at == before + timedelta(days=30)
    with refused("extended-before"):
        talks.extend(case.matter.number, by=case.mediator)  # type: ignore[arg-type]


def test_what_is_promised_is_asked_on_its_day_and_the_side_that_receives_decides(cast: Cast) -> None:
    case = agreed(cast)
    duty = Duty.objects.get()
    with refused("duty-not-due"):
        keeping.deny(duty.pk, by=cast.resident)
    with time_machine.travel(day_after(duty.due_on), tick=False):
        assert tasks.enforce_limits() == 1
        assert tasks.enforce_limits() == 0
        assert "duty.asked.receiver" in _told(cast.resident)
        with refused("not-found"):
            keeping.confirm(duty.pk, by=cast.stranger)
        keeping.deny(duty.pk, by=cast.resident)
        case = queries.case_for(cast.resident, case.matter.number)
        assert (case.state, Duty.objects.get().state) == ("broken", "broken")
        keeping.confirm(duty.pk, by=cast.resident)
    assert queries.case_for(cast.resident, case.matter.number).state == "kept"


def test_a_broken_agreement_is_renewed_and_the_old_promises_go(cast: Cast) -> None:
    case = agreed(cast)
    duty = Duty.objects.get()
    with time_machine.travel(day_after(duty.due_on), tick=False):
        tasks.enforce_limits()
        keeping.deny(duty.pk, by=cast.resident)
        assert case.mediator is not None
        case = keeping.renew(case.matter.number, by=case.mediator)
        assert case.state == "talking"
        assert Confirmation.objects.get().state == "void"
        row = proposed(
            case,
            promise(case, cast.stranger, cast.resident, 150_000),
            promise(case, cast.stranger, cast.resident, 150_000, 40),
        )
        for person in (cast.stranger, cast.resident):
            agreeing.sign(case.matter.number, row.digest, by=person)
    assert list(Duty.objects.order_by("id").values_list("state", flat=True)) == [
        "replaced",
        "waiting",
        "waiting",
    ]
    assert queries.case_for(cast.resident, case.matter.number).state == "agreed"


def test_who_did_not_receive_goes_to_court_and_nobody_else_ends_it(cast: Cast) -> None:
    case = agreed(cast)
    duty = Duty.objects.get()
    with time_machine.travel(day_after(duty.due_on), tick=False):
        tasks.enforce_limits()
        keeping.deny(duty.pk, by=cast.resident)
        with refused("not-found"):
            keeping.go_to_court(case.matter.number, by=cast.stranger)
        case = keeping.go_to_court(case.matter.number, by=cast.resident)
    assert (case.state, case.matter.state) == ("court", "closed")


def test_a_broken_case_that_nobody_takes_up_ends_by_its_limit(cast: Cast) -> None:
    case = agreed(cast)
    duty = Duty.objects.get()
    with time_machine.travel(day_after(duty.due_on), tick=False) as time:
        tasks.enforce_limits()
        keeping.deny(duty.pk, by=cast.resident)
        time.shift(timedelta(minutes=43_201))
        tasks.enforce_limits()
    assert queries.case_for(cast.resident, case.matter.number).state == "court"


def test_who_does_not_answer_is_listed_and_the_mediator_told(cast: Cast) -> None:
    case = agreed(cast)
    duty = Duty.objects.get()
    with time_machine.travel(day_after(duty.due_on), tick=False) as time:
        tasks.enforce_limits()
        time.shift(timedelta(minutes=10_081))
        tasks.enforce_limits()
        assert case.mediator is not None
        assert "duty.listed.mediator" in _told(case.mediator)
    assert (Duty.objects.get().state, Duty.objects.get().listed) == ("asked", True)


def test_only_the_wording_that_was_read_is_signed(cast: Cast) -> None:
    case = talking(cast)
    first = proposed(case, promise(case, cast.stranger, cast.resident))
    agreeing.sign(case.matter.number, first.digest, by=cast.resident)
    second = proposed(case, promise(case, cast.stranger, cast.resident, 280_000))
    with watching() as seen, refused("agreement-changed"):
        agreeing.sign(case.matter.number, first.digest, by=cast.stranger)
    assert seen.nothing()
    agreeing.sign(case.matter.number, second.digest, by=cast.stranger)
    assert queries.case_for(cast.stranger, case.matter.number).state == "talking"
    row = agreeing.sign(case.matter.number, second.digest, by=cast.resident)
    assert [agreeing.holds(one) for one in row.signatures.all()] == [True, True]
    with watching() as seen:
        agreeing.sign(case.matter.number, second.digest, by=cast.resident)
    assert seen.nothing()


@pytest.mark.parametrize("change", [{"amount_fen": -1}, {"days": -1}, {"same": True}, {"foreign": True}])
def test_a_promise_that_cannot_be_is_refused(cast: Cast, change: dict) -> None:
    case = talking(cast)
    one = promise(case, cast.stranger, cast.resident, change.get("amount_fen", 1), change.get("days", 1))
    if change.get("same"):
        one = agreeing.Promise(one.payer, one.payer, 1, one.due_on)
    if change.get("foreign"):
        one = agreeing.Promise(one.payer, one.receiver + 999, 1, one.due_on)
    with refused("duty-invalid", "duties"):
        proposed(case, one)
    assert not Agreement.objects.exists()


def test_the_court_is_asked_by_every_party_within_its_days(cast: Cast) -> None:
    with time_machine.travel("2026-03-02T02:00:00Z", tick=False):
        case = agreed(cast, days=90)
        row = Confirmation.objects.get()
        assert row.until == numbers.end_of(numbers.today(clock.now()) + timedelta(days=30))
        assert confirming.ask(case.matter.number, by=cast.resident).state == "open"
        assert confirming.ask(case.matter.number, by=cast.stranger).state == "asked"
        assert case.mediator is not None
        done = confirming.decide(
            case.matter.number, confirmed=True, court_number="（示例）1号", by=case.mediator
        )
    assert (done.state, done.court_number) == ("confirmed", "（示例）1号")


def test_after_thirty_days_the_court_cannot_be_asked_and_the_last_week_is_reminded_of(cast: Cast) -> None:
    with time_machine.travel("2026-03-02T02:00:00Z", tick=False) as time:
        case = agreed(cast, days=90)
        time.move_to("2026-03-28T02:00:00Z")
        assert tasks.remind() == 1
        assert tasks.remind() == 0
        time.move_to("2026-04-01T16:00:00Z")  # midnight after the thirtieth day, where the city is
        with refused("confirmation-too-late"):
            confirming.ask(case.matter.number, by=cast.resident)
        tasks.enforce_limits()
        with refused("case-wrong-state"):
            confirming.ask(case.matter.number, by=cast.resident)
    assert Confirmation.objects.get().state == "lapsed"


def test_a_date_is_told_reminded_moved_and_called_off(cast: Cast) -> None:
    case = talking(cast)
    assert case.mediator is not None
    leader, at = case.mediator, clock.now() + timedelta(days=3)
    with refused("not-found"):
        hearings.plan(case.matter.number, at, "村里", 60, by=cast.resident)
    with refused("hearing-invalid", "starts_at"):
        hearings.plan(case.matter.number, clock.now() - timedelta(hours=1), "村里", 60, by=leader)
    hearing = hearings.plan(case.matter.number, at, "治理事亭", 90, by=leader)
    hearings.change(hearing.pk, at + timedelta(hours=1), "治理事亭", 90, by=leader)
    with time_machine.travel(at, tick=False):
        assert tasks.remind() == 1
        assert tasks.remind() == 0
        with refused("hearing-not-yet"):
            hearings.hold(hearing.pk, by=leader)
    assert {"hearing.planned.party", "hearing.moved.party", "hearing.reminded.party"} <= set(
        _told(cast.stranger)
    )
    assert hearings.call_off(hearing.pk, by=leader).state == "cancelled"
    with watching() as seen:
        hearings.call_off(hearing.pk, by=leader)
    assert seen.nothing()


def test_staff_decline_a_case_nobody_leads_and_give_it_a_mediator(cast: Cast) -> None:
    case = opened(cast)
    with refused("not-found"):
        leading.decline(case.matter.number, "不归这里管", by=cast.other_staff)
    assert leading.decline(case.matter.number, "不归这里管", by=cast.staff).state == "declined"
    second = opened(cast)
    leader = mediator(cast)
    with refused("mediator-unknown", "mediator"):
        leading.appoint(second.matter.number, cast.member.pk, by=cast.staff)
    assert leading.appoint(second.matter.number, leader.pk, by=cast.staff).mediator == leader


def test_a_case_is_seen_by_its_parties_its_mediator_and_staff_of_the_area_alone(cast: Cast) -> None:
    case = talking(cast)
    number, leader = case.matter.number, case.mediator
    seen = [cast.resident, cast.stranger, leader, cast.staff, cast.city_staff]
    assert all(queries.case_for(one, number) for one in seen)
    for one in (None, cast.member, cast.other_staff, cast.responsible):
        with refused("not-found"):
            queries.case_for(one, number)
    assert queries.agreement(case, by=cast.staff) is None
    assert queries.talks(case, by=cast.staff) == []


def test_a_mediator_whose_post_has_ended_is_not_asked(cast: Cast) -> None:
    person = mediator(cast)
    Post.objects.filter(person=person).update(until=clock.now())
    assert opened(cast).mediator is None


def test_the_one_who_leads_fewer_cases_is_asked_first(cast: Cast) -> None:
    first, second = mediator(cast), mediator(cast, 42, "调解员乙")
    assert [opened(cast).mediator for _ in range(2)] == [first, second]


def test_a_party_is_named_in_the_case_and_nowhere_in_clear(cast: Cast) -> None:
    case = talking(cast)
    assert party_of(case, cast.stranger)
    assert "对门" not in str(list(Party.objects.values_list()))
