"""Matters that run through posts: filed, handed over, up the ladder, handled, checked, evaluated."""

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import Plain, answered
from xianfeng.foundation.people.signed_in import asker
from xianfeng.matters import queries
from xianfeng.matters.api.routes import move
from xianfeng.matters.api.shapes import Number, shown
from xianfeng.matters.api.taking import Why
from xianfeng.matters.duties.operations import checking, handing, working
from xianfeng.matters.duties.operations.checking import Look


class Rung(Schema):
    """The rung of the ladder that is to have it, with its sector where it is a department, and why."""

    step: Plain = Field(max_length=40, examples=["community"])
    sector: Plain = Field(default="", max_length=30, examples=["water"])
    reason: Plain = Field(default="", max_length=200)
    urgent: bool | None = Field(
        default=None, description="Whether the shorter limit holds; as before, if not said."
    )


class Tried(Schema):
    """What was tried before it goes up."""

    tried: Plain = Field(max_length=500)


class Handled(Schema):
    """What was done, and keys of photographs of it."""

    report: Plain = Field(max_length=2000)
    photos: list[Plain] = Field(default=[], max_length=6)


class Seen(Schema):
    """What a checker saw on site: whether it is settled, where they stood, and the key of a photograph."""

    passed: bool
    text: Plain = Field(default="", max_length=500)
    lat: float | None = None
    lon: float | None = None
    datum: Plain = Field(default="wgs84", max_length=10)
    photo: Plain = Field(default="", max_length=32)


class Satisfied(Schema):
    """How satisfied the requester is, 1 to 5, and words."""

    satisfied: int = Field(ge=1, le=5)
    text: Plain = Field(default="", max_length=500)


@move("hand-over", "Hand to a post", tags=["posts"])
def hand_over(request: HttpRequest, number: Number, given: Rung) -> HttpResponse:
    """Hand a matter to a rung of its ladder, as who files or leads where it lies; that rung's clock begins."""
    matter = handing.hand_over(
        number, given.step, by=asker(request), sector=given.sector, reason=given.reason, urgent=given.urgent
    )
    return answered(shown(matter))


@move("escalate", "Take one step up", tags=["posts"])
def escalate(request: HttpRequest, number: Number, given: Tried) -> HttpResponse:
    """Take a matter one rung up by hand, saying what was tried."""
    return answered(shown(handing.escalate(number, by=asker(request), tried=given.tried)))


@move("send-back", "Send back to be handed over anew", tags=["posts"])
def send_back(request: HttpRequest, number: Number, given: Why) -> HttpResponse:
    """Send a matter back that is not one's business, with a reason."""
    return answered(shown(handing.send_back(number, by=asker(request), reason=given.reason)))


@move("pause", "Stop the clock", tags=["posts"])
def pause(request: HttpRequest, number: Number, given: Why) -> HttpResponse:
    """Stop the clock of a duty, with a reason."""
    return answered(shown(working.pause(number, by=asker(request), reason=given.reason)))


@move("resume", "Let the clock go on", tags=["posts"])
def resume(request: HttpRequest, number: Number) -> HttpResponse:
    """Let a stopped clock go on with what was left of it."""
    return answered(shown(working.resume(number, by=asker(request))))


@move("ask-time", "Ask for more time", tags=["posts"])
def ask_time(request: HttpRequest, number: Number, given: Why) -> HttpResponse:
    """Ask for more time, once; who hands over there grants it by extending."""
    return answered(shown(working.ask_time(number, by=asker(request), reason=given.reason)))


@move("list", "List", tags=["posts"])
def list_matter(request: HttpRequest, number: Number, given: Why) -> HttpResponse:
    """List a matter that cannot be settled now; it is watched, and its clock stands still."""
    return answered(shown(working.list_by_hand(number, by=asker(request), reason=given.reason)))


@move("handled", "Report back", tags=["posts"])
def handled(request: HttpRequest, number: Number, given: Handled) -> HttpResponse:
    """Report back what was done; another looks at it next."""
    matter = working.report_handled(number, given.report, by=asker(request), photos=given.photos)
    return answered(shown(matter))


@move("check", "Check on site and close", tags=["posts"])
def check(request: HttpRequest, number: Number, given: Seen) -> HttpResponse:
    """Say what was seen on site: closed, or back to the same post. Who handled it is refused."""
    look = Look(given.passed, given.text, given.lat, given.lon, given.datum, given.photo)
    return answered(shown(checking.check(number, look, by=asker(request))))


@move("evaluate", "Say how satisfied you are", tags=["posts"])
def evaluate(request: HttpRequest, number: Number, given: Satisfied) -> HttpResponse:
    """Say how satisfied one is with a matter that was closed, as who asked."""
    checking.evaluate(number, given.satisfied, by=asker(request), text=given.text)
    return answered(shown(queries.matter_for(asker(request), number)))


@move("take-up-again", "Have it taken up again", tags=["posts"])
def take_up_again(request: HttpRequest, number: Number, given: Why) -> HttpResponse:
    """Have a closed matter taken up again, once: the same post has it anew."""
    return answered(shown(checking.take_up_again(number, by=asker(request), reason=given.reason)))
