"""Photographs: sent one by one or with a form, and shown to whom they may be shown."""

from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.portal.shown.cards import photo_address
from xianfeng.doors.portal.views.access import SignedRequest
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.ui.refusals import problem
from xianfeng.matters import pictures, queries
from xianfeng.matters.operations.photos import take_in

_YEAR = 365 * 86_400
FILES, KEYS = 6, 12


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take one photograph in for its owner alone; answers its key and address, or a problem body."""
    person, file = getattr(request, "person", None), request.FILES.get("photo")
    if person is None:
        return problem(Refusal("sign-in-needed"))
    if file is None:
        return problem(Refusal("photo-unreadable", field="photo"))
    try:
        photo = take_in(cast("BinaryIO", file), file.size or 0, by=person)
    except Refused as refused:
        return problem(refused.refusal)
    return JsonResponse({"key": photo.key, "url": photo_address(photo.key)}, status=201)


def sent(request: SignedRequest) -> tuple[list[str], Refusal | None]:
    """Return the keys of a form's photographs: those sent before, and the files that came with it, taken in now."""
    keys = list(dict.fromkeys(key for key in request.POST.getlist("photos") if key))[:KEYS]
    for file in request.FILES.getlist("files")[:FILES]:
        try:
            keys.append(take_in(cast("BinaryIO", file), file.size or 0, by=request.person).key)
        except Refused as refused:
            return keys, Refusal(refused.refusal.code, "photos", refused.refusal.params)
    return keys, None


@require_safe
def photo(request: HttpRequest, key: str, size: str) -> HttpResponseBase:
    """Show a photograph in one of its sizes to who may see it."""
    found = queries.photo_for(getattr(request, "person", None), key)
    path = pictures.path(found.key, size)
    if size not in pictures.SIZES or not default_storage.exists(path):
        raise Missing
    response = FileResponse(default_storage.open(path), content_type="image/jpeg")
    response["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    return response
