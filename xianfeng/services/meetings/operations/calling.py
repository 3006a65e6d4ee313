"""Calling a meeting: who is invited, what is on the agenda, who says that they come; and calling it off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import posts, roles
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import queries as matters
from xianfeng.services.meetings import kinds, queries, rules, steps
from xianfeng.services.meetings.models import Invitation, Item, Meeting

ANSWERS = ("coming", "away")


@dataclass(frozen=True)
class Call:
    """A meeting to be called. `roles` invites who acts for each in or over the area (None: those of its kind)."""

    kind: str
    area_id: int
    title: str
    place: str
    starts_at: datetime
    roles: Sequence[str] | None = None
    person_ids: Sequence[int] = ()
    numbers: Sequence[str] = ()


@dataclass(frozen=True)
class Point:
    """What goes on an agenda: a matter by its number, a proposal by its id, or a title alone."""

    title: str = ""
    number: str = ""
    proposal_id: int | None = None


def call(given: Call, *, by: Person) -> Meeting:
    """Call a meeting for an area; everybody invited is told.

    Raises Refused 'meeting-kind-unknown', 'meeting-needs-post', 'meeting-too-early', 'role-unknown', 'text-missing',
    'text-too-long', 'meeting-too-many'; Missing for an area or a matter that is not there for `by`.
    """
    limits, at, area = kinds.numbers("meeting"), clock.now(), _area(given.area_id)
    wanted = kinds.meeting(given.kind)["roles"] if given.roles is None else given.roles
    title = texts.clean_line(given.title, field="title", limit=limits["title_length"])
    place = texts.clean_line(given.place, field="place", limit=limits["place_length"])
    if not at < given.starts_at <= at + timedelta(days=limits["ahead_days"]):
        raise Refused("meeting-too-early", field="starts_at", days=limits["ahead_days"])
    with write():
        steps.refuse(rules.may_call(by, given.kind, area))
        meeting = Meeting(
            kind=given.kind,
            area=area,
            title=title,
            place=place,
            starts_at=given.starts_at,
            caller=by,
            called_at=at,
        )
        steps.born(
            meeting, "meeting.called", actor=actor(by.pk), at=at, since=given.starts_at, kind=given.kind
        )
        _invite(meeting, [*_by_roles(wanted, area), *_in_person(given.person_ids)])
        for number in dict.fromkeys(given.numbers):
            _put(meeting, Point(number=number), by)
        idempotency.note("meeting", meeting.pk)
        return meeting


def _area(area_id: int) -> Area:
    area = tree.current().by_id.get(area_id)
    if area is None or not area.active:
        raise Missing
    return area


def _by_roles(wanted: Iterable[str], area: Area) -> list[tuple[int, str]]:
    """Return who holds posts of these roles over the area or in it, deputies only where they stand in."""
    found = list(dict.fromkeys(wanted))
    for code in found:
        roles.find(code)
    held = posts.live().filter(role__in=found)
    rows = [*held.filter(area__in=area.path), *held.filter(area__path__contains=[area.pk])]
    seen = {row.pk: row for row in rows if not row.deputy or posts.stands_in(row)}
    return [(row.person_id, row.role) for row in seen.values()]


def _in_person(person_ids: Sequence[int]) -> list[tuple[int, str]]:
    known = set(Person.objects.filter(pk__in=list(person_ids), left_at=None).values_list("pk", flat=True))
    return [(pk, "") for pk in person_ids if pk in known]


def _invite(meeting: Meeting, found: list[tuple[int, str]]) -> None:
    wanted = dict(reversed(found))  # the first reason counts
    most = kinds.numbers("meeting")["invited"]
    if len(wanted) > most:
        raise Refused("meeting-too-many", field="roles", limit=most)
    Invitation.objects.bulk_create(
        [Invitation(meeting=meeting, person_id=pk, role=role) for pk, role in sorted(wanted.items())]
    )


def answer(meeting_id: int, word: str, *, by: Person) -> Invitation:
    """Say whether one comes ('coming' or 'away'); the same word again answers the same. Raises Missing, Refused."""
    if word not in ANSWERS:
        raise Refused("meeting-answer-unknown", field="answer")
    at = clock.now()
    with write():
        row = _invited(meeting_id, by)
        if row.answer != word:
            if row.meeting.state != "called":
                raise Refused("meeting-wrong-state", state=row.meeting.state, move="answer")
            row.answer, row.answered_at = word, at
            row.save(update_fields=["answer", "answered_at"])
            steps.note(row.meeting, "meeting.answered", actor=actor(by.pk), at=at, answer=word)
        idempotency.note("meeting", meeting_id)
        return row


def _invited(meeting_id: int, by: Person) -> Invitation:
    rows = Invitation.objects.select_for_update().select_related("meeting")
    row = rows.filter(meeting=meeting_id, person=by).first()
    if row is None:
        raise Missing
    return row


def add_item(meeting_id: int, point: Point, *, by: Person) -> Item:
    """Put something on the agenda, as who runs the meeting. Raises Missing; Refused 'meeting-item-again', …"""
    at = clock.now()
    with write():
        meeting = run_by(meeting_id, by)
        steps.refuse(rules.may_change_agenda(meeting))
        item = _put(meeting, point, by)
        new = {"item": item.pk, "matter": item.matter_id, "proposal": item.proposal_id}
        steps.note(meeting, "meeting.item-added", actor=actor(by.pk), at=at, **new)
        idempotency.note("meeting", meeting.pk)
        return item


def drop_item(item_id: int, *, by: Person) -> Meeting:
    """Take an item off the agenda that is not decided yet and came from no earlier meeting. Raises Missing, Refused."""
    at = clock.now()
    with write():
        item = item_run_by(item_id, by)
        steps.refuse(rules.may_change_agenda(item.meeting))
        if item.state != "waiting" or item.carried or item.tasks.exists():
            raise Refused("meeting-item-stays")
        item.delete()
        steps.note(item.meeting, "meeting.item-dropped", actor=actor(by.pk), at=at, item=item_id)
        idempotency.note("meeting", item.meeting_id)
        return item.meeting


def run_by(meeting_id: int, by: Person) -> Meeting:
    """Return a meeting that `by` runs, locked. Needs an open transaction. Raises Missing."""
    meeting = steps.locked(Meeting, meeting_id)
    if not rules.runs(by, meeting):
        raise Missing
    return meeting


def item_run_by(item_id: int, by: Person) -> Item:
    """Return an item of a meeting that `by` runs, the meeting locked. Needs an open transaction. Raises Missing."""
    meeting_id = Item.objects.filter(pk=item_id).values_list("meeting_id", flat=True).first()
    if meeting_id is None:
        raise Missing
    meeting = run_by(meeting_id, by)
    item = Item.objects.select_for_update().get(pk=item_id)
    item.meeting = meeting
    return item


def next_position(meeting: Meeting) -> int:
    """Return the next place on an agenda; the meeting must be locked."""
    return int(meeting.items.aggregate(last=Max("position"))["last"] or 0) + 1


def _put(meeting: Meeting, point: Point, by: Person) -> Item:
    position, limits = next_position(meeting), kinds.numbers("meeting")
    if position > limits["items"]:
        raise Refused("meeting-too-many", field="items", limit=limits["items"])
    matter = matters.matter_for(by, point.number) if point.number else None
    proposal = queries.proposal_for(by, point.proposal_id) if point.proposal_id else None
    bare = matter is None and proposal is None
    title = texts.clean_line(point.title, field="title", limit=limits["title_length"]) if bare else ""
    if matter and meeting.items.filter(matter=matter).exists():
        raise Refused("meeting-item-again", field="number")
    return Item.objects.create(
        meeting=meeting, position=position, matter=matter, proposal=proposal, title=title
    )


def cancel(meeting_id: int, *, by: Person, reason: str) -> Meeting:
    """Call a meeting off, before it begins or in the middle: what is undecided goes back, what was decided stays.

    Raises Missing; Refused 'meeting-wrong-state', 'text-missing', 'text-too-long'.
    """
    words = texts.clean_line(reason, field="reason", limit=kinds.numbers("meeting")["reason_length"])
    at = clock.now()
    with write():
        meeting = run_by(meeting_id, by)
        steps.refuse(rules.may_move("cancel", meeting))
        back = returned(meeting)
        sets = {"ended_at": at, "reason": words}
        meeting = steps.move(meeting, "cancel", actor=actor(by.pk), at=at, sets=sets, new={"back": back})
        idempotency.note("meeting", meeting.pk)
        return meeting


def returned(meeting: Meeting) -> int:
    """Give back what is undecided, for the next meeting of its kind; return how many. Needs the meeting locked.

    An unfinished task needs no giving back: it stands before every meeting until its matter has ended.
    """
    return Item.objects.filter(meeting=meeting, state="waiting", task=None).update(state="returned")
