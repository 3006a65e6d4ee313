"""The API of deputies: studios of an address, questions with the resident's word, answers on policy."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xianfeng.foundation.kernel import clock, cursors
from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.people.api import Cursor, Id
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.services.studios import calendars, queries, rules
from xianfeng.services.studios.models import Policy, Question, Studio
from xianfeng.services.studios.operations import asking
from xianfeng.services.studios.operations.asking import Order

router = Router(tags=["deputies"])
PAGE = 20


class StudioShown(Schema):
    """A studio: who keeps it as what, whom it serves. `rate`: the share who say they got an answer, null below 10."""

    id: int
    name: str
    keeper: str
    role: str
    constituency: str
    sector: str
    intro: str
    said: int
    rate: float | None
    hours: list[datetime] = Field(description="When the next office hours begin.")


class Studios(Schema):
    """Studios: those that serve a place, or those open to anyone."""

    items: list[StudioShown]


class QuestionAnswer(Schema):
    """One answer to a question."""

    text: str
    at: datetime


class QuestionShown(Schema):
    """A question. Private ones are told to their two sides alone; `who` is a public name but for them."""

    id: int
    studio: int
    state: str
    private: bool
    who: str
    text: str
    asked_at: datetime
    answers: list[QuestionAnswer]
    matter: str | None = Field(description="The number of the matter it was handed over as, for its keeper.")
    word: bool | None = Field(description="Did the resident say that they got an answer?")


class Questions(Schema):
    """One page, newest first."""

    items: list[QuestionShown]
    next: str | None


class QuestionAsked(Schema):
    """A question, in public or in private."""

    text: str = Field(max_length=5_000)
    private: bool = False


class AnswerWords(Schema):
    """An answer, or why a question is none for this studio."""

    text: str = Field(max_length=10_000)


class QuestionHanded(Schema):
    """What is handed to which organisation, in the representative's own words."""

    organisation: Id
    title: str = Field(max_length=500)
    text: str = Field(default="", max_length=5_000)


class AskersWord(Schema):
    """Whether the resident got an answer."""

    got: bool


class PolicyShown(Schema):
    """A question about policy with its answer."""

    id: int
    question: str
    answer: str
    studio: int
    published_at: datetime | None


class Policies(Schema):
    """One page, newest first."""

    items: list[PolicyShown]
    next: str | None


def _asker(request: HttpRequest) -> Person | None:
    person: Person | None = getattr(request, "person", None)
    return person


def _studios(rows: list[Studio]) -> dict[str, Any]:
    said, now = queries.responses(rows), clock.now()
    return {"items": [_studio(row, said[row.pk], now) for row in rows]}


def _studio(row: Studio, said: queries.Response, now: datetime) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "keeper": row.post.person.name, "role": row.post.role,
        "constituency": row.constituency.name if row.constituency else "", "sector": row.sector, "intro": row.intro,
        "said": said.said, "rate": said.rate,
        "hours": [start for start, _ in calendars.coming(list(row.hours.all()), now)[:6]],
    }  # fmt: skip


def _question(row: Question, by: Person | None) -> dict[str, Any]:
    keeps = rules.keeps(by, row.studio)
    return {
        "id": row.pk, "studio": row.studio_id, "state": row.state, "private": row.private,
        "who": row.asker.name if keeps else public_name(row.asker.name), "text": row.text, "asked_at": row.asked_at,
        "answers": [{"text": one.text, "at": one.at} for one in row.answers.all()],
        "matter": row.matter.number if keeps and row.matter else None, "word": row.word,
    }  # fmt: skip


def _paged(rows: "QuerySet[Any]", at: str, cursor: str | None, name: str) -> tuple[list[Any], str | None]:
    if place := cursors.unpack(name, cursor):
        instant = datetime.fromisoformat(place[0])
        rows = rows.filter(Q(**{f"{at}__lt": instant}) | Q(**{at: instant, "pk__lt": place[1]}))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], cursors.pack(name, [getattr(last, at).isoformat(), last.pk]) if last else None


@router.get("/studios", response=answers(Studios, READ), summary="Studios of a place")
def read_studios(
    request: HttpRequest, lat: float | None = None, lon: float | None = None, sector: Plain = ""
) -> HttpResponse:
    """Return the studios that serve a point (WGS-84 degrees; near a border those of both sides), or online ones."""
    rows = queries.online(sector) if lat is None or lon is None else queries.serving_point(lat, lon)
    return answered(_studios(list(rows.prefetch_related("hours")[:50])))


@router.get("/studios/{studio_id}", response=answers(StudioShown, ONE, READ), summary="One studio")
def read_studio(request: HttpRequest, studio_id: Id) -> HttpResponse:
    """Return one studio."""
    row = queries.studio_for(studio_id)
    return answered(_studio(row, queries.response(row), clock.now()))


@router.get(
    "/studios/{studio_id}/questions",
    response=answers(Questions, ONE, READ),
    summary="Public answers",
)
def read_public(request: HttpRequest, studio_id: Id, cursor: Cursor | None = None) -> HttpResponse:
    """Return the public questions of a studio that were answered."""
    row = queries.studio_for(studio_id)
    found, following = _paged(queries.public_questions(row), "asked_at", cursor, "studio-questions")
    return answered({"items": [_question(one, _asker(request)) for one in found], "next": following})


@router.get(
    "/me/questions", response=answers(Questions, SIGNED, READ), auth=SIGNED_IN, summary="Own questions"
)
def read_own(request: HttpRequest, cursor: Cursor | None = None) -> HttpResponse:
    """Return what the caller asked."""
    found, following = _paged(queries.asked_by(asker(request)), "asked_at", cursor, "own-questions")
    return answered({"items": [_question(one, asker(request)) for one in found], "next": following})


@router.get("/questions/{question_id}", response=answers(QuestionShown, ONE, READ), summary="One question")
def read_question(request: HttpRequest, question_id: Id) -> HttpResponse:
    """Return one question the caller may read."""
    return answered(_one(request, question_id))


def _one(request: HttpRequest, pk: int) -> dict[str, Any]:
    return _question(queries.question_for(_asker(request), pk), _asker(request))


def _made(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_one(request, subject_id), HTTPStatus.CREATED)


def _again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_one(request, subject_id))


@router.post(
    "/studios/{studio_id}/questions", auth=SIGNED_IN, summary="Ask a representative",
    response=answers(QuestionShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_made)
def ask(request: HttpRequest, studio_id: Id, given: QuestionAsked) -> HttpResponse:
    """Ask a representative, in public or in private."""
    row = asking.ask(studio_id, given.text, by=asker(request), private=given.private)
    return answered(_one(request, row.pk), HTTPStatus.CREATED)


CHANGED = answers(QuestionShown, SIGNED, ONE, READ, WRITE)


@router.post("/questions/{question_id}/answer", auth=SIGNED_IN, summary="Answer a question", response=CHANGED)
@keyed(_again)
def answer(request: HttpRequest, question_id: Id, given: AnswerWords) -> HttpResponse:
    """Answer a question, as the studio's keeper."""
    return answered(_one(request, asking.answer(question_id, given.text, by=asker(request)).pk))


@router.post(
    "/questions/{question_id}/decline", auth=SIGNED_IN, summary="Decline a question", response=CHANGED
)
@keyed(_again)
def decline(request: HttpRequest, question_id: Id, given: AnswerWords) -> HttpResponse:
    """Say why a question is none for this studio, as its keeper."""
    return answered(_one(request, asking.decline(question_id, given.text, by=asker(request)).pk))


@router.post(
    "/questions/{question_id}/hand-over",
    auth=SIGNED_IN,
    summary="Hand a question to a department",
    response=CHANGED,
)
@keyed(_again)
def hand_over(request: HttpRequest, question_id: Id, given: QuestionHanded) -> HttpResponse:
    """Hand what was asked to an organisation: a matter with its own clock."""
    order = Order(given.organisation, given.title, given.text)
    return answered(_one(request, asking.hand_over(question_id, order, by=asker(request)).pk))


@router.post(
    "/questions/{question_id}/word",
    auth=SIGNED_IN,
    summary="Give one's word",
    response=CHANGED,
)
@keyed(_again)
def give_word(request: HttpRequest, question_id: Id, given: AskersWord) -> HttpResponse:
    """Say, as who asked, whether one got an answer; a no sends it back."""
    return answered(_one(request, asking.give_word(question_id, given.got, by=asker(request)).pk))


@router.post(
    "/questions/{question_id}/withdraw", auth=SIGNED_IN, summary="Take a question back", response=CHANGED
)
@keyed(_again)
def withdraw(request: HttpRequest, question_id: Id) -> HttpResponse:
    """Take a question back, as who asked it."""
    return answered(_one(request, asking.withdraw(question_id, by=asker(request)).pk))


@router.get("/policy-answers", response=answers(Policies, READ), summary="Answers on policy")
def read_policies(request: HttpRequest, q: Plain = "", cursor: Cursor | None = None) -> HttpResponse:
    """Return published answers in which all of `q` occurs; two characters are enough."""
    found, following = _paged(queries.policies(q[:60]), "published_at", cursor, "policy-answers")
    return answered({"items": [_policy(one) for one in found], "next": following})


def _policy(row: Policy) -> dict[str, Any]:
    return {
        "id": row.pk, "question": row.question, "answer": row.answer, "studio": row.studio_id,
        "published_at": row.published_at,
    }  # fmt: skip
