"""Photographs of matters within reach, those of messages too: staff judge what was sent."""

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.views.decorators.http import require_safe

from xianfeng.doors.desk.views.access import StaffRequest, staff
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.matters import pictures
from xianfeng.matters.models import Photo


@require_safe
@staff
def photo(request: StaffRequest, key: str, size: str) -> FileResponse:
    """Show a photograph in one of its sizes."""
    found = Photo.objects.filter(request.reach.matters("matter__"), key=key, matter__isnull=False).first()
    if found is None or size not in pictures.SIZES:
        raise Missing
    path = pictures.path(found.key, size)
    if not default_storage.exists(path):
        raise Missing
    response = FileResponse(default_storage.open(path), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    return response
