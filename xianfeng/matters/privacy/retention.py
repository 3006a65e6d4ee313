"""Doors, photographs and talk of matters that have ended go after the days of their service; facts and words stay."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from xianfeng.foundation.kernel import retention
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.matters import services
from xianfeng.matters.models import Matter, Message, OutsideUpdate, Particulars, Photo
from xianfeng.matters.privacy import pictures
from xianfeng.matters.states import ENDS

_HAS = {
    "address": Q(address_sealed__isnull=False)
    | Exists(Particulars.objects.filter(matter=OuterRef("pk"), contact_sealed__isnull=False))
    | Exists(OutsideUpdate.objects.filter(matter=OuterRef("pk"), contact_sealed__isnull=False)),
    "photos": Exists(Photo.objects.filter(matter=OuterRef("pk"))),
    "messages": Exists(Message.objects.filter(matter=OuterRef("pk"))),
}


def sweep(at: datetime) -> int:
    """Take away what is over of every service's matters, each in a transaction; return how many things went."""
    gone = _unused_photos(at)
    for service in services.all_named():
        days = service.data.get("retention_days", {})
        for what in _HAS:
            if what in days:
                gone += _sweep(service.code, what, at - timedelta(days=days[what]), at)
    return gone


def _sweep(service: str, what: str, before: datetime, at: datetime) -> int:
    over = Q(service_code=service, state__in=ENDS, entered_at__lt=before)
    ids = Matter.objects.filter(over, _HAS[what]).order_by("id").values_list("id", flat=True)
    gone, last = 0, 0
    while found := list(ids.filter(id__gt=last)[: retention.BATCH]):
        gone += sum(_forget(matter_id, over, what, at) for matter_id in found)
        last = found[-1]
    return gone


def _forget(matter_id: int, over: Q, what: str, at: datetime) -> bool:
    """Take one thing from one matter, if it is still over: it may have been reopened meanwhile."""
    with write():
        matter = Matter.objects.select_for_update().filter(over, pk=matter_id).first()
        if matter is None:
            return False
        sets = _TAKE[what](matter)
        record.change(
            "matter", matter_id, "matter.forgotten", actor=SYSTEM, at=at, new={"what": what}, sets=sets
        )
        return True


def _address(matter: Matter) -> dict[str, object]:
    Particulars.objects.filter(matter=matter).update(contact_sealed=None)
    OutsideUpdate.objects.filter(matter=matter).update(contact_sealed=None)
    return {"address_sealed": None}


def _photos(matter: Matter) -> dict[str, object]:
    pictures.remove(matter.photos.all())
    return {"photo_count": 0}


def _messages(matter: Matter) -> dict[str, object]:
    pictures.remove(matter.photos.filter(purpose="message"))
    matter.messages.all().delete()
    return {}


_TAKE: dict[str, Callable[[Matter], dict[str, object]]] = {
    "address": _address, "photos": _photos, "messages": _messages
}  # fmt: skip


def _unused_photos(at: datetime) -> int:
    """Delete photographs that were sent and never became part of anything."""
    unused = Photo.objects.filter(matter=None, taken_in_at__lt=retention.cut("unused_photos", at)).order_by(
        "id"
    )

    def delete(limit: int) -> int:
        ids = list(unused.values_list("id", flat=True)[:limit])
        return pictures.remove(Photo.objects.select_for_update().filter(pk__in=ids, matter=None))

    return retention.in_batches(delete)
