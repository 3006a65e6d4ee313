"""The program of the cast: a key that anybody may try Open311 with, kept in clear because it opens nothing real."""

from django.db.models import Max

from xianfeng.doors.demo.city import draw
from xianfeng.doors.demo.models import Part
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people import keys

ROLE, NAME = "open311", "邻市随手报"


def ensure() -> None:
    """Let the cast have its program, if it has none yet: also in a city that was built before there was one."""
    if Part.objects.filter(role=ROLE).exists():
        return
    issued = keys.issue_for_house(NAME, per_minute=catalogue.load("limits")["key"]["most_per_minute"])
    what, last = draw.load("cast")[ROLE], Part.objects.aggregate(last=Max("position"))["last"]
    Part.objects.create(
        role=ROLE, person=issued.row.person, position=(last or 0) + 1, name=NAME, what=what["zh"], what_en=what["en"],
        api_key=issued.key,
    )  # fmt: skip
