"""What a pioneer types to put something on the menu."""

from django.http import HttpRequest

from xianfeng.doors.portal.shown import choices
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.matters.operations.offers import Serving

FIELDS = ("title", "text", "skill", "times", "capacity", "area", "pioneer")


def typed(request: HttpRequest) -> dict[str, str]:
    """Return every field as it was typed, '' where nothing was."""
    return {name: request.POST.get(name, "") for name in FIELDS}


def serving(typed: dict[str, str]) -> Serving:
    """Return what is offered. Raises Refused 'capacity-invalid' or 'area-unknown' naming the field."""
    area = choices.area(typed["area"])
    if typed["area"] and area is None:
        raise Refused("area-unknown", field="area")
    return Serving(
        title=typed["title"], text=typed["text"], skill=typed["skill"], times=typed["times"],
        capacity=_capacity(typed["capacity"]), area_id=area.pk if area else None,
    )  # fmt: skip


def _capacity(words: str) -> int:
    plain = words.strip()
    if not plain.isdecimal() or len(plain) > 3:
        raise Refused("capacity-invalid", field="capacity")
    return int(plain)
