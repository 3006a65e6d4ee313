"""Who answers: recognised by an organisation, alone or as a collective; suspended and reinstated."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, recognised, somebody
from tests.matters.watching import refused, watching
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import queries, steps
from xianfeng.foundation.people.models import Membership, Person, Pioneer, Recognition
from xianfeng.foundation.people.operations import Recognising
from xianfeng.foundation.places import city
from xianfeng.foundation.record.models import Entry


def _recognising(cast: Cast, **more: Any) -> Recognising:
    middle = city.served()
    given = {
        "kind": "individual", "name": "新先锋", "skills": ["electric", "law"], "area_id": cast.here.id,
        "lat": middle.lat, "lon": middle.lon, "title": "最美志愿者", **more,
    }  # fmt: skip
    return Recognising(**given)


def _recognise(cast: Cast, by: Person, **more: Any) -> Pioneer:
    return people.recognise(
        _recognising(cast, **more), spokesperson=cast.stranger, organisation_id=cast.organisation.id, by=by
    )


@pytest.mark.parametrize("part", ["staff", "city_staff"])
def test_staff_of_the_organisation_or_of_the_city_recognise(cast: Cast, part: str) -> None:
    with watching() as seen:
        pioneer = _recognise(cast, getattr(cast, part), level="city")
    told = seen.only("pioneer.recognised")
    assert told.new == {"organisation": cast.organisation.id, "title_level": "city"}
    assert told.actor == ("person", getattr(cast, part).id)
    recognition = Recognition.objects.get(pioneer=pioneer)
    assert (recognition.title, recognition.level, recognition.organisation) == (
        "最美志愿者",
        "city",
        cast.organisation,
    )
    assert (recognition.since, recognition.until, recognition.suspended_at) == (pioneer.since, None, None)
    assert seen.rows == {"people_pioneer": {pioneer.id}, "people_recognition": {recognition.id}}
    assert Pioneer.objects.get(pk=pioneer.pk).kin == [cast.stranger.id]


@pytest.mark.parametrize("part", ["other_staff", "resident", "speaker"])
def test_others_recognise_nobody(cast: Cast, part: str) -> None:
    with refused("not-found"):
        _recognise(cast, getattr(cast, part))


@pytest.mark.parametrize(
    ("fields", "code", "at_fault"),
    [
        ({"name": ""}, "text-missing", "name"), ({"name": " \0 "}, "text-missing", "name"),
        ({"name": "先" * 61}, "text-too-long", "name"), ({"title": ""}, "text-missing", "title"),
        ({"title": "先" * 61}, "text-too-long", "title"), ({"motto": "先" * 121}, "text-too-long", "motto"),
        ({"deed": "先" * 4001}, "text-too-long", "deed"), ({"skills": ["flying"]}, "category-unknown", "skills"),
        ({"area_id": 0}, "area-unknown", "area"), ({"kind": "other"}, "field-invalid", "kind"),
        ({"level": "world"}, "field-invalid", "level"), ({"lat": 91.0}, "coordinates-invalid", "lat"),
    ],
)  # fmt: skip
def test_what_cannot_be_recognised_is_refused_by_field(
    cast: Cast, fields: dict[str, Any], code: str, at_fault: str
) -> None:
    with refused(code, at_fault):
        _recognise(cast, cast.staff, **fields)


def test_words_are_stored_clean(cast: Cast) -> None:
    pioneer = _recognise(
        cast, cast.staff, name=" 新\u200b先锋\0 ", motto="一\n行", deed="第一段\r\n第二段\x07"
    )
    assert (pioneer.name, pioneer.motto, pioneer.deed) == ("新先锋", "一 行", "第一段\n第二段")


def test_a_person_is_one_individual_only(cast: Cast) -> None:
    with refused("pioneer-before", "spokesperson"):
        recognised("再一个", cast.pioneer.spokesperson, cast.organisation, cast.staff)


def test_pioneers_of_a_person_begin_with_the_individual(cast: Cast) -> None:
    alone = recognised("发言人自己", cast.speaker, cast.organisation, cast.staff)
    assert queries.pioneers_of(cast.speaker) == [alone, cast.collective]
    assert queries.pioneer_of(cast.speaker) == alone
    assert queries.pioneer_of(cast.stranger) is None
    assert queries.pioneers_of(None) == []


def test_member_is_added_by_the_spokesperson_once_and_becomes_kin(cast: Cast) -> None:
    with watching() as seen:
        people.add_member(cast.collective.id, person=cast.stranger, by=cast.speaker)
    assert seen.only("pioneer.member-added").new == {"member": cast.stranger.id}
    assert seen.tables == {"people_membership", "people_pioneer"}
    assert Pioneer.objects.get(pk=cast.collective.pk).kin == sorted(
        [cast.speaker.id, cast.member.id, cast.stranger.id]
    )
    with watching() as seen:
        people.add_member(cast.collective.id, person=cast.stranger, by=cast.speaker)
    assert seen.nothing()


def test_nobody_else_adds_members(cast: Cast) -> None:
    for outsider in (cast.member, cast.staff, cast.city_staff, cast.pioneer.spokesperson):
        with refused("not-found"):
            people.add_member(cast.collective.id, person=cast.stranger, by=outsider)
    with refused("not-found"):
        people.add_member(cast.pioneer.id, person=cast.stranger, by=cast.pioneer.spokesperson)


def test_one_who_joins_a_collective_becomes_kin_of_its_individuals_and_they_of_him(cast: Cast) -> None:
    people.add_member(cast.collective.id, person=cast.pioneer.spokesperson, by=cast.speaker)
    joined = sorted([cast.speaker.id, cast.member.id, cast.pioneer.spokesperson_id])
    assert Pioneer.objects.get(pk=cast.pioneer.pk).kin == joined
    assert Pioneer.objects.get(pk=cast.second.pk).kin == [cast.second.spokesperson_id]
    people.add_member(cast.collective.id, person=cast.second.spokesperson, by=cast.speaker)
    whole = sorted([*joined, cast.second.spokesperson_id])
    for pioneer in (cast.pioneer, cast.second, cast.collective):
        assert Pioneer.objects.get(pk=pioneer.pk).kin == whole


def test_kin_written_one_by_one_is_kin_written_anew_for_all(cast: Cast) -> None:
    people.add_member(cast.collective.id, person=cast.pioneer.spokesperson, by=cast.speaker)
    team = recognised("另一集体", cast.pioneer.spokesperson, cast.organisation, cast.staff, kind="collective")
    people.add_member(team.id, person=cast.second.spokesperson, by=cast.pioneer.spokesperson)
    before = dict(Pioneer.objects.values_list("id", "kin"))
    steps.refresh_kin(None)
    assert dict(Pioneer.objects.values_list("id", "kin")) == before


def test_recognition_of_a_collective_makes_its_individuals_kin(cast: Cast) -> None:
    recognised("另一集体", cast.pioneer.spokesperson, cast.organisation, cast.staff, kind="collective")
    member = recognised("先锋丙", somebody(88), cast.organisation, cast.staff)
    people.add_member(
        Pioneer.objects.get(name="另一集体").id, person=member.spokesperson, by=cast.pioneer.spokesperson
    )
    both = sorted([cast.pioneer.spokesperson_id, member.spokesperson_id])
    assert Pioneer.objects.get(pk=cast.pioneer.pk).kin == both
    assert Pioneer.objects.get(pk=member.pk).kin == both


def test_a_membership_that_ended_counts_no_more(cast: Cast) -> None:
    row = Membership.objects.get(collective=cast.collective, person=cast.member)
    Membership.objects.filter(pk=row.pk).update(until=row.since)
    steps.refresh_kin([cast.collective.id])
    assert Pioneer.objects.get(pk=cast.collective.pk).kin == [cast.speaker.id]


def test_suspension_and_its_end_are_recorded_once_each(cast: Cast) -> None:
    with watching() as seen:
        suspended = people.suspend(cast.pioneer.id, by=cast.staff, reason="投诉核实中")
    assert seen.only("pioneer.suspended").new == {"reason_given": True}
    assert seen.tables - {"people_pioneer_remark"} == {"people_pioneer", "people_recognition"}
    assert suspended.suspended_at
    assert Recognition.objects.get(pioneer=cast.pioneer).suspended_at == suspended.suspended_at
    with watching() as seen:
        assert (
            people.suspend(cast.pioneer.id, by=cast.staff, reason="再来").suspended_at
            == suspended.suspended_at
        )
    assert seen.nothing()
    with watching() as seen:
        assert people.reinstate(cast.pioneer.id, by=cast.city_staff).suspended_at is None
    assert seen.only("pioneer.reinstated").actor == ("person", cast.city_staff.id)
    assert Recognition.objects.get(pioneer=cast.pioneer).suspended_at is None
    with watching() as seen:
        people.reinstate(cast.pioneer.id, by=cast.staff)
    assert seen.nothing()


def test_others_suspend_and_reinstate_nobody(cast: Cast) -> None:
    for outsider in (cast.other_staff, cast.resident, cast.pioneer.spokesperson):
        with refused("not-found"):
            people.suspend(cast.pioneer.id, by=outsider, reason="不该")
        with refused("not-found"):
            people.reinstate(cast.pioneer.id, by=outsider)


def test_a_suspension_needs_a_reason_and_the_record_does_not_repeat_it(cast: Cast) -> None:
    with refused("text-missing", "reason"):
        people.suspend(cast.pioneer.id, by=cast.staff, reason=" ")
    people.suspend(cast.pioneer.id, by=cast.staff, reason="秘密的原因")
    assert not Entry.objects.filter(new__contains="秘密").exists()


def test_a_suspended_pioneer_is_not_in_the_directory(cast: Cast) -> None:
    assert cast.pioneer in people_named("先锋甲")
    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实")
    assert people_named("先锋甲") == []


def people_named(words: str) -> list[Pioneer]:
    """Return what the directory answers to `words`."""
    return list(queries.directory(words=words))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_answers_two_characters_in_one_statement(cast: Cast, rows: int) -> None:
    for number in range(rows):
        recognised(f"𠮷野{number}", somebody(300 + number), cast.organisation, cast.staff)
    with CaptureQueriesContext(connection) as asked:
        found = queries.directory(words="𠮷野")
        assert len([(one.area.name, one.organisation.name) for one in found]) == rows
    assert len(asked) == 1
