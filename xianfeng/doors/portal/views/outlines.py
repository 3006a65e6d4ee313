"""What the map of the form asks for, once it is tapped: the counties' outlines, and the town of a point."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from shapely.geometry import mapping

from xianfeng.doors.portal.shown.asking import town_of
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.places import locate, tree
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Level
from xianfeng.foundation.ui.refusals import problem

_TOLERANCE = 0.002  # degrees: about 200 m, less than a pixel of the map as it opens
_DAY = 86_400


@require_safe
def counties(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Return the counties as GeoJSON, simplified; WGS-84."""
    response = JsonResponse(_outlines(tree.current().version, get_language() or ""))
    response["Cache-Control"] = f"public, max-age={_DAY}"
    return response


@lru_cache(maxsize=4)
def _outlines(version: int, language: str) -> dict[str, Any]:  # noqa: ARG001 - a new version is a new answer
    boundaries = tree.current().boundaries
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": area.code, "name": places.name(area, language)},
                "geometry": mapping(outline.simplify(_TOLERANCE)),
            }
            for area, outline in zip(boundaries.areas, boundaries.shapes, strict=True)
            if area.level == Level.COUNTY
        ],
    }


@require_safe
def area(request: HttpRequest) -> HttpResponse:
    """Return the town of a WGS-84 point: its code and full name, so that the form can choose it."""
    try:
        place = locate.locate(request.GET.get("lat", ""), request.GET.get("lon", ""))  # type: ignore[arg-type]
    except Refused as refused:
        return problem(refused.refusal)
    name = places.full_name(place.town or place.area, get_language() or "")
    return JsonResponse({"area": town_of(place.area), "name": name, "outside": place.outside})
