"""Photographs, films and the sharing card of achievements: taken in, and shown to whom they may be shown."""

import re
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.portal.shown import people
from xianfeng.doors.portal.shown import showcase as shown
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.attempt import attempt
from xianfeng.doors.portal.views.forms import page
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import problem
from xianfeng.matters import pictures
from xianfeng.recognition.showcase import cards, rules
from xianfeng.recognition.showcase.operations.pictures import film, take_in, video_path
from xianfeng.recognition.showcase.queries import achievements as queries

_YEAR = 365 * 86_400
FILES, KEYS = 9, 18
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_PIECE = 1 << 16


@require_POST
def photos(request: HttpRequest) -> HttpResponse:
    """Take one photograph in for its owner alone; answers its key and address, or a problem body."""
    person, file = getattr(request, "person", None), request.FILES.get("photo")
    if person is None:
        return problem(Refusal("sign-in-needed"))
    if file is None:
        return problem(Refusal("photo-unreadable", field="photo"))
    try:
        row = take_in(cast("BinaryIO", file), file.size or 0, by=person)
    except Refused as refused:
        return problem(refused.refusal)
    url = reverse("portal:achievement-photo", args=[row.key, "small"])
    return JsonResponse({"key": row.key, "url": url}, status=201)


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
    found = queries.picture_for(getattr(request, "person", None), key)
    path = pictures.path(found.key, size)
    if size not in pictures.SIZES or not default_storage.exists(path):
        raise Missing
    response = FileResponse(default_storage.open(path), content_type="image/jpeg")
    response["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload(request: SignedRequest, pk: int) -> HttpResponse:
    """Ask for a film; POST keeps it with an own achievement. One that is too big is refused before it is read."""
    row = queries.achievement_for(request.person, pk)
    if not rules.speaks(request.person, row.pioneer):
        raise Missing
    refusal = None
    if request.method == "POST":
        file = request.FILES.get("video")
        if file is None:
            refusal = Refusal("video-unreadable", "video")
        else:
            refusal = attempt(lambda: film(pk, cast("BinaryIO", file), file.size or 0, by=request.person))
        if refusal is None:
            return flash.say(HttpResponseRedirect(reverse("portal:achievement", args=[pk])), "saved")
    context = {"tab": "pioneers", "row": row, "megabytes": catalogue.load("showcase")["video"]["megabytes"]}
    return page(request, "portal/showcase/film.html", context, refusal)


@require_safe
def play(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a film, or the part of it that a player asks for."""
    row = queries.achievement_for(getattr(request, "person", None), pk)
    path = video_path(row.video_key)
    if not row.video_key or not default_storage.exists(path):
        raise Missing
    size, file = default_storage.size(path), default_storage.open(path)
    first, last = _part(request.headers.get("Range", ""), size)
    if (first, last) == (0, size - 1):
        response = FileResponse(file, content_type=row.video_type)
    else:
        file.seek(first)
        response = FileResponse(
            _bytes(cast("BinaryIO", file), last - first + 1), content_type=row.video_type, status=206
        )
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"], response["Accept-Ranges"] = str(last - first + 1), "bytes"
    response["Cache-Control"] = "private, max-age=86400"
    return response


def _part(asked: str, size: int) -> tuple[int, int]:
    """Return first and last byte of what `Range` asks for; everything where it asks nothing that can be had."""
    found = _RANGE.fullmatch(asked)
    if found is None or not any(found.groups()):
        return 0, size - 1
    begin, end = found.groups()
    if not begin:
        return max(0, size - int(end)), size - 1
    first, last = int(begin), min(int(end), size - 1) if end else size - 1
    return (first, last) if first <= last else (0, size - 1)


class _bytes:  # noqa: N801 - read as a function: so many bytes of a file
    """So many bytes of a file from where it stands, as FileResponse reads files."""

    def __init__(self, file: BinaryIO, count: int) -> None:
        self._file, self._left = file, count

    def read(self, size: int = _PIECE) -> bytes:
        """Return the next bytes."""
        piece = self._file.read(min(size if size > 0 else _PIECE, self._left))
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@require_safe
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the picture to be shared: what it is, whose, what it brought, and a code that leads here."""
    row = queries.achievement_for(None, pk)
    links = queries.chain_of(row)
    told = cards.Card(
        title=row.title, kind=shown.kind_name(row.kind), who=row.pioneer.name, where=people.where(row.area_id),
        seal=row.pioneer.organisation.seal, yuan=sum(link.yuan for link in links),
        address=request.build_absolute_uri(reverse("portal:achievement", args=[pk])),
    )  # fmt: skip
    response = HttpResponse(cards.drawn(told), content_type="image/png")
    response["Cache-Control"] = "public, max-age=3600"
    response["Content-Disposition"] = f'inline; filename="achievement-{pk}.png"'
    return response
