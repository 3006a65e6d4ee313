"""Photographs come one by one, before or after the words."""

from typing import BinaryIO

from xianfeng.foundation.kernel import clock, idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import pictures, rules, services, steps
from xianfeng.matters.models import Matter, Photo


def take_in(file: BinaryIO, size: int, *, by: Person) -> Photo:
    """Take one photograph in for its owner alone, until it is attached to something. `size` in bytes.

    Raises Refused 'photo-too-big', 'photo-unreadable', 'photo-too-many-pixels'.
    """
    idempotency.look()
    image = pictures.opened(file, size)
    key = pictures.stored(image)
    try:
        with write():
            photo = Photo.objects.create(
                key=key, owner=by, width=image.width, height=image.height, taken_in_at=clock.now()
            )
            idempotency.note("photo", photo.id)
            return photo
    except BaseException:
        pictures.removed(key)  # nobody would ever find it
        raise


def attach(number: str, key: str, *, by: Person, purpose: str = "need") -> Matter:
    """Attach an own photograph to a matter: the requester to the need, the taker to the report."""
    at = clock.now()
    with write():
        matter = steps.locked(number, by=by)
        allowed = rules.is_requester(by, matter) if purpose == "need" else rules.is_taker(by, matter)
        if not allowed:
            raise Missing
        limit = services.version(matter.service_code, matter.service_version).number("photos")
        if matter.photos.filter(purpose=purpose).count() >= limit:
            raise Refused("too-many-photos", field="photos", limit=limit)
        if not Photo.objects.filter(key=key, owner=by, matter=None).update(matter=matter, purpose=purpose):
            raise Refused("photo-unknown", field="photos")
        sets = {"photo_count": matter.photo_count + (purpose == "need")}
        record.change(
            "matter",
            matter.id,
            "matter.photo-added",
            actor=actor(by.id),
            at=at,
            new={"purpose": purpose},
            sets=sets,
        )
        idempotency.note("matter", matter.id)
        return steps.reread(matter)
