"""Which title of the catalogue a recognition carries."""

from xianfeng.foundation.kernel import clock, idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person, Recognition
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.recognition.honours import rules, titles
from xianfeng.recognition.honours.models import RecognitionTitle


def carry(recognition_id: int, title: str, *, by: Person) -> RecognitionTitle:
    """Say that a recognition carries a title; another title takes its place. Again is the same.

    Raises Missing without that scope, Refused 'title-unknown', 'title-not-yours'.
    """
    given, at = titles.title(title), clock.now()
    with write():
        row = Recognition.objects.select_for_update(of=("self",)).filter(pk=recognition_id).first()
        if row is None or not rules.is_staff_for(by, row.organisation_id):
            raise Missing
        if given.organisation != row.organisation.kind or given.kind != row.pioneer.kind:
            raise Refused("title-not-yours", field="title")
        before = RecognitionTitle.objects.filter(recognition=row).first()
        if before is not None and before.title == title:
            return before
        found, _ = RecognitionTitle.objects.update_or_create(
            recognition=row, defaults={"title": title, "by": by, "at": at}
        )
        record.append(
            "pioneer", row.pioneer_id, "pioneer.title-carried", actor=actor(by.id), at=at,
            old={"title": before.title if before else None}, new={"recognition": row.pk, "title": title},
        )  # fmt: skip
        idempotency.note("pioneer", row.pioneer_id)
        return found
