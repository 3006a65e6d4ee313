"""The API of mediation: one's cases and what is said, signed and owed in them; lessons; checking an agreement."""

from datetime import date, datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.api import Id
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.services.mediation import papers, queries, rules
from xianfeng.services.mediation.models import Agreement, Case, Duty, Lesson, Talk
from xianfeng.services.mediation.operations import agreeing, confirming, keeping, opening, talking
from xianfeng.services.mediation.operations.opening import Claim, Named
from xianfeng.services.mediation.sealing import opened

router = Router(tags=["mediation"])
MOST = 50


class NamedGiven(Schema):
    """Somebody on a side: a name with a mobile number, or a verified firm."""

    name: str = Field(default="", max_length=200)
    mobile: str = Field(default="", max_length=40)
    firm: Id | None = None


class CaseGiven(Schema):
    """What a case is about and who stands on the other side."""

    service: str = Field(description="court-mediation or wage-dispute", max_length=40)
    title: str = Field(max_length=1_000)
    text: str = Field(default="", max_length=20_000)
    lat: float
    lon: float
    datum: str = Field(default="wgs84", max_length=10)
    firm: Id | None = Field(default=None, description="The caller speaks for this firm of theirs.")
    respondents: list[NamedGiven] = Field(max_length=100)
    others: list[NamedGiven] = Field(default=[], max_length=100)


class PartyShown(Schema):
    """A party: its side (applicant or respondent), what the case calls it, whether it agreed or left."""

    id: int
    side: str
    name: str
    consented: bool
    left: bool
    own: bool


class DutyShown(Schema):
    """What one party owes another: money in fen; 0 is something to be done that the text names."""

    id: int
    payer: int
    receiver: int
    amount_fen: int
    due_on: date
    state: str = Field(description="waiting, asked, paid, broken or replaced")


class AgreementShown(Schema):
    """The wording that counts. Sign it by its `digest`; `code` checks it once everybody has signed."""

    digest: str
    text: str
    amount_fen: int
    signed: list[int] = Field(description="The parties that have signed.")
    agreed_at: datetime | None
    code: str | None
    duties: list[DutyShown]


class CaseShown(Schema):
    """A case: opened, inviting, talking, agreed, broken, kept, failed, court, withdrawn or declined."""

    number: str
    service: str
    state: str
    title: str
    opened_at: datetime
    due_at: datetime | None


class CaseWhole(CaseShown):
    """A case with its sides, and to those who talk in it the agreement."""

    text: str
    mediator: str
    leads: bool
    parties: list[PartyShown]
    agreement: AgreementShown | None


class CasesShown(Schema):
    """The newest cases of the caller, fifty at most."""

    items: list[CaseShown]


class TalkGiven(Schema):
    """Something to say: to all, or apart with the mediator on the own side."""

    text: str = Field(max_length=20_000)
    channel: str = Field(default="all", max_length=12, description="all, applicant or respondent")


class TalkShown(Schema):
    """Something said that the caller may read."""

    id: int
    channel: str
    text: str
    own: bool
    said_at: datetime


class TalksShown(Schema):
    """What was said, oldest first."""

    items: list[TalkShown]


class SignGiven(Schema):
    """The digest of the wording that was read."""

    digest: str = Field(max_length=64)


class LessonShown(Schema):
    """What a case teaches, without anybody who can be known."""

    id: int
    title: str
    text: str
    published_at: datetime | None


class LessonsShown(Schema):
    """The newest lessons, fifty at most."""

    items: list[LessonShown]


class AgreementCheck(Schema):
    """What the code of an agreement stands for: no name and no sum."""

    state: str = Field(description="in-force, kept, broken, replaced or ended")
    agreed_at: datetime
    signatures: int
    digest: str
    paper_sha256: str
    confirmed: bool


def _case(one: Case) -> dict[str, object]:
    return {
        "number": one.matter.number, "service": one.matter.service_code, "state": one.state, "title": one.matter.title,
        "opened_at": one.opened_at, "due_at": one.due_at,
    }  # fmt: skip


def _whole(case: Case, by: Person) -> dict[str, object]:
    row = queries.agreement(case, by=by)
    parties = [
        {
            "id": one.pk, "side": one.side, "name": papers.called(one), "consented": one.consented_at is not None,
            "left": one.left_at is not None, "own": rules.speaks(by, one),
        }
        for one in case.parties.all()
    ]  # fmt: skip
    return {
        **_case(case), "text": case.matter.text, "mediator": case.mediator.name if case.mediator else "",
        "leads": rules.leads(by, case), "parties": parties, "agreement": _agreement(row) if row else None,
    }  # fmt: skip


def _agreement(row: Agreement) -> dict[str, object]:
    return {
        "digest": row.digest, "text": opened(row.text_sealed), "amount_fen": row.amount_fen,
        "signed": sorted(one.party_id for one in row.signatures.all()), "agreed_at": row.agreed_at,
        "code": row.code if row.agreed_at else None, "duties": [_duty(one) for one in row.duties.all()],
    }  # fmt: skip


def _duty(one: Duty) -> dict[str, object]:
    return {
        "id": one.pk, "payer": one.payer_id, "receiver": one.receiver_id, "amount_fen": one.amount_fen,
        "due_on": one.due_on, "state": one.state,
    }  # fmt: skip


def _talk(one: Talk, by: Person) -> dict[str, object]:
    text = opened(one.text_sealed)
    return {
        "id": one.pk,
        "channel": one.channel,
        "text": text,
        "own": one.author_id == by.pk,
        "said_at": one.said_at,
    }


@router.get("/cases", auth=SIGNED_IN, response=answers(CasesShown, SIGNED, READ), summary="One's own cases")
def read_cases(request: HttpRequest) -> HttpResponse:
    """Return the caller's cases, as a party or as the mediator, newest first."""
    return answered({"items": [_case(one) for one in queries.mine(asker(request))[:MOST]]})


def _named(given: list[NamedGiven]) -> list[Named]:
    return [Named(one.name, one.mobile, one.firm) for one in given]


def _case_again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    case = queries.visible_to(asker(request)).filter(pk=subject_id).first()
    if case is None:
        raise Missing
    return answered(_whole(case, asker(request)), HTTPStatus.CREATED)


@router.post(
    "/cases", auth=SIGNED_IN, summary="Open a case",
    response=answers(CaseWhole, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_case_again)
def open_case(request: HttpRequest, given: CaseGiven) -> HttpResponse:
    """Ask for mediation: the other side is told, and a mediator whom nothing keeps out leads it."""
    claim = Claim(
        title=given.title, text=given.text, lat=given.lat, lon=given.lon, datum=given.datum, service=given.service,
        firm_id=given.firm, respondents=_named(given.respondents), others=_named(given.others),
    )  # fmt: skip
    return answered(_whole(opening.open_case(claim, by=asker(request)), asker(request)), HTTPStatus.CREATED)


@router.get(
    "/cases/{number}", auth=SIGNED_IN, response=answers(CaseWhole, SIGNED, ONE, READ), summary="One case"
)
def read_case(request: HttpRequest, number: Plain) -> HttpResponse:
    """Return a case to its parties, its mediator, and (without its agreement) staff of its area."""
    return answered(_whole(queries.case_for(asker(request), number), asker(request)))


def _moved_again(request: HttpRequest, subject_id: int, number: str, **_: object) -> HttpResponse:
    return answered(_whole(queries.case_for(asker(request), number), asker(request)))


_MOVED = answers(CaseWhole, SIGNED, ONE, READ, WRITE)


@router.post("/cases/{number}/consent", auth=SIGNED_IN, response=_MOVED, summary="Agree to mediation")
@keyed(_moved_again)
def consent(request: HttpRequest, number: Plain) -> HttpResponse:
    """Agree to talk; the last yes begins the talks."""
    opening.consent(number, by=asker(request))
    return _moved_again(request, 0, number)


@router.post("/cases/{number}/leave", auth=SIGNED_IN, response=_MOVED, summary="Say no, or go out of a case")
@keyed(_moved_again)
def leave(request: HttpRequest, number: Plain) -> HttpResponse:
    """Go out of a case; the last one of a side ends it."""
    opening.leave(number, by=asker(request))
    return _moved_again(request, 0, number)


@router.post("/cases/{number}/sign", auth=SIGNED_IN, response=_MOVED, summary="Sign the agreement")
@keyed(_moved_again)
def sign(request: HttpRequest, number: Plain, given: SignGiven) -> HttpResponse:
    """Sign the wording of this digest; the last signature puts it into force."""
    agreeing.sign(number, given.digest, by=asker(request))
    return _moved_again(request, 0, number)


@router.post("/cases/{number}/ask-court", auth=SIGNED_IN, response=_MOVED, summary="Ask the court to confirm")
@keyed(_moved_again)
def ask_court(request: HttpRequest, number: Plain) -> HttpResponse:
    """Ask the court to confirm the agreement; it goes there once every party has asked."""
    confirming.ask(number, by=asker(request))
    return _moved_again(request, 0, number)


@router.get(
    "/cases/{number}/talks", auth=SIGNED_IN, response=answers(TalksShown, SIGNED, ONE, READ), summary="Talks"
)
def read_talks(request: HttpRequest, number: Plain) -> HttpResponse:
    """Return what was said that the caller may read: never what the other side said apart."""
    person = asker(request)
    case = queries.case_for(person, number)
    return answered({"items": [_talk(one, person) for one in queries.talks(case, by=person)]})


def _said_again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    row = Talk.objects.filter(pk=subject_id, author=asker(request)).first()
    if row is None:
        raise Missing
    return answered(_talk(row, asker(request)), HTTPStatus.CREATED)


@router.post(
    "/cases/{number}/talks", auth=SIGNED_IN, summary="Say something",
    response=answers(TalkShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_said_again)
def say(request: HttpRequest, number: Plain, given: TalkGiven) -> HttpResponse:
    """Say something to all, or apart with the mediator."""
    row = talking.say(number, given.text, by=asker(request), channel=given.channel)
    return answered(_talk(row, asker(request)), HTTPStatus.CREATED)


def _duty_again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_duty(queries.duty_for(asker(request), subject_id)))


_OWED = answers(DutyShown, SIGNED, ONE, READ, WRITE)


@router.post("/duties/{duty_id}/confirm", auth=SIGNED_IN, response=_OWED, summary="Confirm that it came")
@keyed(_duty_again)
def confirm(request: HttpRequest, duty_id: Id) -> HttpResponse:
    """Confirm, as who receives, that what was promised came."""
    return answered(_duty(keeping.confirm(duty_id, by=asker(request))))


@router.post("/duties/{duty_id}/deny", auth=SIGNED_IN, response=_OWED, summary="Say that it did not come")
@keyed(_duty_again)
def deny(request: HttpRequest, duty_id: Id) -> HttpResponse:
    """Say, as who receives and after its day, that what was promised did not come."""
    return answered(_duty(keeping.deny(duty_id, by=asker(request))))


def _lesson(one: Lesson) -> dict[str, object]:
    return {"id": one.pk, "title": one.title, "text": one.text, "published_at": one.published_at}


@router.get("/lessons", response=answers(LessonsShown, READ), summary="What cases teach")
def read_lessons(request: HttpRequest) -> HttpResponse:
    """Return the newest lessons; nobody in them can be known."""
    return answered({"items": [_lesson(one) for one in queries.lessons()[:MOST]]})


@router.get(
    "/agreements/check/{code}", response=answers(AgreementCheck, ONE, READ), summary="Check an agreement"
)
def check(request: HttpRequest, code: Plain) -> HttpResponse:
    """Return what the code of an agreement stands for, to anybody."""
    row = queries.by_code(code)
    if row is None or row.agreed_at is None:
        raise Missing
    stands = "replaced" if row.replaced_at else {"agreed": "in-force", "kept": "kept", "broken": "broken"}.get(
        row.case.state, "ended"
    )  # fmt: skip
    confirmation = getattr(row, "confirmation", None)
    return answered(AgreementCheck(
        state=stands, agreed_at=row.agreed_at, signatures=row.signatures.count(), digest=row.digest,
        paper_sha256=row.paper_hash, confirmed=confirmation is not None and confirmation.state == "confirmed",
    ))  # fmt: skip
