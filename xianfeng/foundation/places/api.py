"""The API of places: the tree of areas, and which area a point lies in. All from memory."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router, Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, answered, answers
from xianfeng.foundation.places import datum, locate, queries
from xianfeng.foundation.places.models import Area

router = Router(tags=["places"])


class AreaShown(Schema):
    """An area: city, county, town, village, grid or micro_grid. Coordinates are WGS-84 degrees."""

    code: str
    level: str
    name: str
    full_name: str
    lat: float | None
    lon: float | None
    parent: str | None


class AreaList(Schema):
    """Areas."""

    items: list[AreaShown]


class Located(Schema):
    """Where a point lies, in WGS-84. `outside`: in no boundary of this city, the area is then the city.

    `approximate`: the town is the one whose point is nearest in the county.
    """

    lat: float
    lon: float
    area: AreaShown
    county: AreaShown | None
    town: AreaShown | None
    outside: bool
    approximate: bool


def _shown(area: Area) -> AreaShown:
    language = get_language() or ""
    above = queries.ancestors(area)
    return AreaShown(
        code=area.code, level=area.level, name=queries.name(area, language), lat=area.lat, lon=area.lon,
        full_name=queries.full_name(area, language), parent=above[-1].code if above else None,
    )  # fmt: skip


@router.get("/areas", response=answers(AreaList, ONE, READ), summary="Areas")
def list_areas(
    request: HttpRequest,
    parent: Annotated[str, Field(max_length=20, description="Code of the area whose parts are asked for.")] = "",
    words: Annotated[str, Field(max_length=60, description="Search by name, Chinese or English.")] = "",
) -> HttpResponse:  # fmt: skip
    """Return the areas directly below `parent` (the city, if not said), or those that answer `words`."""
    if words:
        return answered(AreaList(items=[_shown(area) for area in queries.search(words)]))
    above = queries.by_code(parent) if parent else queries.root()
    return answered(AreaList(items=[_shown(area) for area in queries.children(above)]))


@router.get("/areas/{code}", response=answers(AreaShown, ONE, READ), summary="One area")
def read_area(request: HttpRequest, code: str) -> HttpResponse:
    """Return one area."""
    return answered(_shown(queries.by_code(code)))


@router.get("/locate", response=answers(Located, READ), summary="Which area is this point in")
def locate_point(
    request: HttpRequest, lat: float, lon: float, datum: Annotated[str, Field(max_length=10)] = "wgs84"
) -> HttpResponse:
    """Return the area of a point, with its county and town."""
    return answered(_located(lat, lon, datum))


def _located(lat: float, lon: float, given: str) -> Located:
    lat, lon = datum.to_wgs84(lat, lon, given)
    place = locate.locate(lat, lon)
    return Located(
        lat=lat, lon=lon, area=_shown(place.area), county=_shown(place.county) if place.county else None,
        town=_shown(place.town) if place.town else None, outside=place.outside, approximate=place.approximate,
    )  # fmt: skip
