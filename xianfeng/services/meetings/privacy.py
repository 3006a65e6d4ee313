"""What this room keeps of a person: told to them, and erased with them. Decisions stay, who said them goes."""

from datetime import datetime

from xianfeng.foundation.kernel.erased import ERASED
from xianfeng.foundation.notices import privacy as notices
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy.keepers import Rows, rows
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.meetings import steps
from xianfeng.services.meetings.models import Meeting, Note, Proposal, Seat, Team
from xianfeng.services.meetings.operations.calling import returned
from xianfeng.services.meetings.operations.teams import left


def tell(person: Person) -> dict[str, Rows]:
    """Tell meetings called and invited to, seats, proposals and what was said of them."""
    return {
        "meetings": rows(
            person.called_meetings.order_by("id"), "kind", "title", "place", "starts_at", "state", "reason"
        ),
        "invitations": rows(
            person.invitations.order_by("id"), "meeting__title", "meeting__starts_at", "role", "answer", "present"
        ),
        "team_seats": rows(person.team_seats.order_by("id"), "team__name", "team__kind", "leads", "since", "until"),
        "proposals": rows(person.proposals.order_by("id"), "title", "text", "state", "made_at", "built_at"),
        "proposal_notes": rows(
            Note.objects.filter(author=person).order_by("id"), "proposal__title", "text", "at"
        ),
    }  # fmt: skip


def erase(person: Person, at: datetime) -> None:
    """Give seats up, call off what they called, blank their words. Needs an open transaction."""
    by = actor(person.pk)
    for team in Team.objects.filter(pk__in=Seat.objects.filter(person=person, until=None).values("team")):
        left(team, person.pk, actor=by, at=at)
    for meeting in Meeting.objects.select_for_update().filter(caller=person).order_by("id"):
        if meeting.state in {"called", "open"}:
            sets = {"ended_at": at}
            steps.move(meeting, "cancel", actor=by, at=at, sets=sets, new={"back": returned(meeting)})
        _blank_meeting(meeting, person, at)
    for proposal in Proposal.objects.select_for_update().filter(author=person).order_by("id"):
        row = proposal
        if proposal.state in {"proposed", "studied"}:
            row = steps.move(proposal, "withdraw", actor=by, at=at)
        if row.state in {"withdrawn", "declined"}:  # nobody else reads it: it goes whole
            _blank(row, person, at)
    Note.objects.filter(author=person).update(text="")


def _blank_meeting(meeting: Meeting, person: Person, at: datetime) -> None:
    """A meeting is the area's: its title and decisions stay, only the words of the call-off are the person's own."""
    if meeting.reason:
        record.change(
            "meeting", meeting.pk, "meeting.erased", actor=actor(person.pk), at=at, sets={"reason": ""}
        )


def _blank(row: Proposal, person: Person, at: datetime) -> None:
    sets = {"title": ERASED, "text": ""}
    record.change("proposal", row.pk, "proposal.erased", actor=actor(person.pk), at=at, sets=sets)
    notices.forget_words([f"proposal:{row.pk}"], "title")
