"""What the room keeps of a person: the batches that staff asked for. Portraits themselves are drawn, never kept."""

from datetime import datetime

from django.core.files.storage import default_storage

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy.keepers import Rows, rows
from xianfeng.recognition.portraits.models import Batch


def tell(person: Person) -> dict[str, Rows]:
    """Tell the batches somebody asked for; nothing for who never did."""
    found = rows(Batch.objects.filter(owner=person).order_by("id"), "round_id", "asked_at", "total")
    return {"portrait_batches": found} if found else {}


def erase(person: Person, _: datetime) -> None:
    """Delete the person's batches with their files. OSError."""
    for batch in Batch.objects.filter(owner=person):
        if batch.path:
            default_storage.delete(batch.path)
    Batch.objects.filter(owner=person).delete()
