"""What duties, checks and evaluations keep of a person: told to them, and taken away when they leave."""

from datetime import datetime

from django.db.models import Q

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy.keepers import Rows, rows
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.matters import steps as writing
from xianfeng.matters.duties import steps
from xianfeng.matters.duties.models import Check, Duty, Evaluation
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State


def tell(person: Person) -> dict[str, Rows]:
    """Tell what was in a person's duty, what they checked, and how satisfied they said they were."""
    had = Duty.objects.filter(Q(person=person) | Q(reported_by=person)).order_by("id")
    checked = Check.objects.filter(person=person).order_by("id")
    said = Evaluation.objects.filter(person=person).order_by("id")
    return {
        "post_duties": rows(had, "matter__number", "role", "area__name", "handed_at", "ended_at", "outcome", "report"),
        "checks": rows(checked, "duty__matter__number", "passed", "text", "lat", "lon", "checked_at"),
        "evaluations": rows(said, "matter__number", "satisfied", "text", "evaluated_at"),
    }  # fmt: skip


def forget(person: Person) -> None:
    """Blank the words of and about a person, and where they stood; what was done and when stays."""
    own = Q(matter__requester=person)
    Duty.objects.filter(own | Q(reported_by=person)).update(report="")
    Check.objects.filter(Q(duty__matter__requester=person) | Q(person=person)).update(
        text="", lat=None, lon=None
    )
    Evaluation.objects.filter(own | Q(person=person)).update(text="")


def ended(matter: Matter, at: datetime) -> Matter:
    """End the duty of a matter whose requester leaves; one that waits for a check is closed, as it was handled."""
    if matter.state != State.CHECKING:
        steps.end_any(matter, "withdrawn", at)
        return matter
    duty = steps.live(matter)
    sets = {"closed_at": at, "due_at": None}
    matter = writing.move(matter, "close_unchecked", actor=SYSTEM, at=at, sets=sets, new={"duty": duty.pk})
    steps.end(duty, "done", at)
    return matter
