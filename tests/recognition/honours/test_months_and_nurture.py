"""Pioneers of the month by the published rule; the pool of candidates; what honoured people and residents are told."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from tests.cast import Cast, closed, recognised, somebody
from tests.matters.test_telling import deliver
from tests.matters.watching import refused, watching
from tests.recognition.honours.playing import START
from tests.recognition.honours.test_certificates import conferred
from tests.recognition.merit.test_months import helped
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.recognition.honours import privacy
from xianfeng.recognition.honours.models import Dossier, Item, Nurturing, Pick
from xianfeng.recognition.honours.operations import dossiers, monthly, nurturing
from xianfeng.recognition.honours.operations.dossiers import Deed
from xianfeng.recognition.honours.operations.monthly import Scope
from xianfeng.recognition.merit import operations as merit
from xianfeng.recognition.merit.models import Honour as MeritHonour

MARCH = date(2027, 3, 1)


@pytest.fixture
def march() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2027, 3, 20, 3, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def ranked_month(cast: Cast, moment: time_machine.Traveller, *, times: int = 3) -> None:
    """Let two pioneers serve, one of them too little, and close March."""
    for at in range(times):
        helped(somebody(100 + at), cast.pioneer, 5)
    helped(somebody(100), cast.collective, 5)
    moment.move_to(datetime(2027, 3, 31, 16, 5, tzinfo=UTC))
    merit.close_month(MARCH)


def test_the_rule_proposes_who_served_enough_and_staff_confirm_once(
    march: time_machine.Traveller, cast: Cast
) -> None:
    here, mine = Scope(cast.here.pk), Scope(cast.here.pk, cast.organisation.pk)
    assert monthly.proposals(MARCH, here) == []
    ranked_month(cast, march)
    assert [one.pioneer_id for one in monthly.proposals(MARCH, mine)] == [cast.pioneer.pk]
    assert monthly.proposals(MARCH, Scope(cast.there.pk, cast.other_organisation.pk)) == []
    with pytest.raises(Missing):
        monthly.confirm(MARCH, mine, cast.pioneer.pk, by=cast.other_staff)
    with pytest.raises(Missing):
        monthly.confirm(MARCH, here, cast.pioneer.pk, by=cast.staff)  # a county's is the city's to confirm
    with refused("not-proposed"):
        monthly.confirm(MARCH, mine, cast.collective.pk, by=cast.staff)
    with watching() as seen:
        row = monthly.confirm(MARCH, mine, cast.pioneer.pk, by=cast.staff, story="三月里跑了三户人家")
    told = seen.only("pick.confirmed")
    assert told.new == {
        "pioneer": cast.pioneer.pk, "month": "2027-03-01", "area": cast.here.pk, "organisation": cast.organisation.pk,
        "edition": 1, "rank": row.rank, "done": 3,
    }  # fmt: skip
    with watching() as seen:
        assert monthly.confirm(MARCH, mine, cast.pioneer.pk, by=cast.staff).pk == row.pk
    assert seen.nothing()
    assert monthly.picks(MARCH, mine) == [row]


def test_nobody_is_picked_twice_within_twelve_months_and_again_after_them(
    march: time_machine.Traveller, cast: Cast
) -> None:
    ranked_month(cast, march)
    mine = Scope(cast.here.pk, cast.organisation.pk)
    row = monthly.confirm(MARCH, mine, cast.pioneer.pk, by=cast.staff)
    for month, proposed in ((date(2026, 4, 1), False), (date(2026, 3, 1), True), (date(2028, 2, 1), True)):
        Pick.objects.filter(pk=row.pk).update(month=month)
        found = {one.pioneer_id for one in monthly.proposals(MARCH, mine)}
        assert (cast.pioneer.pk in found) is (proposed and month < MARCH)


def test_months_are_counted_over_new_year() -> None:
    assert monthly.months_before(date(2027, 1, 31), 1) == date(2026, 12, 1)
    assert monthly.months_before(date(2027, 3, 1), 12) == date(2026, 3, 1)
    assert monthly.months_before(date(2026, 12, 1), -1) == date(2027, 1, 1)


def test_residents_of_the_area_hear_of_it_once_and_others_do_not(
    march: time_machine.Traveller, cast: Cast
) -> None:
    Person.objects.filter(pk=cast.resident.pk).update(area=cast.here)
    Person.objects.filter(pk=cast.stranger.pk).update(area=cast.there)
    ranked_month(cast, march)
    monthly.confirm(MARCH, Scope(cast.here.pk, cast.organisation.pk), cast.pioneer.pk, by=cast.staff)
    deliver()
    deliver()
    told = Notice.objects.filter(code="pick.confirmed.resident")
    assert [(one.person_id, one.about, one.params) for one in told] == [
        (cast.resident.pk, f"pioneer:{cast.pioneer.pk}", {"pioneer": cast.pioneer.name})
    ]


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_an_honour_reaches_the_index_and_its_pioneer_who_is_asked_to_serve(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    honour = conferred(cast, moment)
    deliver()
    assert list(MeritHonour.objects.values_list("source", "pioneer_id", "level", "until")) == [
        (honour.pk, cast.pioneer.pk, "county", None)
    ]
    told = Notice.objects.get(code="honour.conferred.pioneer")
    assert (told.person_id, told.params) == (cast.pioneer.spokesperson_id, {"title": "三八红旗手"})


def candidate(cast: Cast, *tellers: Person) -> Dossier:
    """Return the file of the resident, nobody's pioneer, with a deed told by each of `tellers`."""
    here = {"organisation_id": cast.organisation.pk, "area_id": cast.here.pk}
    row = dossiers.open_candidate(cast.resident.pk, "热心居民", **here, by=cast.staff)
    for person in tellers:
        dossiers.tell_deed(row.pk, Deed("天天帮邻居"), by=person)
    return row


def test_the_pool_finds_who_did_good_by_the_word_of_different_people(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    row = candidate(cast, cast.stranger, cast.stranger)
    assert list(nurturing.pool(cast.staff)) == []
    dossiers.tell_deed(row.pk, Deed("又帮了一家"), by=cast.responsible)
    assert [one.pk for one in nurturing.pool(cast.staff)] == [row.pk]
    assert [one.pk for one in nurturing.pool(cast.city_staff)] == [row.pk]
    assert list(nurturing.pool(cast.other_staff)) == []
    assert list(nurturing.pool(cast.resident)) == []


def test_members_of_a_team_that_serves_are_found_though_nobody_knows_them(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    closed(cast, cast.collective)
    assert list(nurturing.members(cast.staff)) == []
    closed(cast, cast.collective)
    assert [(one.person_id, vars(one)["services"]) for one in nurturing.members(cast.staff)] == [
        (cast.member.pk, 2)
    ]
    recognised("成员自己", cast.member, cast.organisation, cast.city_staff)
    assert list(nurturing.members(cast.staff)) == []


def test_a_candidate_is_nurtured_step_by_step_until_recognised(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    row = candidate(cast, cast.stranger, cast.responsible)
    given: dict[str, Any] = {
        "organisation_id": cast.organisation.pk,
        "plan": "跟着老先锋学",
        "training": ["听一堂课", " ", "跟一次单"],
    }
    with refused("mentor-is-candidate"):
        nurturing.take_up(row.pk, **given, mentor_id=cast.resident.pk, by=cast.staff)
    with pytest.raises(Missing):
        nurturing.take_up(row.pk, **given, mentor_id=cast.speaker.pk, by=cast.other_staff)
    with watching() as seen:
        found = nurturing.take_up(row.pk, **given, mentor_id=cast.speaker.pk, by=cast.staff)
    assert seen.only("nurturing.begun").new["steps"] == 2
    first, _ = found.steps.order_by("position")
    with pytest.raises(Missing):
        nurturing.tick(first.pk, by=cast.resident)
    assert nurturing.tick(first.pk, by=cast.speaker).done_by_id == cast.speaker.pk
    with watching() as seen:
        nurturing.tick(first.pk, by=cast.staff)
    assert seen.nothing()
    assert [(vars(one)["ticked"], vars(one)["whole"]) for one in nurturing.in_hand(cast.speaker)] == [(1, 2)]
    pioneer = recognised("热心居民", cast.resident, cast.organisation, cast.city_staff)
    dossiers.open_for(pioneer.pk, by=cast.staff)
    with watching() as seen:
        nurturing.finish(found.pk, by=cast.staff)
    assert seen.only("nurturing.ended").new == {"recognised": True}
    assert list(nurturing.in_hand(cast.staff)) == []


def test_everything_kept_of_a_person_is_told_and_their_words_go_with_them(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    row = candidate(cast, cast.stranger, cast.responsible)
    nurturing.take_up(
        row.pk, organisation_id=cast.organisation.pk, plan="跟着学", training=["听课"], mentor_id=cast.speaker.pk,
        by=cast.staff,
    )  # fmt: skip
    told = privacy.tell(cast.resident)
    assert [one["name"] for one in told["dossiers"]] == ["热心居民"]
    assert len(told["dossier_items"]) == 2
    assert [one["plan"] for one in told["nurturing"]] == ["跟着学"]
    privacy.erase(cast.resident, clock.now())
    row.refresh_from_db()
    assert (row.name, row.profile) == ("（已删除）", "")
    assert set(Item.objects.values_list("title", flat=True)) == {"（已删除）"}
    assert Nurturing.objects.get().plan == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_entry WHERE old || new ~ '热心居民|跟着学|天天帮'")
        assert cursor.fetchone()[0] == 0
    assert Pioneer.objects.filter(spokesperson=cast.resident).count() == 0
    assert clock.now() - row.opened_at < timedelta(days=1)


def test_an_erased_asker_s_words_go_from_the_file_of_who_helped_and_the_entry_stays(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    matter = closed(cast, cast.pioneer)
    row = dossiers.open_for(cast.pioneer.pk, by=cast.pioneer.spokesperson)
    item = dossiers.add_matter(row.pk, matter.number, by=cast.pioneer.spokesperson)
    other = dossiers.tell_deed(row.pk, Deed("雨夜抢修"), by=cast.staff)
    privacy.erase(matter.requester, clock.now())
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.title, item.removed_at, other.title) == ("（已删除）", None, "雨夜抢修")
