"""What the map asks for: outlines, points, where needs and pioneers lie. Figures of plates stand in the board."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from xianfeng.doors.cockpit.shown import marks
from xianfeng.doors.cockpit.views.access import BoardRequest, within


@require_safe
@within
def ground(request: BoardRequest) -> HttpResponse:
    """Return the ground of a board and the clusters on it, as GeoJSON in WGS-84."""
    return JsonResponse(marks.marks(request.at))
