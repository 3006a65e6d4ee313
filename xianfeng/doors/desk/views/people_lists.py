"""Lists of pioneers that staff send in: send one, see what would be done, correct its columns, have it taken in."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.desk.forms.recognising import organisation_in
from xianfeng.doors.desk.importing import keeping, reports, working
from xianfeng.doors.desk.models import PeopleList
from xianfeng.doors.desk.shown import lists as choices
from xianfeng.doors.desk.shown.people_list import shown
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.foundation.kernel import catalogue, keyring
from xianfeng.foundation.kernel.refusals import Missing, Refusal, status
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told

COLUMNS = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def people_lists(request: StaffRequest) -> HttpResponse:
    """Show the own lists, and take another one."""
    if request.method != "POST":
        return _lists(request)
    sent: list[PeopleList] = []
    refusal = attempt(request, lambda: sent.append(_send(request)))
    if refusal:
        return _lists(request, refusal)
    return _worked(sent[0]) if sent else redirect("desk:people-lists")


def _send(request: StaffRequest) -> PeopleList:
    organisation = request.POST.get("organisation", "")
    file = request.FILES.get("file")
    return keeping.send(
        getattr(file, "name", "") or "", _content(file), by=request.person, language=get_language() or "zh-hans",
        organisation_id=organisation_in(organisation, request.reach) if organisation else None,
    )  # fmt: skip


def _content(file: object) -> bytes:
    """Return what was sent, no more of it than tells that it is too much."""
    most = int(catalogue.load("desk")["people_list"]["megabytes"]) << 20
    return bytes(file.read(most + 1)) if isinstance(file, UploadedFile) else b""


def _worked(row: PeopleList) -> HttpResponse:
    """Do what waits with a short list at once, and lead to its page."""
    if working.is_short(row):
        working.work(row.pk)
    return redirect("desk:people-list", row.pk)


def _lists(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    organisations = choices.organisations(request.reach)
    context = {
        "tab": "pioneers", "rows": keeping.own(request.person)[:50], "key": new_key(),
        "organisations": organisations if len(organisations) > 1 else [], "typed": request.POST,
        "numbers": catalogue.load("desk")["people_list"],
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(request, "desk/people_lists.html", context, status=status(refusal.code) if refusal else 200)


@require_safe
@staff
def people_list(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one own list: where it is, its columns, what would be done or was done, what cannot be taken."""
    return _list(request, keeping.one_of(pk, by=request.person))


def _list(request: StaffRequest, row: PeopleList, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "tab": "pioneers", "row": row, "list": shown(row), "key": new_key(), "here": request.path,
        "errors": {"": told(refusal)} if refusal else {}, "hours": catalogue.load("desk")["people_list"]["hours"],
    }  # fmt: skip
    return page(request, "desk/people_list.html", context, status=status(refusal.code) if refusal else 200)


@require_POST
@staff
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what the columns are, and look again."""
    told_columns = {
        at: request.POST.get(f"c{at}", "")[:30] for at in range(COLUMNS) if f"c{at}" in request.POST
    }
    refusal = attempt(request, lambda: keeping.say_columns(pk, told_columns, by=request.person))
    row = keeping.one_of(pk, by=request.person)
    return _list(request, row, refusal) if refusal else _worked(row)


@require_POST
@staff
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """Have a list taken in, all of it or what can be."""
    partial = request.POST.get("partial") == "1"
    refusal = attempt(request, lambda: keeping.take(pk, partial=partial, by=request.person))
    row = keeping.one_of(pk, by=request.person)
    return _list(request, row, refusal) if refusal else _worked(row)


@require_POST
@staff
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Throw a list away."""
    keeping.drop(pk, by=request.person)
    return flash.say(redirect("desk:people-lists"), "list-dropped")


@require_safe
@staff
def rejects(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the lines that were rejected as a file to be corrected and sent again. Raises Missing."""
    row = PeopleList.objects.filter(owner=request.person, pk=pk, rejects_sealed__isnull=False).first()
    if row is None:
        raise Missing
    text = keyring.unseal(reports.PURPOSE, bytes(row.rejects_sealed or b""))
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="xianfeng-rejects-{row.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response
