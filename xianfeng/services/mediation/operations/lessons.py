"""以案释法: a case that has ended becomes a lesson, a person reads and confirms it, and it is explained in a place."""

import secrets
from datetime import datetime, timedelta

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.mediation import anonymous, numbers, queries, rules, steps
from xianfeng.services.mediation.anonymous import Known
from xianfeng.services.mediation.models import Attendance, Case, Lecture, Lesson
from xianfeng.services.mediation.papers import called, side_name
from xianfeng.services.mediation.sealing import opened
from xianfeng.services.mediation.states import SIDES, Kind

MARKS = "甲乙丙丁戊己庚辛壬癸"
CODE_DIGITS = 6


def names_of(case: Case) -> Known:
    """Return the names in a case with what stands in their place: 申请人甲 where a side has several."""
    names: dict[str, str] = {}
    also: dict[str, str] = {}
    for side in SIDES:
        parties = [party for party in case.parties.all() if party.side == side]
        for at, party in enumerate(parties):
            instead = side_name(side) + (MARKS[at % len(MARKS)] if len(parties) > 1 else "")
            known = {
                called(party),
                party.person.name,
                opened(party.name_sealed),
                party.firm.name if party.firm else "",
            }
            for name in sorted(known - {""}):
                whole, *short = anonymous.spoken_forms(name) or [name]
                names.setdefault(whole, instead)
                also |= dict.fromkeys(short, instead)
    if case.mediator is not None and case.mediator.name:
        names.setdefault(case.mediator.name, "调解员")
    return Known(names, also)


def draft(number: str, *, by: Person, title: str = "", text: str = "") -> Lesson:
    """Draft a lesson of a case that has ended, as its mediator or staff: identifiers are taken out of what is given.

    Without words of one's own it begins from the matter's. Again answers with the draft there is. Raises Missing;
    Refused 'case-still-runs', 'text-too-long'.
    """
    at, limits = clock.now(), numbers.of("lesson")
    with write():
        case = steps.locked_case(number, by=by)
        if not (rules.leads(by, case) or rules.is_staff_of(by, case)) or rules.side_of(by, case):
            raise Missing
        steps.refuse(rules.may_draft_lesson(case))
        if found := Lesson.objects.filter(case=case).first():
            idempotency.note("lesson", found.pk)
            return found
        known = names_of(case)
        headline = anonymous.cleaned(title or case.matter.title, known)
        body = anonymous.cleaned(text or case.matter.text, known)
        row = Lesson(
            case=case, area=case.matter.area.parent or case.matter.area, drafted_by=by, drafted_at=at,
            title=headline.text.strip()[: limits["title_length"]], text=body.text.strip()[: limits["text_length"]],
            removed=_sum(headline.removed, body.removed),
        )  # fmt: skip
        steps.born(row, "lesson.drafted", "draft", actor=actor(by.pk), at=at, removed=row.removed)
        idempotency.note("lesson", row.pk)
        return row


def _sum(*counts: dict[str, int]) -> dict[str, int]:
    return {
        kind: sum(one.get(kind, 0) for one in counts)
        for kind in sorted({key for one in counts for key in one})
    }


def _kept(pk: int, by: Person) -> Lesson:
    """Return a lesson that `by` keeps, its row locked. Raises Missing."""
    row = queries.lesson_for(by, pk)
    if not queries.keeps_lesson(by, row) or rules.side_of(by, row.case):
        raise Missing
    steps.locked(Lesson, pk)
    return queries.lesson_for(by, pk)


def change(pk: int, title: str, text: str, *, by: Person) -> Lesson:
    """Word a draft anew; identifiers are taken out again. Raises Missing; Refused 'case-wrong-state', of texts."""
    limits = numbers.of("lesson")
    with write():
        row = _kept(pk, by)
        steps.refuse(rules.may_move("publish", row))
        known = names_of(row.case)
        headline, body = anonymous.cleaned(title, known), anonymous.cleaned(text, known)
        sets = {
            "title": texts.clean_line(headline.text, field="title", limit=limits["title_length"]),
            "text": texts.clean_text(body.text, field="text", limit=limits["text_length"]),
        }  # fmt: skip
        steps.note(row, "lesson.changed", actor=actor(by.pk), at=clock.now(), sets=sets)
        idempotency.note("lesson", pk)
        return row


def publish(pk: int, *, by: Person, read: bool) -> Lesson:
    """Publish a draft, as somebody who has read it and says that it tells nobody; it is held against the rules again.

    Raises Missing; Refused 'lesson-unread', 'lesson-tells' (kinds of what still stands there), 'text-missing'.
    """
    at = clock.now()
    with write():
        row = _kept(pk, by)
        if not read:
            raise Refused("lesson-unread", field="read")
        if not row.text:
            raise Refused("text-missing", field="text")
        if found := anonymous.left(f"{row.title}\n{row.text}", names_of(row.case)):
            raise Refused("lesson-tells", field="text", kinds="、".join(found))
        sets = {"published_at": at, "confirmed_by_id": by.pk}
        row = steps.move(row, "publish", actor=actor(by.pk), at=at, sets=sets)
        idempotency.note("lesson", pk)
        return row


def take_back(pk: int, *, by: Person) -> Lesson:
    """Drop a draft, or take a published lesson back with the lectures to come. Again answers the same."""
    at = clock.now()
    with write():
        row = _kept(pk, by)
        name = "withdraw" if row.state == "published" else "drop"
        if row.state in {"published", "draft"}:
            row = steps.move(row, name, actor=actor(by.pk), at=at)
            for one in row.lectures.select_for_update(of=("self",)).filter(state="announced").order_by("id"):
                steps.move(one, "call_off", actor=SYSTEM, at=at)
        idempotency.note("lesson", pk)
        return row


def announce(pk: int, area_id: int, place: str, starts_at: datetime, *, by: Person) -> Lecture:
    """Announce a lecture (讲法) on a published lesson: where and when. Raises Missing; Refused 'hearing-invalid' …"""
    at = clock.now()
    plain = texts.clean_line(place, field="place", limit=numbers.of("hearing")["place_length"])
    ahead = numbers.of("hearing")["ahead_days"]
    if not at < starts_at <= at + timedelta(days=ahead):
        raise Refused("hearing-invalid", field="starts_at", days=ahead)
    with write():
        row = _kept(pk, by)
        if row.state != "published":
            raise Refused("case-wrong-state", state=row.state, move="announce")
        if not Area.objects.filter(pk=area_id, active=True).exists():
            raise Refused("area-unknown", field="area")
        lecture = Lecture(
            lesson=row, area_id=area_id, speaker=by, starts_at=starts_at, place=plain, announced_at=at,
            code=f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}",
            due_at=starts_at + numbers.minutes(Kind.LECTURE, "announced"),
        )  # fmt: skip
        steps.born(
            lecture,
            "lecture.announced",
            "announced",
            actor=actor(by.pk),
            at=at,
            lesson=pk,
            starts_at=starts_at,
        )
        idempotency.note("lecture", lecture.pk)
        return lecture


def _own_lecture(pk: int, by: Person) -> Lecture:
    found = Lecture.objects.filter(pk=pk).values_list("lesson_id", flat=True).first()
    if found is None:
        raise Missing
    _kept(found, by)
    return steps.locked(Lecture, pk)


def hold(pk: int, heads: int, *, by: Person) -> Lecture:
    """Say that a lecture was held, and how many heads were counted. Raises Missing; Refused 'heads-invalid', …"""
    at = clock.now()
    with write():
        lecture = _own_lecture(pk, by)
        if at < lecture.starts_at:
            raise Refused("hearing-not-yet")
        if not 0 <= heads <= numbers.of("lesson")["heads_most"]:
            raise Refused("heads-invalid", field="heads")
        lecture = steps.move(
            lecture, "hold", actor=actor(by.pk), at=at, sets={"heads": heads}, new={"heads": heads}
        )
        idempotency.note("lecture", pk)
        return lecture


def call_off(pk: int, *, by: Person) -> Lecture:
    """Call a lecture off; again answers the same. Raises Missing, Refused."""
    with write():
        lecture = _own_lecture(pk, by)
        if lecture.state != "cancelled":
            lecture = steps.move(lecture, "call_off", actor=actor(by.pk), at=clock.now())
        idempotency.note("lecture", pk)
        return lecture


def attend(pk: int, code: str, *, by: Person) -> Attendance:
    """Say that one is there, with the code that is read out; twice is the same. Raises Missing, Refused."""
    at = clock.now()
    with write():
        lecture = queries.lectures().filter(pk=pk).first()
        if lecture is None:
            raise Missing
        steps.refuse(rules.may_attend(lecture, at=at))
        if not secrets.compare_digest(lecture.code.encode(), code.strip().encode()):
            raise Refused("lecture-code-wrong", field="code")
        row, fresh = Attendance.objects.get_or_create(lecture=lecture, person=by, defaults={"at": at})
        if fresh:
            steps.note(lecture, "lecture.attended", actor=actor(by.pk), at=at)
        idempotency.note("attendance", row.pk)
        return row
