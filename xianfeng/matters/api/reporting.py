"""What should not stand: anybody who can see it tells staff."""

from datetime import datetime
from http import HTTPStatus
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.matters import queries
from xianfeng.matters.api.routes import router
from xianfeng.matters.models import AbuseReport
from xianfeng.matters.operations import abuse


class Improper(Schema):
    """What should not stand, and why: a need by its number, a message or a rating by its id."""

    kind: Literal["matter", "message", "rating"]
    key: Plain = Field(max_length=24, examples=["261124-000042"])
    reason: Plain = Field(max_length=20, examples=["insult", "privacy", "advert", "false", "other"])
    text: str = Field(default="", max_length=5_000)


class ReportShown(Schema):
    """A report that was taken in. Who made it is not told to the other side."""

    id: int
    kind: str
    reason: str
    reported_at: datetime
    judged: bool


def _shown(report: AbuseReport) -> HttpResponse:
    return answered(
        ReportShown(
            id=report.pk, kind=report.kind, reason=report.reason, reported_at=report.reported_at,
            judged=report.judged_at is not None,
        ),
        HTTPStatus.CREATED,
    )  # fmt: skip


def _again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return _shown(queries.own_report(asker(request), subject_id))


@router.post(
    "/reports", response=answers(ReportShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED), auth=SIGNED_IN,
    summary="Report something improper", tags=["matters"],
)  # fmt: skip
@keyed(_again)
def report_abuse(request: HttpRequest, given: Improper) -> HttpResponse:
    """Tell staff that something should not stand; told again before it is judged, it is the same report."""
    told = abuse.report_abuse(given.kind, given.key, by=asker(request), reason=given.reason, text=given.text)
    return _shown(told)
