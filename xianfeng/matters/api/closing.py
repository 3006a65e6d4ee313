"""What was done, and what the one who asked says of it: report, rating, dispute, reopening, benefit."""

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import Plain, answered
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.matters import queries
from xianfeng.matters.api.routes import MOVED, move, router
from xianfeng.matters.api.shapes import Number, shown
from xianfeng.matters.api.taking import Why
from xianfeng.matters.operations import handling, rating


class Done(Schema):
    """What was done. `benefit_yuan` and `jobs` are claimed here, and count once they are verified."""

    report: str = Field(max_length=20_000, examples=["换了灯泡和开关，老人试过了"])
    helpers: str = Field(default="", max_length=2_000)
    benefit_yuan: int | None = Field(default=None, ge=-(2**62), le=2**62)
    jobs: int | None = Field(default=None, ge=-(2**31), le=2**31 - 1)
    benefit_kind: Plain = Field(
        default="income", max_length=8, description="income: more was earned; cost: less was spent."
    )


class Stars(Schema):
    """1 to 5 for each, and words. `benefit_confirmed`: the benefit that was claimed is true."""

    skill: int = Field(ge=1, le=5)
    attitude: int = Field(ge=1, le=5)
    speed: int = Field(ge=1, le=5)
    text: str = Field(default="", max_length=5_000)
    benefit_confirmed: bool = False


class Verified(Why):
    """Whether the benefit claimed is true; taking that back needs a reason."""

    verified: bool


@move("done", "Report it done")
def done(request: HttpRequest, number: Number, given: Done) -> HttpResponse:
    """Report a taken need done. The one who asked closes it, never the one who did it."""
    report = handling.Report(given.report, given.helpers, given.benefit_yuan, given.jobs, given.benefit_kind)
    return answered(shown(handling.report_done(number, report, by=asker(request))))


def _stars(given: Stars) -> rating.Stars:
    return rating.Stars(given.skill, given.attitude, given.speed, given.text, given.benefit_confirmed)


@move("rate", "Rate and close")
def rate(request: HttpRequest, number: Number, given: Stars) -> HttpResponse:
    """Rate what was done, by the requester alone, once; this closes the need."""
    return answered(shown(rating.rate(number, _stars(given), by=asker(request))))


@router.put("/matters/{number}/rating", response=MOVED, auth=SIGNED_IN, summary="Change the rating")
def change_rating(request: HttpRequest, number: Number, given: Stars) -> HttpResponse:
    """Change one's rating within the service's days."""
    rating.change_rating(number, _stars(given), by=asker(request))
    return answered(shown(queries.matter_for(asker(request), number)))


@move("dispute", "Say that it is not done")
def dispute(request: HttpRequest, number: Number, given: Why) -> HttpResponse:
    """Dispute a report, with a reason: back to the pioneer, the second time to staff."""
    return answered(shown(rating.dispute(number, by=asker(request), reason=given.reason)))


@move("reopen", "Reopen")
def reopen(request: HttpRequest, number: Number, given: Why) -> HttpResponse:
    """Reopen a closed need, once within the service's days, with a reason."""
    return answered(shown(rating.reopen(number, by=asker(request), reason=given.reason)))


@move("benefit", "Verify the benefit")
def verify_benefit(request: HttpRequest, number: Number, given: Verified) -> HttpResponse:
    """Say, as requester or staff, that the benefit claimed is true, or take that back."""
    rating.verify_benefit(number, by=asker(request), verified=given.verified, reason=given.reason)
    return answered(shown(queries.matter_for(asker(request), number)))
