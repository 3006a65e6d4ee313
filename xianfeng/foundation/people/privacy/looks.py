"""Who looked at somebody's personal data: written on the person's own record, read by the person alone."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person, Pioneer, Post
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.models import Entry
from xianfeng.foundation.record.subjects import person as actor

CODES = ("person.contact-shown", "person.contact-shown-to-staff", "person.looked-at", "person.exported")
ONE_LOOK = timedelta(hours=1)
TOGETHER = 5_000  # persons of one statement


@dataclass(frozen=True)
class Look:
    """One look: when, who (an organisation's staff, a pioneer, a resident), at what (a code), over which matter."""

    at: datetime
    who: str
    what: str
    matter_id: int | None


def note_look(person_id: int, *, by: Person, matter_id: int) -> bool:
    """Write that staff opened a matter of a person with all its words; within an hour it is the same look.

    Returns whether it was written; one's own matter is nobody's look.
    """
    at = clock.now()
    if person_id == by.pk or _looked(person_id, by, matter_id, at):
        return False
    with write():
        record.append(
            "person",
            person_id,
            "person.looked-at",
            actor=actor(by.pk),
            at=at,
            new={"matter": matter_id, "to": by.pk},
        )
    return True


def note_exported(person_ids: Iterable[int], *, by: Person, export_id: int, kind: str) -> int:
    """Write on the record of each person that `by`, as staff, took a list out in which they stand; return how many.

    One's own is nobody's look. Needs an open transaction.
    """
    ids, new = sorted(set(person_ids) - {by.pk}), {"export": export_id, "kind": kind, "to": by.pk}
    at, count = clock.now(), 0
    for start in range(0, len(ids), TOGETHER):
        count += record.append_many(
            "person", ids[start : start + TOGETHER], "person.exported", actor=actor(by.pk), at=at, new=new
        )
    return count


def _looked(person_id: int, by: Person, matter_id: int, at: datetime) -> bool:
    recent = Entry.objects.filter(
        subject_kind="person",
        subject_id=person_id,
        code="person.looked-at",
        actor_id=by.pk,
        at__gt=at - ONE_LOOK,
    )
    return any(json.loads(new).get("matter") == matter_id for new in recent.values_list("new", flat=True))


def looks_at(person: Person, *, limit: int | None = None) -> list[Look]:
    """Return who looked at the data of `person`, newest first; four statements."""
    rows = Entry.objects.filter(subject_kind="person", subject_id=person.pk, code__in=CODES).order_by(
        "-position"
    )
    found = list(rows[:limit])
    names = _names({row.actor_id for row in found})
    return [Look(row.at, names.get(row.actor_id, ""), row.code, _matter(row.new)) for row in found]


def _matter(new: str) -> int | None:
    told: dict[str, Any] = json.loads(new)
    return told.get("matter")


def _names(ids: set[int]) -> dict[int, str]:
    """Return what each is called to the person: a post with its name, a pioneer's name, else a public name."""
    persons = {one.pk: one for one in Person.objects.filter(pk__in=ids)}
    names = {pk: public_name(one.name) for pk, one in persons.items()}
    pioneers = (
        Pioneer.objects.filter(spokesperson__in=ids)
        .order_by("-kind", "id")
        .values_list("spokesperson_id", "name")
    )
    names |= dict(pioneers)
    posts = Post.objects.filter(person__in=ids).order_by("since")
    for pk, organisation, area in posts.values_list("person_id", "organisation__name", "area__name"):
        names[pk] = f"{organisation or area} {persons[pk].name}".strip()
    return names
