"""Staff who open a need with all its words are told to the person who asked."""

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import looks
from xianfeng.matters.models import Matter


def note_opened(matter: Matter, *, by: Person) -> bool:
    """Write on the record of who asked that `by`, as staff, opened the matter; within an hour it is one look."""
    asker = matter.firm.responsible_id if matter.firm else matter.requester_id
    return looks.note_look(asker, by=by, matter_id=matter.pk)
