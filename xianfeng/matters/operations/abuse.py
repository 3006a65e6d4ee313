"""What should not stand: anybody who can see it may say so, staff judge it, and hide it or keep it."""

from dataclasses import dataclass

from xianfeng.foundation.kernel import catalogue, clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import queries, rules, services, steps
from xianfeng.matters.models import AbuseReport, Matter, Message, Rating


@dataclass(frozen=True)
class Subject:
    """What is reported: 'matter' (by number), 'message' or 'rating' (by row id); and the words others read."""

    kind: str
    id: int
    matter: Matter
    words: str
    author_id: int


def subject_for(person: Person, kind: str, key: str) -> Subject:
    """Return what `person` would report. Raises Missing for foreign, hidden and missing alike."""
    find = {"matter": _matter, "message": _message, "rating": _rating}.get(kind)
    if find is None:
        raise Missing
    return find(person, key)


def _matter(person: Person, number: str) -> Subject:
    matter = queries.matter_for(person, number)
    return Subject("matter", matter.id, matter, f"{matter.title}\n{matter.text}".strip(), matter.requester_id)


def _message(person: Person, key: str) -> Subject:
    row = Message.objects.select_related("matter").filter(pk=_row(key)).first()
    if row is None or row not in queries.talk(queries.matter_for(person, row.matter.number), by=person):
        raise Missing
    return Subject("message", row.id, row.matter, row.text, row.author_id)


def _rating(person: Person, key: str) -> Subject:
    row = Rating.objects.select_related("handling__matter").filter(pk=_row(key), hidden=False).first()
    if row is None or not row.text:
        raise Missing
    matter = queries.matter_for(person, row.handling.matter.number)
    return Subject("rating", row.id, matter, row.text, matter.requester_id)


def _row(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Missing
    return int(key)


def report_abuse(kind: str, key: str, *, by: Person, reason: str, text: str = "") -> AbuseReport:
    """Tell staff that something should not stand; told again before it is judged, it is the same report.

    Raises Refused 'reason-unknown', 'text-too-long', 'own-words'; Missing.
    """
    if reason not in catalogue.load("desk")["abuse"]:
        raise Refused("reason-unknown", field="reason")
    words = texts.clean_text(text, field="text", limit=500, required=False)
    at = clock.now()
    with write():
        subject = subject_for(by, kind, key)
        if subject.author_id == by.id:
            raise Refused("own-words")
        row, created = AbuseReport.objects.get_or_create(
            kind=kind, subject_id=subject.id, reporter=by, judged_at=None,
            defaults={"matter": subject.matter, "reason": reason, "text": words, "reported_at": at},
        )  # fmt: skip
        if created:
            new = {"kind": kind, "subject": subject.id, "reason": reason, "report": row.id}
            record.append(
                "matter", subject.matter.id, "matter.abuse-reported", actor=actor(by.id), at=at, new=new
            )
        idempotency.note("abuse-report", row.id)
        return row


def judge_abuse(report_id: int, *, by: Person, hide: bool, reason: str) -> AbuseReport:
    """Hide what was reported, or let it stand, as staff of its matter, with a reason.

    All waiting reports of the same thing are judged together. Raises Refused 'judged-before', 'text-missing'; Missing.
    """
    words, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        row = AbuseReport.objects.filter(pk=report_id).select_related("matter").first()
        if row is None:
            raise Missing
        matter = steps.locked(row.matter.number, by=None)
        if not rules.is_staff_of(by, matter):
            raise Missing
        waiting = AbuseReport.objects.filter(kind=row.kind, subject_id=row.subject_id, judged_at=None)
        judged = {"judged_at": at, "judged_by": by, "hidden": hide, "judgement": words}
        if not AbuseReport.objects.filter(pk=row.pk, judged_at=None).exists():
            raise Refused("judged-before")
        waiting.update(**judged)
        _show_or_hide(row, hidden=hide)
        new = {"kind": row.kind, "subject": row.subject_id, "report": row.id, "hidden": hide}
        record.append("matter", matter.id, "matter.abuse-judged", actor=actor(by.id), at=at, new=new)
        idempotency.note("abuse-report", row.id)
        row.refresh_from_db()
        return row


def _show_or_hide(report: AbuseReport, *, hidden: bool) -> None:
    model = {"matter": Matter, "message": Message, "rating": Rating}[report.kind]
    if report.kind == "matter" and _is_private(report.matter):
        return  # hidden from the beginning, whatever staff say of it
    model._default_manager.filter(pk=report.subject_id).update(hidden=hidden)


def _is_private(matter: Matter) -> bool:
    return bool(services.version(matter.service_code, matter.service_version).data.get("private"))
