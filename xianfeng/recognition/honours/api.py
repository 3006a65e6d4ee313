"""The API of honours: rounds, declaring, objecting, what staff do with a round, checking a certificate."""

from collections.abc import Callable
from datetime import date, datetime
from http import HTTPStatus
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router, Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.api import Id, PioneerNamed, pioneer_named
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.recognition.honours import certificates, choosing, eligibility, queries, titles
from xianfeng.recognition.honours.models import Candidacy, Round
from xianfeng.recognition.honours.operations import deciding, declaring, reviewing, rounds

router = Router(tags=["honours"])
MOST = 50


class RoundShown(Schema):
    """An award round. Declarations come from `opens_at` until before `closes_at`."""

    id: int
    name: str
    title: str = Field(description="In the caller's language.")
    level: str
    state: str = Field(description="open, review, ranked, notice or decided")
    since: date
    until: date
    opens_at: datetime
    closes_at: datetime
    notice_until: datetime | None


class RoundsShown(Schema):
    """The newest rounds, newest first, fifty at most."""

    items: list[RoundShown]


class Chosen(Schema):
    """Who was chosen: the rank, the total of 0 to 100."""

    candidacy: int
    pioneer: PioneerNamed
    rank: int | None
    total: float | None


class Weight(Schema):
    """What is judged, with its weight in hundredths."""

    label: str
    weight: int


class Share(Schema):
    """For whom there are places, in words, and how many."""

    of: str
    places: int


class RoundWhole(RoundShown):
    """A round with its rules in words, weights and places; `chosen` once the public notice runs."""

    rules: list[str]
    criteria: list[Weight]
    places: list[Share]
    chosen: list[Chosen]


class Declared(Schema):
    """Whom the caller declares, and a few words. The entries of the one file come along."""

    pioneer: Id
    statement: str = Field(default="", max_length=10_000)


class CandidacyShown(Schema):
    """A candidacy: declared, withdrawn, ineligible, admitted, selected, passed, excluded or honoured."""

    id: int
    round: int
    pioneer: int
    state: str
    how: str = Field(description="self, colleague or organisation")
    declared_at: datetime


class Moved(Schema):
    """What staff do with a round of theirs. `words`: the reason, for cancel, revise, and places that stay empty."""

    move: Literal["open", "close", "rank", "announce", "revise", "decide", "cancel"]
    words: str = Field(default="", max_length=1_000)


class Answered(Schema):
    """The answer to an objection; upheld, its candidate is out of the round."""

    text: str = Field(max_length=5_000)
    upheld: bool


class Objected(Schema):
    """What is wrong. Only the round's staff read who says so."""

    text: str = Field(max_length=5_000)


class ObjectionShown(Schema):
    """An objection that was filed."""

    id: int
    filed_at: datetime


class CheckShown(Schema):
    """What a certificate's code stands for."""

    stands: str = Field(description="valid, revoked or expired")
    pioneer: PioneerNamed
    title: str
    level: str
    giver: str
    since: datetime
    until: datetime | None
    revoked_reason: str


def _round(one: Round) -> dict[str, object]:
    language = get_language() or ""
    return {
        "id": one.pk, "name": one.name, "title": titles.title(one.title).name(language), "level": one.level,
        "state": one.state, "since": one.since, "until": one.until, "opens_at": one.opens_at,
        "closes_at": one.closes_at, "notice_until": one.notice_until,
    }  # fmt: skip


def _candidacy(one: Candidacy) -> CandidacyShown:
    return CandidacyShown(
        id=one.pk,
        round=one.round_id,
        pioneer=one.pioneer_id,
        state=one.state,
        how=one.how,
        declared_at=one.declared_at,
    )


@router.get("/honours/rounds", response=answers(RoundsShown, READ), summary="Award rounds")
def read_rounds(request: HttpRequest) -> HttpResponse:
    """Return the newest rounds that anybody may read of."""
    return answered({"items": [_round(one) for one in queries.public_rounds()[:MOST]]})


@router.get("/honours/rounds/{round_id}", response=answers(RoundWhole, ONE, READ), summary="One award round")
def read_round(request: HttpRequest, round_id: Id) -> HttpResponse:
    """Return a round with its rules, weights and places, and who was chosen once the notice runs."""
    one, language = queries.public_round(round_id), get_language() or ""
    quotas = one.quotas.select_related("organisation").order_by("id")
    whole = {
        "rules": [eligibility.rule_words(rule, language) for rule in one.rules.order_by("position")],
        "criteria": [{"label": row.label, "weight": row.weight} for row in one.criteria.order_by("position")],
        "places": [{"of": choosing.name(row), "places": row.places} for row in quotas],
        "chosen": [
            {"candidacy": row.pk, "pioneer": pioneer_named(row.pioneer), "rank": row.rank, "total": row.total}
            for row in queries.chosen_of(one)
        ],
    }  # fmt: skip
    return answered({**_round(one), **whole})


def _declared_again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_candidacy(Candidacy.objects.get(pk=subject_id)), HTTPStatus.CREATED)


@router.post(
    "/honours/rounds/{round_id}/candidacies", auth=SIGNED_IN, summary="Declare a pioneer",
    response=answers(CandidacyShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_declared_again)
def declare(request: HttpRequest, round_id: Id, given: Declared) -> HttpResponse:
    """Declare a pioneer: oneself, a colleague, or one of the caller's organisation."""
    row = declaring.declare(round_id, given.pioneer, by=asker(request), statement=given.statement)
    return answered(_candidacy(row), HTTPStatus.CREATED)


def _objected_again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    row = Candidacy.objects.get(pk=subject_id).objections.filter(by=asker(request)).order_by("-id")[0]
    return answered(ObjectionShown(id=row.pk, filed_at=row.filed_at), HTTPStatus.CREATED)


@router.post(
    "/honours/candidacies/{candidacy_id}/objections", auth=SIGNED_IN, summary="Object to a candidacy",
    response=answers(ObjectionShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_objected_again)
def object_to(request: HttpRequest, candidacy_id: Id, given: Objected) -> HttpResponse:
    """Object to somebody under public notice; every objection is answered before the decision."""
    row = deciding.object_to(candidacy_id, given.text, by=asker(request))
    return answered(ObjectionShown(id=row.pk, filed_at=row.filed_at), HTTPStatus.CREATED)


_MOVES: dict[str, Callable[[int, str, Person], Round]] = {
    "open": lambda pk, _, by: rounds.open_round(pk, by=by),
    "close": lambda pk, _, by: reviewing.close(pk, by=by),
    "rank": lambda pk, _, by: reviewing.rank(pk, by=by),
    "announce": lambda pk, words, by: deciding.announce(pk, by=by, short_reason=words),
    "revise": lambda pk, words, by: deciding.revise(pk, words, by=by),
    "decide": lambda pk, words, by: deciding.decide(pk, by=by, short_reason=words),
    "cancel": lambda pk, words, by: rounds.cancel(pk, words, by=by),
}


def _moved_again(_: HttpRequest, subject_id: int, **__: object) -> HttpResponse:
    return answered(_round(Round.objects.get(pk=subject_id)))


@router.post(
    "/honours/rounds/{round_id}/moves", auth=SIGNED_IN, summary="Move an award round on",
    response=answers(RoundShown, SIGNED, ONE, READ, WRITE),
)  # fmt: skip
@keyed(_moved_again)
def move(request: HttpRequest, round_id: Id, given: Moved) -> HttpResponse:
    """Open, close, rank, announce, revise, decide or cancel a round of the caller's organisation, as the desk does."""
    return answered(_round(_MOVES[given.move](round_id, given.words, asker(request))))


def _answered_again(_: HttpRequest, subject_id: int, **__: object) -> HttpResponse:
    return answered(_candidacy(Candidacy.objects.get(pk=subject_id)))


@router.post(
    "/honours/objections/{objection_id}/answer", auth=SIGNED_IN, summary="Answer an objection",
    response=answers(CandidacyShown, SIGNED, ONE, READ, WRITE),
)  # fmt: skip
@keyed(_answered_again)
def answer(request: HttpRequest, objection_id: Id, given: Answered) -> HttpResponse:
    """Answer an objection to a candidacy in a round of the caller's organisation, once; return the candidacy."""
    found = deciding.answer(objection_id, given.text, upheld=given.upheld, by=asker(request))
    return answered(_candidacy(Candidacy.objects.get(pk=found.candidacy_id)))


@router.get("/honours/check/{code}", response=answers(CheckShown, ONE, READ), summary="Check a certificate")
def check(request: HttpRequest, code: Plain) -> HttpResponse:
    """Return what the code of a certificate stands for: valid, revoked or expired."""
    found, language = certificates.check(code), get_language() or ""
    if found is None:
        raise Missing
    honour = found.honour
    return answered(CheckShown(
        stands=found.stands, pioneer=pioneer_named(honour.pioneer), title=titles.title(honour.title).name(language),
        level=honour.level, giver=certificates.giver(honour, language), since=honour.since, until=honour.until,
        revoked_reason=honour.revoked_reason,
    ))  # fmt: skip
