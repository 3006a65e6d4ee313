"""Erasure of one's own data: what was done stays on the record, who it was cannot be read any more."""

import hmac
import secrets
from datetime import datetime

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.erased import LEFT
from xianfeng.foundation.kernel.models import Idempotency
from xianfeng.foundation.kernel.refusals import Refusal, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import correspondents, mobiles, queries
from xianfeng.foundation.people.importing.matching import gone_number
from xianfeng.foundation.people.importing.places import point_of
from xianfeng.foundation.people.models import (
    Membership,
    Person,
    Pioneer,
    PioneerRemark,
    Post,
    Session,
    SignInCode,
)
from xianfeng.foundation.people.privacy import keepers
from xianfeng.foundation.places import cells, tree
from xianfeng.foundation.record import announcements
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import Actor
from xianfeng.foundation.record.subjects import person as actor

TAIL = 4


def may_erase(by: Person) -> Refusal | None:
    """Say why `by` cannot erase their data now: who holds a post of staff gives it back first."""
    return Refusal("erase-holds-post") if queries.is_staff(by) else None


def erase(tail: str, *, by: Person) -> None:
    """Erase what is kept of `by`, for good; `tail` are the last four digits of their number, to be sure.

    Open needs are withdrawn, what is in hand goes back to all, every session ends. Raises Refused 'tail-wrong',
    'erase-holds-post'; OSError, with nothing erased in the database, when a photograph cannot be deleted.
    """
    number = mobiles.opened(bytes(by.mobile_sealed))
    if not hmac.compare_digest(number[-TAIL:].encode(), tail.strip().encode()):
        raise Refused("tail-wrong", field="tail")
    at = clock.now()
    with write():
        person = Person.objects.select_for_update().get(pk=by.pk)
        if refusal := may_erase(person):
            raise Refused(refusal)
        if person.left_at is not None:
            return
        for keeper in keepers.from_above():
            keeper.erase(person, at)


def erase_person(person: Person, at: datetime) -> None:
    """Erase what this room keeps: the person, sign-ins, and the pioneers they are."""
    by = actor(person.pk)
    for pioneer in Pioneer.objects.select_for_update().filter(spokesperson=person).order_by("id"):
        _leave(pioneer, by, at)
    for firm in person.firms.exclude(verified_at=None):
        record.change("firm", firm.pk, "firm.unverified", actor=by, at=at, sets={"verified_at": None})
    Membership.objects.filter(person=person, until=None).update(until=at)
    _give_back_posts(person, at)
    Session.objects.filter(person=person).update(device="")
    Session.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    number = mobiles.opened(bytes(person.mobile_sealed))
    SignInCode.objects.filter(mobile_hash__in=mobiles.all_hashes(number)).delete()
    Idempotency.objects.filter(owner__in=[f"person:{person.pk}", f"form:{person.pk}"]).delete()
    announcements.forget(f"person:{person.pk}")
    record.change("person", person.pk, "person.erased", actor=by, at=at, sets=_nobody(at))


def _give_back_posts(person: Person, at: datetime) -> None:
    """End the terms that run, and those that have not begun: nobody is asked who cannot be reached."""
    Post.objects.filter(person=person, since__gt=at).delete()
    running = Post.objects.filter(person=person).exclude(until__lte=at)
    running.update(until=at, away_since=None, away_until=None)


def _nobody(at: datetime) -> dict[str, object]:
    """Return the columns of a person who cannot be read, found or signed in any more."""
    return {
        "name": "", "mobile_sealed": mobiles.sealed(correspondents.UNREACHABLE),
        "mobile_hash": secrets.token_bytes(32), "area_id": None, "lat": None, "lon": None, "language": "", "mode": "",
        "signed_in_at": None, "left_at": at,
    }  # fmt: skip


def _leave(pioneer: Pioneer, by: Actor, at: datetime) -> None:
    """Take the person out of a pioneer: an individual goes, a collective waits for another spokesperson."""
    PioneerRemark.objects.filter(pioneer=pioneer).delete()
    sets: dict[str, object] = {"suspended_at": pioneer.suspended_at or at}
    if pioneer.kind == "individual":
        lat, lon = point_of(tree.find(pioneer.area_id))
        sets |= {
            "name": LEFT, "motto": "", "deed": "", "avatar": "", "skills": [], "search": [],
            "lat": lat, "lon": lon, "cell": cells.cell(lat, lon),
        }  # fmt: skip
        for recognition in pioneer.recognitions.exclude(number="").exclude(number__startswith="gone:"):
            recognition.number = gone_number(recognition.organisation_id, recognition.number)
            recognition.save(update_fields=["number"])
    record.change(
        "pioneer", pioneer.pk, "pioneer.left", actor=by, at=at, new={"kind": pioneer.kind}, sets=sets
    )
    pioneer.recognitions.filter(suspended_at=None).update(suspended_at=at)
