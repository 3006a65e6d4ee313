"""Nothing is kept longer than its days, and nothing goes before them."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection

from tests.cast import Cast, closed, done, need, taken
from tests.foundation.people.conftest import Carrier
from tests.matters.privacy.planting import files, sent
from tests.matters.test_telling import deliver
from tests.matters.watching import watching
from xianfeng.foundation.kernel import catalogue, clock, retention
from xianfeng.foundation.kernel.models import Idempotency
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Session, SignInCode
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Announcement, Delivery, Entry, Outbox
from xianfeng.matters import services
from xianfeng.matters.models import Matter, Message, Photo
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.raising import withdraw
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.matters.operations.talking import send_message
from xianfeng.matters.services import Definition

DAYS = catalogue.load("systems/pioneers/limits")["retention_days"]
KEPT = catalogue.load("retention")["days"]


def whole(cast: Cast) -> Matter:
    """Return a need with door, photographs and talk, in hand."""
    matter = need(cast.resident, address="7 幢", photos=[sent(cast.resident).key])
    claim(matter.number, by=cast.pioneer.spokesperson)
    send_message(
        matter.number, "在路上", by=cast.pioneer.spokesperson, photos=[sent(cast.pioneer.spokesperson).key]
    )
    return matter


def ended(cast: Cast) -> Matter:
    """Return such a need, closed."""
    matter = whole(cast)
    report_done(matter.number, Report("好了"), by=cast.pioneer.spokesperson)
    return rate(matter.number, Stars(5, 5, 5), by=cast.resident)


def has(matter: Matter) -> tuple[bool, int, int]:
    """Return whether a need has its door, how many photographs, how many messages."""
    now = Matter.objects.get(pk=matter.pk)
    return now.address_sealed is not None, now.photos.count(), now.messages.count()


def test_door_then_talk_and_photographs_go_each_on_its_day(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = ended(cast)
        moment.shift(timedelta(days=DAYS["address"]))
        retention.sweep_all()
        assert has(matter) == (True, 2, 1)
        moment.shift(1)
        with watching() as seen:
            assert retention.sweep_all()["matters"] == 1
        assert has(matter) == (False, 2, 1)
        told = [entry for entry in seen.entries if entry.kind == "matter"]
        assert [(one.code, one.new, one.actor) for one in told] == [
            ("matter.forgotten", {"what": "address"}, ("system", 0))
        ]
        moment.shift(timedelta(days=DAYS["photos"] - DAYS["address"]))
        retention.sweep_all()
    assert has(matter) == (False, 0, 0)
    assert files() == set()
    assert Matter.objects.get(pk=matter.pk).title == matter.title
    assert list(verify.chain_findings()) == []


def test_what_has_not_ended_keeps_everything(cast: Cast) -> None:
    matter = whole(cast)
    with time_machine.travel(clock.now() + timedelta(days=1000), tick=False):
        retention.sweep_all()
    assert has(matter) == (True, 2, 1)


def test_swept_again_nothing_moves(cast: Cast) -> None:
    ended(cast)
    with time_machine.travel(clock.now() + timedelta(days=1000), tick=False):
        retention.sweep_all()
        with watching() as seen:
            assert set(retention.sweep_all().values()) == {0}
    assert seen.nothing()


@pytest.mark.parametrize("end", ["closed", "withdrawn"])
def test_every_end_counts(cast: Cast, end: str) -> None:
    asked = need(cast.resident, address="7 幢") if end == "withdrawn" else ended(cast)
    matter = withdraw(asked.number, by=cast.resident) if end == "withdrawn" else asked
    with time_machine.travel(clock.now() + timedelta(days=DAYS["address"] + 1), tick=False):
        retention.sweep_all()
    assert not has(matter)[0]


def test_each_service_has_its_own_days(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    matter = ended(cast)
    short = Definition("help-open", 1, {"retention_days": {"address": 5}})
    monkeypatch.setattr(services, "all_named", lambda: [short])
    with time_machine.travel(clock.now() + timedelta(days=1000), tick=False):
        retention.sweep_all()
    assert has(matter) == (False, 2, 1)


def test_a_photograph_nobody_used_goes_after_its_days(cast: Cast) -> None:
    sent(cast.resident)
    kept = need(cast.resident, photos=[sent(cast.resident).key])
    with time_machine.travel(clock.now() + timedelta(days=KEPT["unused_photos"], hours=1), tick=False):
        retention.sweep_all()
    assert list(Photo.objects.values_list("matter_id", flat=True)) == [kept.id]
    assert len(files()) == 3


def test_codes_and_ended_sessions_go_and_live_ones_stay(cast: Cast, carrier: Carrier) -> None:
    one = people.sign_in("13912345678", people.ask_code("13912345678", address="203.0.113.7"))
    two = people.sign_in("13912345678", people.ask_code("13912345678", address="203.0.113.7"))
    people.sign_out(one.token)
    with time_machine.travel(clock.now() + timedelta(days=KEPT["ended_sessions"] + 1), tick=False):
        retention.sweep_all()
    assert not SignInCode.objects.exists()
    assert [row.person_id for row in Session.objects.all()] == [two.person.id]
    with time_machine.travel(clock.now() + timedelta(days=90 + KEPT["ended_sessions"] + 1), tick=False):
        retention.sweep_all()
    assert not Session.objects.exists()


def test_told_events_go_untold_ones_and_the_record_stay(cast: Cast) -> None:
    closed(cast)
    deliver()
    late = need(cast.resident, "还没告诉的")
    entries = Entry.objects.count()
    failed = Delivery.objects.order_by("id").first()
    assert failed is not None
    Delivery.objects.filter(pk=failed.pk).update(done_at=None)
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        retention.sweep_all()
    assert set(Outbox.objects.values_list("id", flat=True)) == {
        failed.outbox_id, Outbox.objects.get(code="matter.raised", subject_id=late.id).id,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Announcement.objects.exists()
    assert not Notice.objects.exists()
    assert Entry.objects.count() == entries


def test_idempotency_keys_go_after_their_days(cast: Cast) -> None:
    for days in (0, KEPT["idempotency_keys"] + 1):
        at: datetime = clock.now() - timedelta(days=days)
        Idempotency.objects.create(
            owner="x", value=str(days), fingerprint="", subject_kind="", subject_id=0, at=at
        )
    retention.sweep_all()
    assert list(Idempotency.objects.values_list("value", flat=True)) == ["0"]


def test_one_rooms_fault_does_not_keep_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(at: datetime) -> int:
        raise OSError

    monkeypatch.setitem(retention._sweeps, "idempotency keys", fail)
    gone = retention.sweep_all()
    assert "idempotency keys" not in gone
    assert {"matters", "record", "people", "notices"} <= set(gone)


def test_more_than_a_batch_goes_in_several(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    matters = [done(cast), taken(cast)]
    assert matters
    for number in range(5):
        withdraw(need(cast.resident, address=f"{number} 幢").number, by=cast.resident)
    with time_machine.travel(clock.now() + timedelta(days=DAYS["address"] + 1), tick=False):
        assert retention.sweep_all()["matters"] == 5
    assert not Message.objects.exists()
