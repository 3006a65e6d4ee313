"""What staff do with a need: file, merge, assign, extend, hand over. Declining stands in taking.py."""

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import Plain, answered
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.api import Id
from xianfeng.foundation.people.signed_in import asker
from xianfeng.matters.api.routes import move
from xianfeng.matters.api.shapes import Number, shown
from xianfeng.matters.api.taking import Why
from xianfeng.matters.operations import staff


class Survivor(Schema):
    """The number of the need that lives on."""

    survivor: Plain = Field(max_length=24)


class Assigned(Schema):
    """The pioneer who is to do it."""

    pioneer: Id


class Handed(Why):
    """The code of the organisation that is to have it in charge, and why."""

    organisation: Plain = Field(max_length=40, examples=["women-330502"])


@move("file", "File (staff)", tags=["staff"])
def file_matter(request: HttpRequest, number: Number) -> HttpResponse:
    """File a raised need: from now on pioneers may grab it."""
    return answered(shown(staff.file_matter(number, by=asker(request))))


@move("merge", "Merge (staff)", tags=["staff"])
def merge(request: HttpRequest, number: Number, given: Survivor) -> HttpResponse:
    """Merge a need into another that lives on."""
    return answered(shown(staff.merge(number, given.survivor, by=asker(request))))


@move("assign", "Assign (staff)", tags=["staff"])
def assign(request: HttpRequest, number: Number, given: Assigned) -> HttpResponse:
    """Put a need into the hands of a pioneer, by the same rules as a claim."""
    return answered(shown(staff.assign(number, given.pioneer, by=asker(request))))


@move("extend", "Extend the limit (staff)", tags=["staff"])
def extend(request: HttpRequest, number: Number, given: Why) -> HttpResponse:
    """Give a running limit more time, once, with a reason."""
    return answered(shown(staff.extend(number, by=asker(request), reason=given.reason)))


@move("transfer", "Hand over (staff)", tags=["staff"])
def transfer(request: HttpRequest, number: Number, given: Handed) -> HttpResponse:
    """Hand a need over to another organisation, with a reason; it stands in that one's queue from now on."""
    organisation = people.organisation_of(given.organisation)
    return answered(shown(staff.transfer(number, organisation, by=asker(request), reason=given.reason)))
