"""Portraits on the desk: of pioneers, of candidates, also who are no pioneers yet; and all of a round as one file."""

from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.doors.desk.views.pioneers import one_of
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.ui.refusals import told
from xianfeng.recognition.honours import queries as honours
from xianfeng.recognition.portraits import operations, paper, shown
from xianfeng.recognition.portraits.models import Batch
from xianfeng.recognition.portraits.queries import fields, portraits

ROUNDS = 30  # the newest to choose from


def _held(request: StaffRequest) -> list[int | None]:
    return [None] if request.reach.organisations is None else [*request.reach.organisations]


def _of_pioneer(request: StaffRequest, pk: int) -> dict[str, Any]:
    return shown.portrait(portraits.of_pioneer(one_of(request, pk)), inside=True)


def _of_candidacy(request: StaffRequest, pk: int) -> dict[str, Any]:
    row = portraits.candidacies_within(request.person, held=_held(request)).filter(pk=pk).first()
    if row is None:
        raise Missing
    return shown.candidate(row, fields.field_of(row.round, getattr(row, "declared", 0)))


def _of_file(request: StaffRequest, pk: int) -> dict[str, Any]:
    """Show somebody's file; with ?round= beside the field of a round the reader runs."""
    found = portraits.of_dossier(request.person, pk)
    rounds = list(honours.rounds_run_by(request.person, _held(request)).exclude(state="cancelled")[:ROUNDS])
    chosen = request.GET.get("round", "")
    about = next((one for one in rounds if str(one.pk) == chosen), None)
    if chosen and about is None:
        raise Missing
    beside = {"rounds": rounds, "chosen": chosen}
    if about is None:
        return shown.portrait(found, inside=True) | beside
    declared = about.candidacies.exclude(state="withdrawn").count()
    return shown.of_file(found, fields.field_of(about, declared)) | beside


_KINDS = {"pioneer": _of_pioneer, "candidacy": _of_candidacy, "file": _of_file}


@require_safe
@staff
def show(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """Show one portrait within reach."""
    if kind not in _KINDS:
        raise Missing
    context = {"tab": "honours", "of": kind, "pk": pk, **_KINDS[kind](request, pk)}
    return page(request, "desk/portrait.html", context)


@require_safe
@staff
def take(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """Give the same as a paper to print."""
    if kind not in _KINDS:
        raise Missing
    return paper.answer(paper.printed(_KINDS[kind](request, pk)), f"portrait-{kind}-{pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def of_round(request: StaffRequest, pk: int) -> HttpResponse:
    """List a round's candidates with their portraits; ask for all of them as one file, and see how far it is."""
    about, errors = honours.run_by(request.person, pk, _held(request)), {}
    if request.method == "POST":
        language = shown.language()
        refusal = attempt(request, lambda: operations.ask_batch(pk, language=language, by=request.person))
        if refusal is None:
            return redirect("desk:round-portraits", pk)
        errors = {"": told(refusal)}
    rows = portraits.candidacies_within(request.person, pk, _held(request))
    context = {
        "tab": "honours", "about": about, "rows": rows[: portraits.numbers()["listed"]], "errors": errors,
        "batches": [(one, _ends(one)) for one in operations.batches_of(request.person, pk)[:10]], "key": new_key(),
    }  # fmt: skip
    return page(request, "desk/round_portraits.html", context)


def _ends(batch: Batch) -> object:
    return batch.done_at + timedelta(days=portraits.numbers()["batch_days"]) if batch.done_at else None


@require_safe
@staff
def fetch(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Give a file to who asked for it. Raises Missing for another's, an ended one, and none alike."""
    row = Batch.objects.filter(owner=request.person, deleted_at=None, done_at__isnull=False, pk=pk).first()
    ends = _ends(row) if row else None
    if row is None or ends is None or ends <= clock.now() or not default_storage.exists(row.path):  # type: ignore[operator]
        raise Missing
    response = FileResponse(default_storage.open(row.path), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="portraits-{row.round_id}.zip"'
    return response
