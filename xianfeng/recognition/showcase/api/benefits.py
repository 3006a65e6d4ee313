"""What achievements brought: claimed, listed, judged."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.people.api import Id
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.recognition.showcase.api.routes import Judgement, asked_by, router
from xianfeng.recognition.showcase.models import Benefit
from xianfeng.recognition.showcase.operations import benefits
from xianfeng.recognition.showcase.operations.benefits import Claim
from xianfeng.recognition.showcase.queries import achievements as queries


class Claimed(Schema):
    """A benefit as it is claimed. `amount` is yuan, or a number of jobs."""

    kind: Plain = Field(max_length=20, description="income, cost or jobs")
    amount: int = Field(ge=-(2**53), le=2**53)
    beneficiary: Plain = Field(max_length=20, description="firm, person or public")
    text: str = Field(max_length=5_000, description="The evidence in words.")
    pictures: list[Plain] = Field(default=[], max_length=40)


class BenefitShown(Schema):
    """A benefit. Only verified income of firms and persons counts into the sum of income raised."""

    id: int
    state: str = Field(description="claimed, verified or refused")
    kind: str
    yuan: int | None
    jobs: int | None
    beneficiary: str
    achievement: int | None
    text: str
    claimed_at: datetime
    verified_at: datetime | None


class Benefits(Schema):
    """What one achievement brought, verified first."""

    items: list[BenefitShown]


def _shown(row: Benefit) -> dict[str, Any]:
    return {
        "id": row.pk, "state": row.state, "kind": row.kind, "yuan": row.yuan, "jobs": row.jobs, "text": row.text,
        "beneficiary": row.beneficiary, "achievement": row.achievement_id, "claimed_at": row.claimed_at,
        "verified_at": row.verified_at,
    }  # fmt: skip


@router.get(
    "/achievements/{achievement_id}/benefits",
    response=answers(Benefits, ONE, READ),
    summary="What it brought",
)
def read_benefits(request: HttpRequest, achievement_id: Id) -> HttpResponse:
    """Return the benefits of an achievement the caller may see, those refused apart."""
    row = queries.achievement_for(asked_by(request), achievement_id)
    return answered({"items": [_shown(one) for one in queries.benefits_of(row)]})


def _made(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_shown(queries.benefit_for(asker(request), subject_id)), HTTPStatus.CREATED)


def _again(request: HttpRequest, subject_id: int, *, benefit_id: int, **_: object) -> HttpResponse:
    return answered(_shown(queries.benefit_for(asker(request), benefit_id)))


@router.post(
    "/achievements/{achievement_id}/benefits", auth=SIGNED_IN, summary="Claim a benefit",
    response=answers(BenefitShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_made)
def claim(request: HttpRequest, achievement_id: Id, given: Claimed) -> HttpResponse:
    """Claim a benefit of an own published achievement, with evidence; staff verify it."""
    whole = Claim(given.kind, given.amount, given.beneficiary, given.text, given.pictures)
    return answered(_shown(benefits.claim(achievement_id, whole, by=asker(request))), HTTPStatus.CREATED)


@router.post(
    "/benefits/{benefit_id}/judge", auth=SIGNED_IN, summary="Verify a benefit, or not",
    response=answers(BenefitShown, SIGNED, ONE, READ, WRITE),
)  # fmt: skip
@keyed(_again)
def judge(request: HttpRequest, benefit_id: Id, given: Judgement) -> HttpResponse:
    """Say as who had it, or as staff, `verify`, or anything else (with a reason) that it is not true."""
    row = benefits.judge(
        benefit_id, by=asker(request), verified=given.decision == "verify", reason=given.reason
    )
    return answered(_shown(row))
