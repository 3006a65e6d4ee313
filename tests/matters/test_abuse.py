"""Reporting what should not stand, and judging it."""

import pytest

from tests.cast import Cast, closed, done, need, taken
from tests.matters.watching import refused, watching
from xianfeng.foundation.places import city
from xianfeng.matters import queries
from xianfeng.matters.models import AbuseReport, Matter, Message, Rating
from xianfeng.matters.operations.abuse import judge_abuse, report_abuse
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.matters.operations.talking import send_message

HERE = city.served()


def reported(cast: Cast) -> AbuseReport:
    """Return a report of a resident's need by a stranger."""
    return report_abuse(
        "matter", need(cast.resident).number, by=cast.stranger, reason="advert", text="是广告"
    )


def test_a_report_is_one_row_and_one_entry_and_moves_nothing_else(cast: Cast) -> None:
    matter = need(cast.resident)
    with watching() as seen:
        report = report_abuse("matter", matter.number, by=cast.stranger, reason="advert", text="是广告")
    told = seen.only("matter.abuse-reported")
    assert (told.actor, told.id) == (("person", cast.stranger.id), matter.id)
    assert told.new == {"kind": "matter", "subject": matter.id, "reason": "advert", "report": report.id}
    assert seen.rows == {"matters_abuse_report": {report.id}, "matters_matter": {matter.id}}


def test_the_same_report_again_is_the_same(cast: Cast) -> None:
    report = reported(cast)
    with watching() as seen:
        again = report_abuse("matter", report.matter.number, by=cast.stranger, reason="insult")
    assert again.pk == report.pk
    assert seen.nothing()


def test_a_reason_nobody_knows_is_refused(cast: Cast) -> None:
    matter = need(cast.resident)
    with refused("reason-unknown", "reason"):
        report_abuse("matter", matter.number, by=cast.stranger, reason="x")


def test_the_own_words_are_not_reported(cast: Cast) -> None:
    matter = need(cast.resident)
    with refused("own-words"):
        report_abuse("matter", matter.number, by=cast.resident, reason="other")


@pytest.mark.parametrize("key", ["1", "0", "-1", "1' OR 1", "９", "9" * 30, "260101-999999"])
@pytest.mark.parametrize("kind", ["matter", "message", "rating", "person", ""])
def test_what_is_not_there_and_what_is_no_such_thing_look_alike(cast: Cast, kind: str, key: str) -> None:
    with refused("not-found"):
        report_abuse(kind, key, by=cast.stranger, reason="other")


def test_a_message_is_reported_by_its_reader_and_by_nobody_else(cast: Cast) -> None:
    matter = taken(cast)
    message = send_message(matter.number, "难听的话", by=cast.resident)
    with refused("not-found"):
        report_abuse("message", str(message.id), by=cast.stranger, reason="insult")
    report = report_abuse("message", str(message.id), by=cast.pioneer.spokesperson, reason="insult")
    assert (report.kind, report.subject_id, report.matter_id) == ("message", message.id, matter.id)


def test_the_timeline_tells_nobody_who_reported(cast: Cast) -> None:
    report = reported(cast)
    judge_abuse(report.pk, by=cast.staff, hide=False, reason="没事")
    assert [step.code for step in queries.timeline(report.matter)] == ["matter.raised"]


def test_staff_of_another_organisation_judge_nothing(cast: Cast) -> None:
    report = reported(cast)
    for outsider in (cast.other_staff, cast.resident, cast.stranger):
        with refused("not-found"):
            judge_abuse(report.pk, by=outsider, hide=True, reason="看不惯")


def test_a_judgement_needs_words(cast: Cast) -> None:
    report = reported(cast)
    with refused("text-missing", "reason"):
        judge_abuse(report.pk, by=cast.staff, hide=True, reason=" ")


def test_a_hidden_need_is_seen_by_its_asker_and_staff_alone_and_taken_by_nobody(cast: Cast) -> None:
    report = reported(cast)
    with watching() as seen:
        judged = judge_abuse(report.pk, by=cast.staff, hide=True, reason="是广告")
    assert (judged.hidden, judged.judged_by_id, judged.judgement) == (True, cast.staff.id, "是广告")
    told = seen.only("matter.abuse-judged")
    assert told.new == {"kind": "matter", "subject": report.matter_id, "report": report.id, "hidden": True}
    assert seen.rows == {"matters_abuse_report": {report.id}, "matters_matter": {report.matter_id}}
    number = report.matter.number
    for person in (cast.resident, cast.staff, cast.city_staff):
        assert queries.matter_for(person, number).hidden
    for other in (None, cast.stranger, cast.pioneer.spokesperson):
        with refused("not-found"):
            queries.matter_for(other, number)
    assert queries.open_newest() == queries.open_near(HERE.lat, HERE.lon) == []
    with refused("not-found"):
        claim(number, by=cast.pioneer.spokesperson)


def test_who_has_a_need_in_hand_still_sees_it_when_it_is_hidden(cast: Cast) -> None:
    matter = taken(cast)
    report = report_abuse("matter", matter.number, by=cast.stranger, reason="privacy")
    judge_abuse(report.pk, by=cast.staff, hide=True, reason="有门牌")
    assert queries.matter_for(cast.pioneer.spokesperson, matter.number).hidden


def test_what_was_kept_stands_as_before(cast: Cast) -> None:
    report = reported(cast)
    judge_abuse(report.pk, by=cast.staff, hide=False, reason="没有不妥")
    assert queries.matter_for(None, report.matter.number).pk == report.matter_id


def test_a_hidden_message_is_read_by_its_author_alone(cast: Cast) -> None:
    matter, speaker = taken(cast), cast.pioneer.spokesperson
    message = send_message(matter.number, "难听的话", by=cast.resident)
    report = report_abuse("message", str(message.id), by=speaker, reason="insult")
    judge_abuse(report.pk, by=cast.staff, hide=True, reason="骂人")
    assert Message.objects.get(pk=message.pk).hidden
    assert queries.talk(matter, by=speaker) == []
    assert [one.pk for one in queries.talk(matter, by=cast.resident)] == [message.pk]


def test_hidden_words_of_a_rating_are_gone_and_its_stars_stay(cast: Cast) -> None:
    matter = rate(done(cast).number, Stars(1, 1, 1, text="骂人"), by=cast.resident)
    rating = Rating.objects.get(handling__matter=matter)
    report = report_abuse("rating", str(rating.pk), by=cast.pioneer.spokesperson, reason="insult")
    judge_abuse(report.pk, by=cast.staff, hide=True, reason="骂人")
    shown = queries.handlings(Matter.objects.get(pk=matter.pk))[0].rating
    assert (shown.text, shown.skill) == ("", 1)


def test_a_rating_without_words_cannot_be_reported(cast: Cast) -> None:
    rating = Rating.objects.get(handling__matter=closed(cast))
    with refused("not-found"):
        report_abuse("rating", str(rating.pk), by=cast.pioneer.spokesperson, reason="insult")


def test_all_reports_of_one_thing_are_judged_together_and_once(cast: Cast) -> None:
    first = reported(cast)
    second = report_abuse("matter", first.matter.number, by=cast.member, reason="insult")
    judge_abuse(first.pk, by=cast.staff, hide=True, reason="是广告")
    assert AbuseReport.objects.get(pk=second.pk).hidden
    with refused("judged-before"):
        judge_abuse(second.pk, by=cast.city_staff, hide=False, reason="没事")
