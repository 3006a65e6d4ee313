"""The figures of the showcase, by county and year."""

from dataclasses import asdict
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, answered, answers
from xianfeng.foundation.places import queries as areas
from xianfeng.recognition.showcase.api.routes import AreaCode, router
from xianfeng.recognition.showcase.queries.figures import Asked, figures


class FiguresShown(Schema):
    """Whole numbers; `benefit_yuan` is verified income raised of firms and persons, from `benefits` rows."""

    solved: int = Field(description="Open needs that a pioneer took and settled.")
    benefit_yuan: int
    benefits: int
    achievements: int
    bookings: int
    lives: int
    views: int
    feedback: int
    problems: int
    settled: int
    satisfied: int


@router.get("/figures", response=answers(FiguresShown, ONE, READ), summary="Figures of the showcase")
def read_figures(
    request: HttpRequest, area: AreaCode = "", year: Annotated[int | None, Field(ge=2000, le=2100)] = None
) -> HttpResponse:
    """Return what it all came to, of an area and a year of the city's calendar."""
    return answered(asdict(figures(Asked(areas.by_code(area) if area else None, year))))
