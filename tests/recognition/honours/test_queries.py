"""What staff, candidates and reviewers read; the one file of a person."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, closed, recognised
from tests.matters.watching import refused, watching
from tests.recognition.honours.playing import helped, in_review, opened, reviewers, rival
from tests.recognition.honours.test_certificates import conferred
from tests.recognition.showcase.showing import drafted, published
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.models import Recognition
from xianfeng.matters.operations.handling import Report
from xianfeng.recognition.honours import queries
from xianfeng.recognition.honours.models import Dossier, Honour
from xianfeng.recognition.honours.operations import carrying, declaring, dossiers, reviewing
from xianfeng.recognition.honours.operations.dossiers import Deed, Profile

PDF = b"%PDF-1.7 small"


def test_a_file_is_opened_once_from_what_is_known_and_names_its_gaps(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    first = dossiers.open_for(cast.pioneer.pk, by=cast.pioneer.spokesperson)
    with watching() as seen:
        again = dossiers.open_for(cast.pioneer.pk, by=cast.resident)
    assert seen.nothing()
    assert (again.pk, first.name, first.specialities) == (first.pk, cast.pioneer.name, ["electric"])
    assert queries.prefilled(first).gaps == ["profile", "deed", "evidence"]
    matter = closed(cast, cast.pioneer, Report("修好了", benefit_yuan=300))
    known = queries.prefilled(first)
    assert (known.services, known.stars, [one.matter_id for one in known.needs]) == (1, 4.0, [matter.pk])
    dossiers.describe(first.pk, Profile("电工二十年，" * 6, ["electric"]), by=cast.pioneer.spokesperson)
    dossiers.add_matter(first.pk, matter.number, by=cast.pioneer.spokesperson)
    dossiers.tell_deed(first.pk, Deed("雨夜抢修", happened_on=date(2026, 7, 1)), by=cast.resident)
    first.refresh_from_db()
    known = queries.prefilled(first)
    assert (known.gaps, known.needs) == ([], [])


def test_only_who_keeps_a_file_writes_in_it_and_anybody_tells_a_deed(
    moment: time_machine.Traveller, cast: Cast, tmp_path: object, settings: object
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    row = dossiers.open_for(cast.pioneer.pk, by=cast.pioneer.spokesperson)
    matter = closed(cast, cast.second)
    with pytest.raises(Missing):
        dossiers.describe(row.pk, Profile("别人写的", []), by=cast.resident)
    with pytest.raises(Missing):
        queries.file_for(cast.other_staff, row.pk)
    with refused("need-not-theirs", "number"):
        dossiers.add_matter(row.pk, matter.number, by=cast.staff)
    with refused("day-ahead"):
        dossiers.tell_deed(row.pk, Deed("明天的事", happened_on=date(2030, 1, 1)), by=cast.staff)
    with refused("document-unreadable"):
        dossiers.add_document(row.pk, "表格", b"PK\x03\x04", by=cast.staff)
    with refused("document-too-big"):
        dossiers.add_document(row.pk, "扫描件", PDF + b"0" * 10 * 1024 * 1024, by=cast.staff)
    item = dossiers.add_document(row.pk, "证书扫描件", PDF, by=cast.staff)
    assert item.key.endswith(".pdf")
    told = dossiers.tell_deed(row.pk, Deed("扶老人过马路"), by=cast.resident)
    with pytest.raises(Missing):
        dossiers.remove_item(told.pk, by=cast.stranger)
    dossiers.remove_item(told.pk, by=cast.resident)
    assert list(row.items.filter(removed_at=None)) == [item]


def test_the_file_of_a_candidate_goes_on_when_they_are_recognised(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    before = dossiers.open_candidate(
        cast.resident.pk,
        "热心居民",
        organisation_id=cast.organisation.pk,
        area_id=cast.here.pk,
        by=cast.staff,
    )
    with pytest.raises(Missing):
        dossiers.open_candidate(
            cast.resident.pk,
            "热心居民",
            organisation_id=cast.organisation.pk,
            area_id=cast.here.pk,
            by=cast.other_staff,
        )
    dossiers.tell_deed(before.pk, Deed("天天扫雪"), by=cast.stranger)
    pioneer = recognised("热心居民", cast.resident, cast.organisation, cast.city_staff)
    after = dossiers.open_for(pioneer.pk, by=cast.resident)
    assert (after.pk, after.pioneer_id, after.items.count()) == (before.pk, pioneer.pk, 1)
    assert Dossier.objects.count() == 1


def test_one_file_serves_every_round_and_a_declaration_keeps_what_was_declared(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    row = dossiers.open_for(cast.pioneer.pk, by=cast.pioneer.spokesperson)
    item = dossiers.tell_deed(row.pk, Deed("雨夜抢修"), by=cast.resident)
    rounds = [opened(cast), opened(cast, title="women-merit")]
    declared = [declaring.declare(one.pk, cast.pioneer.pk, by=cast.pioneer.spokesperson) for one in rounds]
    dossiers.remove_item(item.pk, by=cast.pioneer.spokesperson)
    assert [list(one.items.all()) for one in declared] == [[item], [item]]
    assert {one.dossier_id for one in declared} == {row.pk}


def test_the_field_is_told_in_the_same_statements_at_two_and_at_five(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer)
    about = opened(cast)
    rival(cast)
    about = queries.run_by(cast.staff, about.pk)
    with CaptureQueriesContext(connection) as two:
        found = queries.field_of(about, "zh-hans")
    assert [(one.name, one.fine, one.short) for one in found] == [
        (cast.pioneer.name, True, ()), ("先锋丙", False, ("差 1 次服务",)),
    ]  # fmt: skip
    for number in range(3):
        rival(cast, 70 + number, f"先锋{number}")
    with CaptureQueriesContext(connection) as five:
        assert len(queries.field_of(about, "zh-hans")) == 5
    assert (len(two), len(five)) == (3, 3)


def test_a_reviewer_sees_own_points_alone_and_rounds_of_others_are_not_there(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer)
    about, (row,) = in_review(cast, moment, [cast.pioneer])
    first, second, _ = reviewers(about)
    reviewing.score(row.pk, {1: 80}, by=first)
    sheets = [
        queries.sheets_for(queries.reviewer_in(person, about.pk))[0].points for person in (first, second)
    ]
    assert sheets == [{1: 80}, {}]
    for person in (cast.resident, cast.staff):
        with pytest.raises(Missing):
            queries.reviewer_in(person, about.pk)
    assert not queries.rounds_run_by(cast.other_staff).exists()
    assert not queries.rounds_run_by(cast.resident).exists()
    assert [one.pk for one in queries.rounds_run_by(cast.city_staff)] == [about.pk]


def test_somebody_honoured_twice_stands_once_with_both_and_an_idle_honour_is_shown_to_its_own_staff(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    honour = conferred(cast, moment)
    other = Honour.objects.get(pk=honour.pk)
    other.pk, other.code, other.title, other.record_length, other.record_head = (
        None,
        "B" * 12,
        "women-merit",
        0,
        b"",
    )
    found = queries.honoured([honour, other])
    assert [(one.pioneer.pk, len(one.honours)) for one in found] == [(cast.pioneer.pk, 2)]
    assert [one.pk for one in queries.without_offer(cast.staff)] == [honour.pk]
    assert not queries.idle(cast.staff).exists()
    moment.move_to(clock.now() + timedelta(days=366))
    assert [one.pk for one in queries.idle(cast.staff)] == [honour.pk]
    assert not queries.idle(cast.other_staff).exists()
    helped(cast, cast.pioneer)
    assert not queries.idle(cast.staff).exists()


def test_a_recognition_carries_a_title_of_its_own_organisation(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    row = Recognition.objects.get(pioneer=cast.pioneer)
    with refused("title-not-yours"):
        carrying.carry(row.pk, "labour-model", by=cast.staff)
    with refused("title-not-yours"):
        carrying.carry(row.pk, "women-post", by=cast.staff)  # of a collective
    with pytest.raises(Missing):
        carrying.carry(row.pk, "red-banner", by=cast.other_staff)
    with watching() as seen:
        carrying.carry(row.pk, "red-banner", by=cast.staff)
    assert seen.only("pioneer.title-carried").new == {"recognition": row.pk, "title": "red-banner"}
    with watching() as seen:
        carrying.carry(row.pk, "red-banner", by=cast.staff)
    assert seen.nothing()
    assert row not in queries.untitled(cast.staff)


def test_a_published_achievement_is_evidence_once_and_a_draft_or_somebody_elses_is_not(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    mine, row = published(cast), dossiers.open_for(cast.pioneer.pk, by=cast.pioneer.spokesperson)
    draft, other = drafted(cast), published(cast, cast.second)
    assert [one.pk for one in queries.prefilled(row).achievements] == [mine.pk]
    for wrong in (draft.pk, other.pk, 0):
        with refused("achievement-not-theirs", "achievement"):
            dossiers.add_achievement(row.pk, wrong, by=cast.staff)
    with pytest.raises(Missing):
        dossiers.add_achievement(row.pk, mine.pk, by=cast.stranger)
    with watching() as seen:
        item = dossiers.add_achievement(row.pk, mine.pk, by=cast.pioneer.spokesperson)
    assert seen.only("dossier.item-added").new == {"item": item.pk, "kind": "achievement"}
    assert (item.title, item.achievement_id) == (mine.title, mine.pk)
    with watching() as seen:
        assert dossiers.add_achievement(row.pk, mine.pk, by=cast.staff) == item
    assert seen.nothing()
    known = queries.prefilled(row)
    assert known.achievements == []
    assert "evidence" not in known.gaps
    dossiers.remove_item(item.pk, by=cast.pioneer.spokesperson)
    assert dossiers.add_achievement(row.pk, mine.pk, by=cast.staff).pk != item.pk
