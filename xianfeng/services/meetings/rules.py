"""Who may do what with meetings, teams and proposals, and why not."""

from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.foundation.people import posts
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places.models import Area
from xianfeng.services.meetings import kinds
from xianfeng.services.meetings.models import Living, Meeting, Proposal
from xianfeng.services.meetings.states import MOVES


def may_call(by: Person, kind: str, area: Area) -> Refusal | None:
    """Say why `by` cannot call a meeting of `kind` for `area`: only a post that leads there does."""
    return None if posts.may(by, kinds.meeting(kind)["duty"], area) else Refusal("meeting-needs-post")


def may_form(by: Person, kind: str, area: Area) -> Refusal | None:
    """Say why `by` cannot form or change a team of `kind` in `area`."""
    return None if posts.may(by, kinds.team(kind)["duty"], area) else Refusal("meeting-needs-post")


def runs(by: Person | None, meeting: Meeting) -> bool:
    """Tell whether `by` runs a meeting: who called it, or who may call such a one there."""
    if by is None:
        return False
    return by.pk == meeting.caller_id or may_call(by, meeting.kind, meeting.area) is None


def leads(by: Person | None, proposal: Proposal) -> bool:
    """Tell whether `by` decides over a proposal: a post that leads its area, never its author."""
    return by is not None and by.pk != proposal.author_id and posts.may(by, "lead", proposal.area)


def may_move(name: str, row: Living) -> Refusal | None:
    """Say why the move `name` does not lead on from where `row` stands."""
    if row.state in MOVES[row.KIND, name].source:
        return None
    return Refusal("meeting-wrong-state", params={"state": row.state, "move": name})


def may_change_agenda(meeting: Meeting) -> Refusal | None:
    """Say why nothing can be put on or taken off an agenda any more."""
    if meeting.state in {"called", "open"}:
        return None
    return Refusal("meeting-wrong-state", params={"state": meeting.state, "move": "agenda"})


def may_minute(meeting: Meeting) -> Refusal | None:
    """Say why nothing can be minuted, decided or handed over: the meeting is not running."""
    if meeting.state == "open":
        return None
    return Refusal("meeting-not-open", params={"state": meeting.state})
