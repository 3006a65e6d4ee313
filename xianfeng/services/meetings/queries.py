"""Reads of meetings, teams and proposals; every one begins from who is asking."""

from django.db.models import F, Q, QuerySet

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import posts, roles
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area
from xianfeng.matters.states import ENDS
from xianfeng.services.meetings import kinds
from xianfeng.services.meetings.models import Invitation, Item, Meeting, Proposal, Seat, Task, Team
from xianfeng.services.meetings.states import PUBLIC


def _led(person: Person | None, prefix: str = "") -> Q:
    """Return what stands in an area that `person` leads."""
    held = [post for post in posts.held_by(person) if not post.deputy or posts.stands_in(post)]
    areas = [post.area_id for post in held if "lead" in _duties(post.role)]
    found = Q(pk__in=[])
    for area_id in sorted(set(areas)):
        found |= Q(**{f"{prefix}area__path__contains": [area_id]})
    return found


def _duties(role: str) -> frozenset[str]:
    return roles.every()[role].may if role in roles.every() else frozenset()


def whole() -> QuerySet[Meeting]:
    """Return meetings with their area and caller."""
    return Meeting.objects.select_related("area", "caller").defer("area__boundary")


def visible_to(person: Person | None) -> QuerySet[Meeting]:
    """Return the meetings `person` may see: those they called, are invited to, or that are held where they lead."""
    if person is None:
        return whole().none()
    invited = Invitation.objects.filter(person=person).values("meeting")
    return whole().filter(Q(caller=person) | Q(pk__in=invited) | _led(person))


def meeting_for(person: Person | None, pk: int) -> Meeting:
    """Return one meeting. Raises Missing for foreign and missing alike."""
    found = visible_to(person).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def of(person: Person | None, *, kind: str = "") -> QuerySet[Meeting]:
    """Return the meetings `person` may see, the latest first."""
    rows = visible_to(person)
    return (rows.filter(kind=kind) if kind else rows).order_by("-starts_at", "-id")


def agenda(meeting: Meeting) -> list[Item]:
    """Return the items of an agenda in their order: what was carried comes first."""
    rows = meeting.items.select_related(
        "matter", "proposal", "task__matter", "task__organisation", "back__meeting"
    )
    return list(rows.order_by("-carried", "position"))


def invitations(meeting: Meeting) -> list[Invitation]:
    """Return who is invited, with their names, posts first."""
    return list(meeting.invitations.select_related("person").order_by(F("role").desc(), "id"))


def tasks(meeting: Meeting) -> list[Task]:
    """Return the hand-over list of a meeting, in the order things were handed over."""
    return list(meeting.tasks.select_related("matter", "organisation", "item").order_by("id"))


def same(meeting: Meeting) -> Q:
    """Return what belongs to other meetings of the same kind and area."""
    return Q(meeting__kind=meeting.kind, meeting__area=meeting.area_id) & ~Q(meeting=meeting.pk)


def unfinished(meeting: Meeting) -> list[Task]:
    """Return the tasks of earlier meetings of this kind and area whose matter has not ended, each matter once."""
    rows = Task.objects.filter(same(meeting)).exclude(matter__state__in=ENDS)
    rows = rows.select_related("matter", "organisation").order_by("matter", "-handed_at", "-id")
    newest = {task.matter_id: task for task in reversed(list(rows))}
    return sorted(newest.values(), key=lambda task: (task.handed_at, task.pk))


def went_back(meeting: Meeting) -> QuerySet[Item]:
    """Return what earlier meetings of this kind and area left undecided and no other has taken up."""
    return Item.objects.filter(same(meeting), state="returned").order_by("pk")


def teams_in(area: Area | None = None, *, kind: str = "") -> QuerySet[Team]:
    """Return the teams that stand, of an area and those below it (the whole city by default)."""
    rows = Team.objects.filter(state="formed").select_related("area").defer("area__boundary")
    if area is not None:
        rows = rows.filter(area__in=places.subtree_ids(area))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("area", "kind", "id")


def roster(team: Team) -> list[Seat]:
    """Return the live seats of a team, who leads first; a seat that goes with a post ends with it."""
    return list(_live_seats().filter(team=team).select_related("person", "post").order_by("-leads", "id"))


def rosters(found: list[Team]) -> dict[int, list[Seat]]:
    """Return the live seats of many teams by team; one statement."""
    seats: dict[int, list[Seat]] = {}
    for seat in _live_seats().filter(team__in=found).select_related("person").order_by("-leads", "id"):
        seats.setdefault(seat.team_id, []).append(seat)
    return seats


def _live_seats() -> QuerySet[Seat]:
    now = clock.now()
    post = Q(post=None) | Q(post__until=None) | Q(post__until__gt=now)
    return Seat.objects.filter(post, until=None)


def sits_in(person: Person | None, team: Team) -> bool:
    """Tell whether `person` has a live seat in a team."""
    return person is not None and _live_seats().filter(team=team, person=person).exists()


def think_tanks_of(person: Person | None) -> list[Team]:
    """Return the think tanks in which `person` sits."""
    if person is None:
        return []
    seats = _live_seats().filter(person=person).values("team")
    return list(teams_in(kind="think-tank").filter(pk__in=seats))


def team_for(pk: int) -> Team:
    """Return a team that stands: rosters of posts are no secret. Raises Missing."""
    found = teams_in().filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def _proposals() -> QuerySet[Proposal]:
    return Proposal.objects.select_related("area", "author", "team").defer("area__boundary")


def public_proposals(*, area: Area | None = None, state: str = "") -> QuerySet[Proposal]:
    """Return the proposals anybody may read, newest first."""
    rows = _proposals().filter(state__in=PUBLIC)
    if area is not None:
        rows = rows.filter(area__in=places.subtree_ids(area))
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-made_at", "-id")


def proposals_visible_to(person: Person | None) -> QuerySet[Proposal]:
    """Return the proposals `person` may see: public ones, own ones, those of areas they lead; newest first."""
    seen = Q(state__in=PUBLIC)
    if person is not None:
        seen |= Q(author=person) | _led(person)
    return _proposals().filter(seen).order_by("-made_at", "-id")


def proposal_for(person: Person | None, pk: int) -> Proposal:
    """Return one proposal. Raises Missing for foreign and missing alike."""
    found = proposals_visible_to(person).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def may_call_in(person: Person | None) -> list[Area]:
    """Return the areas in which `person` may call meetings, by their posts."""
    duties = {entry["duty"] for entry in kinds.every("kind").values()}
    held = posts.held_by(person)
    found = {post.area_id for post in held if duties & _duties(post.role)}
    return [tree.find(pk) for pk in sorted(found)]
