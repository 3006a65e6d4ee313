"""What a program outside tells of a matter. It is kept and shown; it moves nothing here: who handles never closes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from xianfeng.foundation.kernel import clock, keyring
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters.models import Matter, OutsideUpdate


@dataclass(frozen=True)
class Told:
    """An update: the program's own `code` and `status` for it, words, and when it happened there."""

    code: str
    status: str
    text: str
    told_at: datetime
    media_url: str = ""
    contact: Mapping[str, str] = field(default_factory=dict)


def tell_outside(matter_id: int, told: Told, *, by: Person) -> OutsideUpdate:
    """Keep an update of a matter the caller was let see; the same one again answers the same.

    Raises Missing; Refused 'open311-update-taken' when the code stands for other words, or another's.
    """
    at = clock.now()
    contact = {name: value for name, value in told.contact.items() if value}
    with write():
        if not Matter.objects.select_for_update().filter(pk=matter_id).exists():
            raise Missing
        row, created = OutsideUpdate.objects.get_or_create(
            matter_id=matter_id, code=told.code,
            defaults={
                "author": by, "status": told.status, "text": told.text, "media_url": told.media_url,
                "told_at": told.told_at, "received_at": at,
                "contact_sealed": keyring.seal("contact", json.dumps(contact)) if contact else None,
            },
        )  # fmt: skip
        if created:
            new = {"update": row.pk, "status": told.status}
            record.append("matter", matter_id, "matter.updated-outside", actor=actor(by.pk), at=at, new=new)
        elif (row.author_id, row.status, row.text) != (by.pk, told.status, told.text):
            raise Refused("open311-update-taken", field="update_id")
        return row
