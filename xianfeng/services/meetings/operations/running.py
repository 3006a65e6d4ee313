"""Running a meeting: it opens with what is unfinished, takes minutes, decides, hands over, and closes."""

from collections.abc import Sequence
from dataclasses import dataclass

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import tree
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import queries as matters
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.handing import charged_within, raised_for
from xianfeng.matters.operations.raising import Need
from xianfeng.matters.states import ENDS, State
from xianfeng.services.meetings import kinds, queries, rules, steps
from xianfeng.services.meetings.models import Invitation, Item, Meeting, Task
from xianfeng.services.meetings.operations.calling import item_run_by, next_position, returned, run_by

SERVICE = "meeting-task"


@dataclass(frozen=True)
class Order:
    """A task to be handed over. Without a `title` the item's own matter is; else a new one is raised, at `lat`/`lon`
    (WGS-84 degrees) or where the item's matter or the area is."""

    organisation_id: int
    title: str = ""
    text: str = ""
    lat: float | None = None
    lon: float | None = None


def open_meeting(meeting_id: int, *, by: Person) -> Meeting:
    """Open a meeting: first on its agenda stands what earlier ones of its kind and area left unfinished.

    Again answers the same. Raises Missing; Refused 'meeting-wrong-state'.
    """
    at = clock.now()
    with write():
        meeting = run_by(meeting_id, by)
        if meeting.state != "open":
            steps.refuse(rules.may_move("open", meeting))
            carried = [item.pk for item in _carried(meeting)]
            new = {"carried": len(carried)}
            meeting = steps.move(meeting, "open", actor=actor(by.pk), at=at, sets={"opened_at": at}, new=new)
        idempotency.note("meeting", meeting.pk)
        return meeting


def _carried(meeting: Meeting) -> list[Item]:
    """Put unfinished tasks and what went back on the agenda; what somebody put there already is not doubled."""
    position = next_position(meeting)
    there: set[int | None] = set(meeting.items.exclude(matter=None).values_list("matter_id", flat=True))
    items = [
        Item(meeting=meeting, position=place, carried=True, task=task)
        for place, task in enumerate(queries.unfinished(meeting), start=position)
    ]
    for back in _taken_back(meeting, there):
        items.append(
            Item(
                meeting=meeting, position=position + len(items), carried=True, back=back, matter_id=back.matter_id,
                proposal_id=back.proposal_id, title=back.title,
            )
        )  # fmt: skip
    return Item.objects.bulk_create(items)


def _taken_back(meeting: Meeting, there: set[int | None]) -> list[Item]:
    """Take what went back, each item by one meeting alone: the state decides, in one statement."""
    waiting = queries.went_back(meeting).values_list("pk", flat=True)
    rows = Item.objects.select_for_update().filter(pk__in=list(waiting), state="returned").order_by("pk")
    found = list(rows)
    Item.objects.filter(pk__in=[one.pk for one in found]).update(state="carried")
    return [one for one in found if one.matter_id is None or one.matter_id not in there]


def minute(item_id: int, words: str, *, by: Person) -> Item:
    """Keep the minutes of an item, in place of what was kept before. Raises Missing; Refused 'meeting-not-open'."""
    limit = kinds.numbers("meeting")["minutes_length"]
    plain = texts.clean_text(words, field="minutes", limit=limit, required=False)
    with write():
        item = _running(item_id, by)
        item.minutes = plain
        item.save(update_fields=["minutes"])
        idempotency.note("meeting", item.meeting_id)
        return item


def decide(item_id: int, words: str, *, by: Person, minutes: str | None = None) -> Item:
    """Decide an item, with its minutes if they are given; a decision stays, also if the meeting is called off later.

    The same decision again answers the same. Raises Missing; Refused 'meeting-not-open', 'meeting-decided'.
    """
    limits, at = kinds.numbers("meeting"), clock.now()
    plain = texts.clean_text(words, field="decision", limit=limits["decision_length"])
    kept = texts.clean_text(minutes or "", field="minutes", limit=limits["minutes_length"], required=False)
    with write():
        item = _running(item_id, by)
        if item.state == "decided" and item.decision != plain:
            raise Refused("meeting-decided")
        if item.state == "waiting":
            item.state, item.decision, item.decided_at = "decided", plain, at
            item.minutes = kept if minutes is not None else item.minutes
            item.save(update_fields=["state", "decision", "decided_at", "minutes"])
            steps.note(item.meeting, "meeting.item-decided", actor=actor(by.pk), at=at, item=item.pk)
        idempotency.note("meeting", item.meeting_id)
        return item


def _running(item_id: int, by: Person) -> Item:
    item = item_run_by(item_id, by)
    steps.refuse(rules.may_minute(item.meeting))
    return item


def hand_over(item_id: int, given: Order, *, by: Person) -> Task:
    """Put a task on the hand-over list: a matter in charge of an organisation, with its own clock from now on.

    Raises Missing; Refused 'meeting-not-open', 'meeting-nothing-to-hand-over', and what charging and raising raise.
    """
    at = clock.now()
    with write():
        item = _running(item_id, by)
        matter = _handed(item, given, by)
        task = Task.objects.create(
            meeting=item.meeting,
            item=item,
            matter=matter,
            organisation_id=given.organisation_id,
            handed_at=at,
        )
        new = {"item": item.pk, "matter": matter.number, "organisation": given.organisation_id}
        steps.note(item.meeting, "meeting.task-handed-over", actor=actor(by.pk), at=at, **new)
        idempotency.note("meeting", item.meeting_id)
        return task


def _handed(item: Item, given: Order, by: Person) -> Matter:
    at, reason = clock.now(), item.meeting.title
    own = item.matter or (item.task.matter if item.task else None)
    if given.title.strip():
        lat, lon = _place(item, given, own)
        need = Need(title=given.title, text=given.text, lat=lat, lon=lon, datum="wgs84", service=SERVICE)
        return raised_for(need, given.organisation_id, by=by, at=at, reason=reason)
    if own is None or State(own.state) in ENDS:
        raise Refused("meeting-nothing-to-hand-over", field="title")
    kept = matters.whole().select_for_update(of=("self",)).get(pk=own.pk)
    return charged_within(kept, given.organisation_id, by=by, at=at, reason=reason)


def _place(item: Item, given: Order, own: Matter | None) -> tuple[float, float]:
    if given.lat is not None and given.lon is not None:
        return given.lat, given.lon
    if own is not None:
        return own.lat, own.lon
    for area in (tree.find(pk) for pk in reversed(item.meeting.area.path)):
        if area.lat is not None and area.lon is not None:
            return area.lat, area.lon
    raise Refused("coordinates-invalid", field="lat")


def attend(meeting_id: int, present: Sequence[int], *, by: Person) -> Meeting:
    """Say who of those invited is there, by id; the others are not. Raises Missing, Refused."""
    at, there = clock.now(), set(present)
    with write():
        meeting = run_by(meeting_id, by)
        steps.refuse(rules.may_minute(meeting))
        rows = list(Invitation.objects.select_for_update().filter(meeting=meeting).order_by("pk"))
        if there - {row.person_id for row in rows}:
            raise Missing
        for row in rows:
            row.present = row.person_id in there
        Invitation.objects.bulk_update(rows, ["present"])
        steps.note(meeting, "meeting.attended", actor=actor(by.pk), at=at, present=len(there), of=len(rows))
        idempotency.note("meeting", meeting.pk)
        return meeting


def close(meeting_id: int, *, by: Person) -> Meeting:
    """Close a meeting; what is undecided goes back to the next one. Again answers the same. Raises Missing, Refused."""
    at = clock.now()
    with write():
        meeting = run_by(meeting_id, by)
        if meeting.state != "closed":
            steps.refuse(rules.may_move("close", meeting))
            new = {"back": returned(meeting)}
            meeting = steps.move(meeting, "close", actor=actor(by.pk), at=at, sets={"ended_at": at}, new=new)
        idempotency.note("meeting", meeting.pk)
        return meeting
