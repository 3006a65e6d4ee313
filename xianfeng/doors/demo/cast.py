"""The cast of the demo: invented people whom anybody may be with one tap. None exist outside the demo."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

from xianfeng.doors.demo.models import Part
from xianfeng.foundation.people import mobiles


@dataclass(frozen=True)
class CastMember:
    """One of the cast: role (resident…, firm…, pioneer…, stranger…, staff…), mobile in clear, what for.

    A program (role open311) has an api_key instead of a mobile.
    """

    name: str
    role: str
    mobile: str
    person_id: int
    what: str
    api_key: str = ""

    @property
    def group(self) -> str:
        """Return the first word of the role."""
        return self.role.split("-")[0]


def cast() -> list[CastMember]:
    """Return the cast in its order; nobody outside the demo or before a city is built."""
    if not settings.DEMO:
        return []
    english = (get_language() or "").startswith("en")
    return [
        CastMember(
            part.name, part.role, "" if part.api_key else mobiles.opened(bytes(part.person.mobile_sealed)),
            part.person_id, part.what_en if english else part.what, part.api_key,
        )
        for part in Part.objects.select_related("person").order_by("position")
    ]  # fmt: skip


def member(role: str) -> CastMember | None:
    """Return who plays `role`, or None."""
    return next((one for one in cast() if one.role == role), None)
