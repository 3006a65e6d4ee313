"""Lists as files: short ones at once, long ones by the worker, behind a link for their owner alone."""

import tempfile
from datetime import timedelta

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk import operations
from xianfeng.doors.desk.exporting import csvs, sheets, tables
from xianfeng.doors.desk.models import Export
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.ui import flash

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

WRITE = {"csv": csvs.write, "xlsx": sheets.write}


@require_POST
@staff
def export(request: StaffRequest, kind: str) -> HttpResponseBase:
    """Give a list as a file, or let the worker make it where it is long."""
    file_format, query = request.POST.get("format", ""), request.POST.get("query", "")[:400]
    if kind not in tables.TABLES or file_format not in FORMATS:
        raise Missing
    rows, language = tables.rows(kind, request.reach, query), get_language() or "zh-hans"
    most = catalogue.load("desk")["export"]["at_once_rows"]
    if rows.order_by().values("pk")[: most + 1].count() > most:
        operations.ask_export(kind, query, file_format=file_format, language=language, by=request.person)
        return flash.say(redirect("desk:exports"), "exporting")
    return _named(_at_once(request, kind, query, file_format, language), kind, file_format)


def _at_once(
    request: StaffRequest, kind: str, query: str, file_format: str, language: str
) -> HttpResponseBase:
    """Answer with the file. It is written before it is sent: nobody's words leave before that is on their record."""
    file, told_of = tempfile.TemporaryFile(), set[int]()  # noqa: SIM115 - the response closes it
    found = tables.cells(kind, tables.rows(kind, request.reach, query), told_of)
    count = WRITE[file_format](file, tables.heads(kind), found)
    file.seek(0)
    operations.note_export(
        kind,
        query,
        file_format=file_format,
        language=language,
        rows=count,
        told_of=told_of,
        by=request.person,
    )
    return FileResponse(file)


def _named(response: HttpResponseBase, kind: str, file_format: str) -> HttpResponseBase:
    response["Content-Type"] = FORMATS[file_format]
    response["Content-Disposition"] = (
        f'attachment; filename="xianfeng-{kind}-{clock.now():%Y%m%d-%H%M}.{file_format}"'
    )
    return response


@require_safe
@staff
def exports(request: StaffRequest) -> HttpResponseBase:
    """List the own exports, newest first."""
    rows = Export.objects.filter(owner=request.person).order_by("-asked_at", "-id")[:50]
    context = {"tab": "exports", "rows": [(row, _ends(row)) for row in rows]}
    return page(request, "desk/exports.html", context)


def _ends(row: Export) -> object:
    days = timedelta(days=catalogue.load("desk")["export"]["days"])
    return row.done_at + days if row.done_at else None


@require_safe
@staff
def fetch(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Give a file that the worker made to its owner. Raises Missing for another's, an ended one, and none alike."""
    days = timedelta(days=catalogue.load("desk")["export"]["days"])
    own = Export.objects.filter(
        owner=request.person, deleted_at=None, done_at__gt=clock.now() - days
    ).exclude(path="")
    row = own.filter(pk=pk).first()
    if row is None or not default_storage.exists(row.path):
        raise Missing
    return _named(FileResponse(default_storage.open(row.path)), row.kind, row.format)
