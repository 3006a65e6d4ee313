"""What the cockpit keeps of a person: the boards they arranged. No sum names anybody."""

from datetime import datetime

from xianfeng.doors.cockpit.models import OwnBoard
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy.keepers import Rows


def tell(person: Person) -> dict[str, Rows]:
    """Tell the boards arranged; nothing for who has none."""
    rows = OwnBoard.objects.filter(person=person).order_by("name").values("name", "code", "cards", "saved_at")
    told: Rows = [dict(row) for row in rows]
    return {"own_boards": told} if told else {}


def erase(person: Person, _: datetime) -> None:
    """Delete the boards of the person."""
    OwnBoard.objects.filter(person=person).delete()
