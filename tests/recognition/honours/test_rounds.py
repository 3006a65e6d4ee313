"""An award round, from its draft to the certificate."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import Cast, closed, recognised, somebody
from tests.matters.watching import refused, watching
from tests.recognition.honours.playing import (
    CLOSE,
    START,
    helped,
    in_review,
    opened,
    plan,
    ranked,
    reviewers,
    rival,
    score_all,
)
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.record import verify
from xianfeng.recognition.honours import eligibility, tallying
from xianfeng.recognition.honours.models import Candidacy, Conflict, Honour, Reviewer
from xianfeng.recognition.honours.operations import deciding, declaring, reviewing, rounds
from xianfeng.recognition.honours.planning import CriterionGiven, QuotaGiven, RuleGiven


def test_a_draft_keeps_the_whole_plan_and_tells_the_record_its_numbers(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    given = plan(cast)
    with watching() as seen:
        row = rounds.draft(given, by=cast.staff)
    told = seen.only("round.drafted")
    assert told.new["criteria"] == [["index", 50], ["review", 50]]
    assert told.new["rules"] == [{"kind": "services", "n": 1, "months": 12}]
    assert (row.state, row.area_id, row.criteria.count(), row.reviewers.get(chair=True).person_id) == (
        "draft", cast.here.pk, 2, given.chair_id,
    )  # fmt: skip
    assert seen.tables == {
        "honours_round", "honours_rule", "honours_quota", "honours_criterion", "honours_reviewer",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"criteria": [CriterionGiven("index", "指数", 60), CriterionGiven("review", "事迹", 50)]},
         "weights-not-100", "criteria"),
        ({"rules": [RuleGiven("luck", n=1)]}, "rule-unknown", "rules"),
        ({"rules": [RuleGiven("residence", area_id=10**9)]}, "rule-refers-to-nothing", "rules"),
        ({"rules": [RuleGiven("residence")]}, "rule-area", "rules"),
        ({"rules": [RuleGiven("index", n=101)]}, "rule-number", "rules"),
        ({"rules": [RuleGiven("services", n=1)]}, "rule-number", "rules"),
        ({"quotas": []}, "quota-missing", "quotas"),
        ({"quotas": [QuotaGiven(0)]}, "quota-number", "quotas"),
        ({"quotas": [QuotaGiven(1), QuotaGiven(2)]}, "quota-twice", "quotas"),
        ({"quotas": [QuotaGiven(1, organisation_id=10**9)]}, "rule-refers-to-nothing", "quotas"),
        ({"reviewer_ids": []}, "reviewers-too-few", "reviewers"),
        ({"title": "labour-model", "level": "city"}, "title-not-yours", "title"),
        ({"title": "nothing"}, "title-unknown", "title"),
        ({"level": "galaxy"}, "level-not-given", "level"),
        ({"closes_at": START}, "dates-out-of-order", "closes_at"),
        ({"notice_days": 1}, "notice-too-short-or-long", "notice_days"),
    ],
)  # fmt: skip
def test_a_plan_that_does_not_hold_is_refused_by_its_field(
    moment: time_machine.Traveller, cast: Cast, more: dict[str, object], code: str, field: str
) -> None:
    given = plan(cast, **more)
    with refused(code, field):
        rounds.draft(given, by=cast.staff)


def test_a_round_of_another_organisation_is_not_there(moment: time_machine.Traveller, cast: Cast) -> None:
    given = plan(cast)
    for person in (cast.other_staff, cast.resident):
        with pytest.raises(Missing):
            rounds.draft(given, by=person)
    row = rounds.draft(given, by=cast.city_staff)
    with pytest.raises(Missing):
        rounds.open_round(row.pk, by=cast.other_staff)
    assert rounds.open_round(row.pk, by=cast.staff).state == "open"


def test_eligibility_is_told_for_the_whole_field_with_what_is_missing(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    third = rival(cast)
    helped(cast, cast.pioneer)
    Pioneer.objects.filter(pk=cast.pioneer.pk).update(index_without_honours=70.0)
    row = rounds.draft(
        plan(cast, rules=[RuleGiven("services", n=3, months=12), RuleGiven("index", n=72.5)]), by=cast.staff
    )
    rules = list(row.rules.order_by("position"))
    given = {one.pioneer_id: one for one in eligibility.read(row, rules, START + timedelta(days=1))}
    assert set(given) == {cast.pioneer.pk, third.pk}  # no collective, none of the other organisation
    answers = eligibility.explain(rules, given[cast.pioneer.pk].numbers, "zh-hans")
    assert [(one.met, one.rule, one.short) for one in answers] == [
        (False, "最近 12 个月办完 3 次服务", "差 2 次服务"),
        (False, "先锋指数（不含荣誉）不低于 72.5 分", "差 2.5 分"),
    ]
    assert [one.short for one in eligibility.explain(rules, given[third.pk].numbers, "en")] == [
        "3 services short", "no index yet",
    ]  # fmt: skip


def test_every_kind_of_rule_reads_its_number(moment: time_machine.Traveller, cast: Cast) -> None:
    helped(cast, cast.pioneer)
    people.suspend(cast.pioneer.pk, by=cast.staff, reason="投诉查实")
    people.reinstate(cast.pioneer.pk, by=cast.staff, reason="改好了")
    kinds = [
        RuleGiven("stars", n=4), RuleGiven("years", n=0), RuleGiven("residence", area_id=cast.here.pk),
        RuleGiven("residence", area_id=cast.there.pk), RuleGiven("no-complaint", months=6),
        RuleGiven("not-honoured", years=3), RuleGiven("services", n=1, months=0),
    ]  # fmt: skip
    row = rounds.draft(plan(cast, rules=kinds), by=cast.staff)
    rules = list(row.rules.order_by("position"))
    (given,) = eligibility.read(row, rules, START + timedelta(hours=1), only=[cast.pioneer.pk])
    assert [eligibility.met(rule, number) for rule, number in zip(rules, given.numbers, strict=True)] == [
        True, True, True, False, False, True, True,
    ]  # fmt: skip
    assert eligibility.explain(rules, given.numbers, "zh-hans")[4].short == "有 1 件查实的投诉"


def test_the_close_admits_who_fulfils_the_rules_and_keeps_the_numbers(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    third = rival(cast)
    helped(cast, cast.pioneer)
    about = opened(cast)
    rows = [declaring.declare(about.pk, one.pk, by=one.spokesperson) for one in (cast.pioneer, third)]
    with refused("round-too-early"):
        reviewing.close(about.pk, by=cast.staff)
    moment.move_to(CLOSE)
    with watching() as seen:
        about = reviewing.close(about.pk, by=cast.staff)
    assert about.state == "review"
    assert [told.code for told in seen.entries] == ["candidacy.checked", "candidacy.checked", "round.closed"]
    assert seen.entries == seen.outbox
    assert seen.entries[2].new == {"state": "review", "admitted": 1, "ineligible": 1}
    assert seen.rows == {"honours_round": {about.pk}, "honours_candidacy": {row.pk for row in rows}}
    stood = [(row.state, row.facts) for row in Candidacy.objects.order_by("id")]
    assert stood == [("admitted", {"0": 1.0}), ("ineligible", {"0": 0.0})]
    assert list(verify.chain_findings()) == []
    with watching() as seen:
        reviewing.close(about.pk, by=cast.city_staff)
    assert seen.nothing()


def test_declaring_again_is_the_same_and_late_or_foreign_is_refused(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    about = opened(cast)
    first = declaring.declare(about.pk, cast.pioneer.pk, by=cast.pioneer.spokesperson)
    with watching() as seen:
        assert declaring.declare(about.pk, cast.pioneer.pk, by=cast.staff).pk == first.pk
    assert seen.nothing()
    with refused("no-colleague"):
        declaring.declare(about.pk, cast.pioneer.pk, by=cast.resident)
    with refused("not-in-field"):
        declaring.declare(about.pk, cast.second.pk, by=cast.second.spokesperson)
    with refused("not-in-field"):
        declaring.declare(about.pk, cast.collective.pk, by=cast.speaker)
    third = rival(cast)
    moment.move_to(CLOSE)
    with refused("round-not-open"):
        declaring.declare(about.pk, third.pk, by=cast.staff)


def test_who_declares_is_told_apart(moment: time_machine.Traveller, cast: Cast) -> None:
    about = opened(cast)
    third = rival(cast)
    ways = [
        declaring.declare(about.pk, cast.pioneer.pk, by=cast.pioneer.spokesperson).how,
        declaring.declare(about.pk, third.pk, by=cast.pioneer.spokesperson).how,
        declaring.declare(about.pk, rival(cast, 61, "先锋丁").pk, by=cast.staff).how,
    ]
    assert ways == ["self", "colleague", "organisation"]


def test_a_declaration_taken_back_can_be_made_anew(moment: time_machine.Traveller, cast: Cast) -> None:
    about = opened(cast)
    row = declaring.declare(about.pk, cast.pioneer.pk, by=cast.pioneer.spokesperson)
    with pytest.raises(Missing):
        declaring.withdraw(row.pk, by=cast.resident)
    assert declaring.withdraw(row.pk, by=cast.pioneer.spokesperson).state == "withdrawn"
    again = declaring.declare(about.pk, cast.pioneer.pk, by=cast.staff)
    assert (again.pk, again.state, again.how) == (row.pk, "declared", "organisation")


def test_who_is_near_a_candidate_is_found_and_may_not_score(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    people.add_member(cast.collective.pk, person=cast.pioneer.spokesperson, by=cast.speaker)
    third = rival(cast)
    helped(cast, cast.pioneer, third)
    more = [somebody(201), somebody(202), somebody(203), cast.member, cast.resident, third.spokesperson]
    _, rows = in_review(
        cast, moment, [cast.pioneer, third], reviewer_ids=[one.pk for one in more], chair_id=more[0].pk
    )
    found = {
        (one.candidacy.pioneer_id, one.reviewer.person_id): one.kind
        for one in Conflict.objects.select_related("candidacy", "reviewer")
    }
    assert found == {
        (cast.pioneer.pk, cast.member.pk): "collective",
        (cast.pioneer.pk, cast.resident.pk): "rated",
        (third.pk, cast.resident.pk): "rated",
        (third.pk, third.spokesperson_id): "own",
    }
    for person in (cast.member, cast.resident):
        with refused("conflict-of-interest"):
            reviewing.score(rows[0].pk, {1: 90}, by=person)
    assert reviewing.score(rows[1].pk, {1: 90}, by=cast.member)[0].points == 90


def test_a_reviewer_added_later_is_looked_at_too(moment: time_machine.Traveller, cast: Cast) -> None:
    helped(cast, cast.pioneer)
    about, (row,) = in_review(cast, moment, [cast.pioneer])
    rounds.add_reviewer(about.pk, cast.resident.pk, by=cast.staff)
    with refused("conflict-of-interest"):
        reviewing.score(row.pk, {1: 100}, by=cast.resident)


def test_points_are_of_a_hundred_on_every_criterion_and_ones_own_can_be_given_anew(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer)
    about, (row,) = in_review(cast, moment, [cast.pioneer])
    first = reviewers(about)[0]
    for given in ({}, {0: 50}, {1: 101}, {1: -1}, {1: 50, 2: 50}):
        with refused("points-invalid"):
            reviewing.score(row.pk, given, by=first)
    reviewing.score(row.pk, {1: 50}, by=first)
    with watching() as seen:
        reviewing.score(row.pk, {1: 70}, by=first)
    told = seen.only("candidacy.scored")
    assert told.new["points"] == {"1": 70}
    assert [one.points for one in row.scores.all()] == [70]
    with pytest.raises(Missing):
        reviewing.score(row.pk, {1: 70}, by=cast.staff)


def test_a_conflict_that_is_declared_drops_the_points_given(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer)
    about, (row,) = in_review(cast, moment, [cast.pioneer])
    first = reviewers(about)[0]
    reviewing.score(row.pk, {1: 50}, by=first)
    assert reviewing.declare_conflict(row.pk, by=first).kind == "declared"
    assert not row.scores.exists()
    with refused("conflict-of-interest"):
        reviewing.score(row.pk, {1: 50}, by=first)


def test_no_rank_while_points_lack_and_a_reviewer_who_left_counts_no_longer(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer)
    about, rows = in_review(cast, moment, [cast.pioneer])
    score_all(about, rows, [80])
    gone = Reviewer.objects.filter(round=about).order_by("id")[0]
    rounds.leave(about.pk, gone.pk, "身体原因", by=cast.staff)
    with refused("scores-too-few") as params:
        reviewing.rank(about.pk, by=cast.staff)
    assert (params["names"], params["count"]) == (cast.pioneer.name, 1)
    other = somebody(204)
    rounds.add_reviewer(about.pk, other.pk, by=cast.staff)
    reviewing.score(rows[0].pk, {1: 50}, by=other)
    reviewing.rank(about.pk, by=cast.staff)
    rows[0].refresh_from_db()
    assert (rows[0].points, rows[0].total, rows[0].rank) == ({"0": 0.0, "1": 70.0}, 35.0, 1)
    assert rows[0].scores.count() == 4  # kept, though one of them counts no longer
    with refused("round-wrong-state"):
        rounds.leave(about.pk, Reviewer.objects.filter(round=about).order_by("id")[1].pk, "忙", by=cast.staff)


def test_ranks_can_be_worked_out_anew_and_a_changed_row_shows(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    third = rival(cast)
    helped(cast, cast.pioneer, third)
    about, rows = ranked(cast, moment, [cast.pioneer, third], [70, 90])
    assert [(row.rank, row.total) for row in rows] == [(2, 35.0), (1, 45.0)]
    assert reviewing.reproduce(about) == []
    Candidacy.objects.filter(pk=rows[0].pk).update(total=99.0)
    assert [(one.candidacy_id, one.what, one.stands, one.follows) for one in reviewing.reproduce(about)] == [
        (rows[0].pk, "total", 99.0, 35.0)
    ]
    assert tallying.severity(about) == {one.pk: 0.0 for one in about.reviewers.all()}


def test_places_that_find_nobody_are_told_and_never_cut_silently(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer)
    quotas = [QuotaGiven(1, area_id=cast.here.pk), QuotaGiven(2, area_id=cast.there.pk)]
    about, _ = ranked(cast, moment, [cast.pioneer], [80], quotas=quotas)
    with refused("quota-short", "short_reason") as params:
        deciding.announce(about.pk, by=cast.staff)
    assert params["places"] == 2
    assert cast.there.name in params["who"]
    about = deciding.announce(about.pk, by=cast.staff, short_reason="这个县今年没有人报")
    assert (about.state, about.short_accepted) == ("notice", 2)


def notice(cast: Cast, moment: time_machine.Traveller) -> tuple[int, list[Candidacy]]:
    third = rival(cast)
    helped(cast, cast.pioneer, third)
    about, rows = ranked(cast, moment, [cast.pioneer, third], [90, 70])
    about = deciding.announce(about.pk, by=cast.staff)
    for row in rows:
        row.refresh_from_db()
    return about.pk, rows


def test_a_notice_runs_whole_days_over_new_year_and_every_objection_is_answered_before_the_decision(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    pk, (first, second) = notice(cast, moment)
    assert (first.state, second.state) == ("selected", "passed")
    about = first.round
    about.refresh_from_db()
    assert about.notice_until is not None
    assert about.notice_until.isoformat() == "2027-01-01T16:00:00+00:00"  # five days after the 27th
    objection = deciding.object_to(first.pk, "这件事不是他做的", by=cast.resident)
    with refused("objection-waits"):
        deciding.object_to(first.pk, "再说一遍", by=cast.resident)
    with pytest.raises(Missing):
        deciding.object_to(second.pk, "没公示的", by=cast.resident)
    with refused("notice-runs"):
        deciding.decide(pk, by=cast.staff)
    moment.move_to(about.notice_until)
    with refused("notice-over"):
        deciding.object_to(first.pk, "晚了", by=cast.stranger)
    with refused("objections-open") as params:
        deciding.decide(pk, by=cast.staff)
    assert params["count"] == 1
    with pytest.raises(Missing):
        deciding.answer(objection.pk, "查过了", upheld=False, by=cast.other_staff)
    deciding.answer(objection.pk, "查过了，是他做的", upheld=False, by=cast.staff)
    with refused("objection-answered"):
        deciding.answer(objection.pk, "改主意", upheld=True, by=cast.city_staff)
    with watching() as seen:
        deciding.decide(pk, by=cast.staff)
    honour = Honour.objects.get()
    assert [told.code for told in seen.entries] == ["round.decided", "candidacy.honoured", "honour.conferred"]
    assert seen.entries[2].new == {
        "pioneer": cast.pioneer.pk, "level": "county", "title": "red-banner", "round": pk, "until": None,
    }  # fmt: skip
    assert seen.tables == {"honours_round", "honours_candidacy", "honours_honour"}
    assert (honour.pioneer_id, honour.organisation_id, len(honour.code)) == (
        cast.pioneer.pk, cast.organisation.pk, 12,
    )  # fmt: skip
    with watching() as seen:
        deciding.decide(pk, by=cast.city_staff)
    assert seen.nothing()


def test_an_upheld_objection_empties_the_place_and_the_next_comes_after_a_new_notice(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    pk, (first, second) = notice(cast, moment)
    objection = deciding.object_to(first.pk, "材料是假的", by=cast.resident)
    deciding.answer(objection.pk, "属实", upheld=True, by=cast.staff)
    first.refresh_from_db()
    assert (first.state, first.quota_id) == ("excluded", None)
    moment.shift(timedelta(days=30))
    with refused("quota-short"):
        deciding.decide(pk, by=cast.staff)
    deciding.revise(pk, "异议成立，递补", by=cast.staff)
    about = deciding.announce(pk, by=cast.staff)
    second.refresh_from_db()
    assert second.state == "selected"
    assert about.notice_until is not None
    moment.move_to(about.notice_until)
    deciding.decide(pk, by=cast.staff)
    assert list(Honour.objects.values_list("pioneer_id", flat=True)) == [second.pioneer_id]
    assert list(verify.chain_findings()) == []


def test_an_honour_is_revoked_with_a_reason_once_and_by_its_own_staff(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    pk, _ = notice(cast, moment)
    moment.shift(timedelta(days=30))
    deciding.decide(pk, by=cast.staff)
    honour = Honour.objects.get()
    with pytest.raises(Missing):
        deciding.revoke(honour.pk, "无权", by=cast.other_staff)
    with refused("text-missing", "reason"):
        deciding.revoke(honour.pk, " ", by=cast.staff)
    with watching() as seen:
        deciding.revoke(honour.pk, "弄虚作假", by=cast.staff)
    assert seen.only("honour.revoked").new == {"pioneer": honour.pioneer_id}
    with refused("honour-over"):
        deciding.revoke(honour.pk, "再撤一次", by=cast.city_staff)


def test_an_honour_of_three_years_expires_once_also_one_given_on_the_leap_day(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    leap = START.replace(year=2028, month=2, day=29)
    ends = deciding.ends("craftsman", leap)
    assert ends is not None
    assert (ends.year, ends.month, ends.day) == (2031, 2, 28)
    pk, _ = notice(cast, moment)
    moment.shift(timedelta(days=30))
    deciding.decide(pk, by=cast.staff)
    assert deciding.expire() == 0
    Honour.objects.update(until=START + timedelta(days=40))
    moment.move_to(START + timedelta(days=41))
    assert (deciding.expire(), deciding.expire()) == (1, 0)


def test_a_cancelled_round_says_why_and_ends(moment: time_machine.Traveller, cast: Cast) -> None:
    about = opened(cast)
    row = rounds.cancel(about.pk, "今年不评了", by=cast.staff)
    assert (row.state, row.short_reason) == ("cancelled", "今年不评了")
    with refused("round-wrong-state"):
        rounds.cancel(about.pk, "再取消", by=cast.staff)
    with refused("round-not-open"):
        declaring.declare(about.pk, cast.pioneer.pk, by=cast.pioneer.spokesperson)


def test_a_round_of_the_city_takes_everybody_with_places_for_each_organisation(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer, cast.second)
    quotas = [
        QuotaGiven(1, organisation_id=cast.organisation.pk), QuotaGiven(1, organisation_id=cast.other_organisation.pk)
    ]  # fmt: skip
    given = plan(cast, organisation_id=None, quotas=quotas, title="craftsman", level="city")
    about = rounds.open_round(rounds.draft(given, by=cast.city_staff).pk, by=cast.city_staff)
    with pytest.raises(Missing):
        rounds.cancel(about.pk, "不是我的", by=cast.staff)
    rows = [declaring.declare(about.pk, one.pk, by=one.spokesperson) for one in (cast.pioneer, cast.second)]
    moment.move_to(CLOSE)
    reviewing.close(about.pk, by=cast.city_staff)
    score_all(about, rows, [90, 20])
    reviewing.rank(about.pk, by=cast.city_staff)
    deciding.announce(about.pk, by=cast.city_staff)
    assert set(Candidacy.objects.values_list("state", flat=True)) == {"selected"}


def test_the_field_of_an_organisation_of_the_city_is_that_of_its_kind_everywhere(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    row = rounds.draft(plan(cast, rules=[]), by=cast.staff)
    other = recognised("别县先锋", somebody(70), cast.other_organisation, cast.city_staff)
    assert other.pk not in {one.pioneer_id for one in eligibility.read(row, [], START)}
    row.organisation, row.area = None, cast.city
    assert {cast.pioneer.pk, cast.second.pk, other.pk} == {
        one.pioneer_id for one in eligibility.read(row, [], START)
    }


def test_services_outside_the_span_do_not_count(moment: time_machine.Traveller, cast: Cast) -> None:
    closed(cast, cast.pioneer)
    row = rounds.draft(plan(cast), by=cast.staff)
    rules = list(row.rules.all())
    counts = [
        eligibility.read(row, rules, at, only=[cast.pioneer.pk])[0].numbers
        for at in (START + timedelta(days=1), START + timedelta(days=400), START - timedelta(days=1))
    ]
    assert counts == [(1.0,), (0.0,), (0.0,)]
