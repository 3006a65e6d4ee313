"""推广应用: somebody asks to use an achievement; that is a need its author answers, and may start a new achievement."""

from dataclasses import dataclass

from xianfeng.foundation.kernel import clock, idempotency
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.raising import Need, raised_within
from xianfeng.recognition.showcase import rules, steps
from xianfeng.recognition.showcase.models import Achievement, Adoption
from xianfeng.recognition.showcase.queries import achievements as queries

SERVICE = "adoption"


@dataclass(frozen=True)
class Wish:
    """Who wants to use it, where (WGS-84 degrees), and what for."""

    text: str
    lat: float
    lon: float
    firm_id: int | None = None
    title: str = ""


def named_by(title: str) -> str:
    """Return what a need is called that says nothing but which achievement it wants."""
    return f"想用：{title}"


def ask(pk: int, wish: Wish, *, by: Person) -> Matter:
    """Ask to use a published achievement: the need stands before its author when this returns.

    Raises Missing; Refused 'own-achievement', 'author-suspended' and what raising a need refuses.
    """
    at = clock.now()
    achievement = queries.achievement_for(by, pk)
    with write():
        row = steps.locked(Achievement, pk)
        steps.refuse(rules.may_adopt(by, row))
        need = Need(
            title=(wish.title or named_by(achievement.title))[:60], text=wish.text, lat=wish.lat, lon=wish.lon,
            datum="wgs84", service=SERVICE, firm_id=wish.firm_id, pioneer_id=row.pioneer_id,
        )  # fmt: skip
        matter = raised_within(need, by=by, at=at)
        Adoption.objects.create(achievement=row, matter=matter, asked_by=by, asked_at=at)
        new = {"matter": matter.number}
        record.append("achievement", pk, "achievement.adopted", actor=actor(by.id), at=at, new=new)
        idempotency.note("matter", matter.id)
        return matter
