"""A question to a representative: asked, answered, handed to a department, and the resident's own word on it."""

from dataclasses import dataclass
from datetime import datetime

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import tree
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters.operations.handing import raised_for
from xianfeng.matters.operations.raising import Need
from xianfeng.services.studios import numbers, queries, rules, steps
from xianfeng.services.studios.models import Answer, AskedAfter, Question, Studio

SERVICE = "deputy-request"


@dataclass(frozen=True)
class Order:
    """What is handed to which organisation, in the representative's own words: those of the asker are not passed on.

    `lat`/`lon` (WGS-84 degrees): where it is; without them where the representative's post stands.
    """

    organisation_id: int
    title: str
    text: str = ""
    lat: float | None = None
    lon: float | None = None


def ask(studio_id: int, text: str, *, by: Person, private: bool) -> Question:
    """Ask a representative, in public (others read it once it is answered) or in private (nobody else ever does).

    Raises Missing; Refused 'studio-unkept', 'own-studio', 'text-missing', 'text-too-long'.
    """
    words = texts.clean_text(text, field="text", limit=numbers.table("question")["text_length"])
    at = clock.now()
    with write():
        studio = queries.studio_for(studio_id)
        steps.refuse(rules.may_ask(by, studio))
        row = Question(studio=studio, asker=by, text=words, private=private, asked_at=at)
        steps.born(row, "question.asked", actor=actor(by.pk), at=at, studio=studio.pk, private=private)
        idempotency.note("question", row.pk)
        return row


def answer(question_id: int, text: str, *, by: Person) -> Question:
    """Answer a question, as the studio's keeper. Raises Missing; Refused 'studio-wrong-state', 'text-missing'."""
    words = texts.clean_text(text, field="answer", limit=numbers.table("question")["answer_length"])
    at = clock.now()
    with write():
        row = steps.move(steps.kept_question(question_id, by), "answer", actor=actor(by.pk), at=at)
        Answer.objects.create(question=row, author=by, text=words, at=at)
        idempotency.note("question", row.pk)
        return row


def decline(question_id: int, reason: str, *, by: Person) -> Question:
    """Say that a question is none for this studio, with a reason its asker reads. Raises Missing, Refused."""
    words = texts.clean_line(reason, field="answer", limit=numbers.table("question")["reason_length"])
    at = clock.now()
    with write():
        row = steps.move(steps.kept_question(question_id, by), "decline", actor=actor(by.pk), at=at)
        Answer.objects.create(question=row, author=by, text=words, at=at)
        idempotency.note("question", row.pk)
        return row


def hand_over(question_id: int, given: Order, *, by: Person) -> Question:
    """Hand what was asked to a department: a matter with its own clock, raised by the representative.

    The asker is not named to the department. Raises Missing; Refused 'studio-wrong-state', and what raising and
    charging raise.
    """
    at = clock.now()
    with write():
        row = steps.kept_question(question_id, by)
        steps.refuse(rules.may_move("hand_over", row))
        lat, lon = _place(row.studio, given)
        need = Need(title=given.title, text=given.text, lat=lat, lon=lon, datum="wgs84", service=SERVICE)
        matter = raised_for(need, given.organisation_id, by=by, at=at, reason=row.studio.name)
        sets = {"matter_id": matter.pk, "organisation_id": given.organisation_id}
        new = {"matter": matter.number, "organisation": given.organisation_id}
        row = steps.move(row, "hand_over", actor=actor(by.pk), at=at, sets=sets, new=new)
        idempotency.note("question", row.pk)
        return row


def _place(studio: Studio, given: Order) -> tuple[float, float]:
    if given.lat is not None and given.lon is not None:
        return given.lat, given.lon
    for area in (tree.find(pk) for pk in reversed(studio.post.area.path)):
        if area.lat is not None and area.lon is not None:
            return area.lat, area.lon
    raise Refused("coordinates-invalid", field="lat")


def withdraw(question_id: int, *, by: Person) -> Question:
    """Take a question back, as who asked it; again answers the same. Raises Missing; Refused 'studio-wrong-state'."""
    at = clock.now()
    with write():
        row = _own(question_id, by)
        if row.state != "withdrawn":
            row = steps.move(row, "withdraw", actor=actor(by.pk), at=at)
        idempotency.note("question", row.pk)
        return row


def _own(question_id: int, by: Person) -> Question:
    row = steps.locked(Question, question_id)
    if row.asker_id != by.pk:
        raise Missing
    return row


def give_word(question_id: int, got: bool, *, by: Person) -> Question:
    """Say, as who asked, whether one got an answer; a no sends an answered question back to its representative.

    The same word again answers the same. Raises Missing; Refused 'studio-wrong-state'.
    """
    at = clock.now()
    with write():
        row = _own(question_id, by)
        steps.refuse(rules.may_give_word(row))
        if row.word is not got or (row.state == "answered" and got):
            row = _said(row, got=got, by=by, at=at)
        idempotency.note("question", row.pk)
        return row


def _said(row: Question, *, got: bool, by: Person, at: datetime) -> Question:
    sets, new = {"word": got, "word_at": at}, {"word": got}
    if row.state == "answered":
        return steps.move(row, "settle" if got else "deny", actor=actor(by.pk), at=at, sets=sets, new=new)
    record.change("question", row.pk, "question.word-given", actor=actor(by.pk), at=at, sets=sets, new=new)
    row.word, row.word_at = got, at
    return row


def pass_on(question_id: int, studio_id: int, *, by: Person) -> Question:
    """Give a waiting question to another studio: as its keeper, or as who leads there when nobody keeps the studio.

    A private question is passed on by nobody but its keeper. Raises Missing; Refused 'studio-unkept', 'own-studio',
    'studio-wrong-state'.
    """
    at = clock.now()
    with write():
        row = steps.locked(Question, question_id)
        if not (rules.keeps(by, row.studio) or _left_alone(row, by)):
            raise Missing
        if row.state != "asked":
            raise Refused("studio-wrong-state", state=row.state, move="pass_on")
        other = queries.studio_for(studio_id)
        steps.refuse(rules.may_ask(row.asker, other))
        sets = {"studio_id": other.pk, "due_at": steps.due(row.KIND, "asked", at), "listed": False}
        old, new = {"studio": row.studio_id}, {"studio": other.pk}
        record.change(
            "question", row.pk, "question.passed-on", actor=actor(by.pk), at=at, old=old, new=new, sets=sets
        )
        idempotency.note("question", row.pk)
        row.refresh_from_db(fields=["studio", "due_at", "listed"])
        return row


def _left_alone(row: Question, by: Person) -> bool:
    return not row.private and not rules.lives(row.studio.post) and rules.moderates(by, row.studio)


def hide(question_id: int, *, by: Person) -> Question:
    """Take a public question from the eyes of others, as who moderates the studio or keeps it. Raises Missing."""
    at = clock.now()
    with write():
        row = steps.locked(Question, question_id)
        if row.private or not (rules.keeps(by, row.studio) or rules.moderates(by, row.studio)):
            raise Missing
        if not row.hidden:
            record.change(
                "question", row.pk, "question.hidden", actor=actor(by.pk), at=at, sets={"hidden": True}
            )
            row.hidden = True
        idempotency.note("question", row.pk)
        return row


def ask_after(question_id: int) -> bool:
    """Ask whoever asked, on the days of the catalogue, whether they got an answer; each day once. As the house.

    Tells whether somebody was asked now. Two days that passed together (a worker long down) are one asking.
    """
    at = clock.now()
    with write():
        row = steps.locked(Question, question_id)
        days = queries.days_due(row, at)
        if not days:
            return False
        AskedAfter.objects.bulk_create([AskedAfter(question=row, day=day, at=at) for day in days])
        record.append("question", row.pk, "question.asked-after", actor=SYSTEM, at=at, new={"day": max(days)})
        return True
