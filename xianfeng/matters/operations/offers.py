"""The menu (我要服务): pioneers publish what they offer, and take it back."""

from dataclasses import dataclass

from django.db.models import QuerySet

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import categories
from xianfeng.matters.models import Offer


@dataclass(frozen=True)
class Serving:
    """What is offered: title, words, skill, area, times in words, and how many orders at once (1 to 50)."""

    title: str
    skill: str
    times: str
    capacity: int
    area_id: int | None = None
    text: str = ""


def publish(serving: Serving, *, by: Person, pioneer: Pioneer) -> Offer:
    """Put an offer on the menu. Raises Refused naming the field; Missing if `by` does not speak for `pioneer`."""
    if pioneer.spokesperson_id != by.id:
        raise Missing
    if not 1 <= serving.capacity <= 50:
        raise Refused("capacity-invalid", field="capacity")
    if not categories.checked(serving.skill, field="skill"):
        raise Refused("category-unknown", field="skill")
    values = {
        "title": texts.clean_line(serving.title, field="title", limit=60),
        "text": texts.clean_text(serving.text, field="text", limit=500, required=False),
        "times": texts.clean_line(serving.times, field="times", limit=120),
    }
    at = clock.now()
    with write():
        offer = Offer.objects.create(
            pioneer=pioneer, skill=serving.skill, area_id=serving.area_id or pioneer.area_id, capacity=serving.capacity,
            published_at=at, **values,
        )  # fmt: skip
        record.append(
            "pioneer", pioneer.id, "offer.published", actor=actor(by.id), at=at, new={"offer": offer.id}
        )
        idempotency.note("offer", offer.id)
        return offer


def take_back(offer_id: int, *, by: Person) -> Offer:
    """Take an offer off the menu; what was ordered goes on."""
    at = clock.now()
    with write():
        offer = Offer.objects.select_for_update().filter(pk=offer_id, pioneer__spokesperson=by).first()
        if offer is None:
            raise Missing
        if offer.withdrawn_at is None:
            offer.withdrawn_at = at
            offer.save(update_fields=["withdrawn_at"])
            record.append(
                "pioneer",
                offer.pioneer_id,
                "offer.withdrawn",
                actor=actor(by.id),
                at=at,
                new={"offer": offer.id},
            )
        idempotency.note("offer", offer.id)
        return offer


def menu(*, skill: str = "", area_id: int | None = None) -> QuerySet[Offer]:
    """Return the offers anybody may order, newest first, full ones too."""
    rows = Offer.objects.filter(withdrawn_at=None, pioneer__suspended_at=None)
    if skill:
        rows = rows.filter(skill=skill)
    if area_id:
        rows = rows.filter(area__path__contains=[area_id])
    whole = rows.select_related("pioneer", "pioneer__organisation", "area").defer("area__boundary")
    return whole.order_by("-published_at", "-id")
