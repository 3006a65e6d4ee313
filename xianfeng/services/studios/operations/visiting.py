"""Home visits with village officials: noted down, and what was found is seen to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xianfeng.foundation.kernel import clock, idempotency, keyring, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import posts
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import tree
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.raising import Need, raised_within
from xianfeng.services.studios import numbers, steps
from xianfeng.services.studios.models import Visit

SERVICE = "house-matter"
PURPOSE = "household"


@dataclass(frozen=True)
class Called:
    """A visit: where and when, whose door (`household`), what was said, the posts of the officials who came along."""

    area_id: int
    visited_at: datetime
    household: str
    notes: str = ""
    post_ids: Sequence[int] = ()


def note_visit(studio_id: int, given: Called, *, by: Person) -> Visit:
    """Note a home visit, as the studio's keeper; only who was there reads it again.

    Raises Missing; Refused 'visit-in-future', 'too-many-companions', 'text-missing', 'text-too-long'.
    """
    limits, at = numbers.table("visit"), clock.now()
    household = texts.clean_line(given.household, field="household", limit=limits["household_length"])
    notes = texts.clean_text(given.notes, field="notes", limit=limits["notes_length"], required=False)
    if given.visited_at > at:
        raise Refused("visit-in-future", field="visited_at")
    if given.area_id not in tree.current().by_id:
        raise Missing
    with write():
        studio = steps.kept(studio_id, by)
        row = Visit.objects.create(
            studio=studio, area_id=given.area_id, visited_at=given.visited_at, notes=notes, noted_at=at,
            household_sealed=keyring.seal(PURPOSE, household),
        )  # fmt: skip
        row.companions.set(_companions(given.post_ids, limits["companions"]))
        new = {"visit": row.pk, "area": given.area_id, "companions": len(set(given.post_ids))}
        record.append("studio", studio.pk, "studio.visited", actor=actor(by.pk), at=at, new=new)
        idempotency.note("visit", row.pk)
        return row


def _companions(post_ids: Sequence[int], most: int) -> list[int]:
    wanted = set(post_ids)
    if len(wanted) > most:
        raise Refused("too-many-companions", field="posts", limit=most)
    found = dict(posts.live().filter(pk__in=wanted).values_list("pk", "person_id"))
    if wanted - set(found):
        raise Missing
    return sorted(set(found.values()))


def raise_from(visit_id: int, title: str, text: str, *, by: Person) -> Matter:
    """Raise what a visit found as a matter, as who was there; it lives by its own service from then on.

    Raises Missing; what raising raises.
    """
    at = clock.now()
    with write():
        row = (
            Visit.objects.select_for_update(of=("self",))
            .select_related("studio__post")
            .filter(pk=visit_id)
            .first()
        )
        if row is None or not was_there(by, row):
            raise Missing
        lat, lon = _point(row)
        need = Need(title=title, text=text, lat=lat, lon=lon, datum="wgs84", service=SERVICE)
        matter = raised_within(need, by=by, at=at)
        row.matters.add(matter)
        idempotency.note("matter", matter.pk)
        return matter


def was_there(by: Person, row: Visit) -> bool:
    """Tell whether `by` made the visit or came along."""
    return row.studio.post.person_id == by.pk or row.companions.filter(pk=by.pk).exists()


def _point(row: Visit) -> tuple[float, float]:
    for area in (tree.find(pk) for pk in reversed(tree.find(row.area_id).path)):
        if area.lat is not None and area.lon is not None:
            return area.lat, area.lon
    raise Refused("coordinates-invalid", field="area")
