"""Services that only a room raises: private from the beginning, ended with what stands on them."""

from django.db import transaction

from tests.cast import Cast, need
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.places import city
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import queries
from xianfeng.matters.models import AbuseReport, Matter
from xianfeng.matters.operations.abuse import judge_abuse
from xianfeng.matters.operations.raising import Need, raised_within
from xianfeng.matters.operations.settling import ended_within
from xianfeng.matters.operations.staff import file_matter


def _private(cast: Cast) -> Matter:
    middle = city.served()
    given = Need("工钱没给", middle.lat, middle.lon, "wgs84", service="wage-dispute")
    with transaction.atomic():
        return raised_within(given, by=cast.resident, at=clock.now())


def test_a_service_that_only_a_room_raises_is_refused_to_everybody_else(cast: Cast) -> None:
    with watching() as seen, refused("service-unknown", "service"):
        need(cast.resident, service="wage-dispute")
    assert seen.nothing()


def test_a_private_matter_is_seen_by_its_two_sides_and_staff_whatever_its_state(cast: Cast) -> None:
    matter = _private(cast)
    file_matter(matter.number, by=cast.staff)
    assert not queries.visible_to(cast.stranger).filter(pk=matter.pk).exists()
    with transaction.atomic():
        ended_within(matter.pk, "settle", by=actor(cast.resident.pk), at=clock.now(), new={"outcome": "kept"})
    assert not queries.visible_to(None).filter(pk=matter.pk).exists()
    assert queries.visible_to(cast.resident).get(pk=matter.pk).state == "closed"


def test_staff_who_let_a_private_matter_stand_do_not_make_it_public(cast: Cast) -> None:
    matter = _private(cast)
    report = AbuseReport.objects.create(
        kind="matter", subject_id=matter.pk, matter=matter, reporter=cast.other_staff, reason="false",
        reported_at=clock.now(),
    )  # fmt: skip
    judge_abuse(report.pk, by=cast.staff, hide=False, reason="没有问题")
    matter.refresh_from_db()
    assert matter.hidden is True


def test_a_matter_that_has_ended_or_is_in_hand_is_not_ended_again(cast: Cast) -> None:
    matter = _private(cast)
    with transaction.atomic():
        ended_within(matter.pk, "withdraw", by=actor(cast.resident.pk), at=clock.now(), new={})
    with watching() as seen, transaction.atomic():
        kept = ended_within(matter.pk, "settle", by=actor(cast.resident.pk), at=clock.now(), new={})
    assert kept.state == "withdrawn"
    assert seen.nothing()
