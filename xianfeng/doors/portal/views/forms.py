"""A form tried once: what is refused is told at its field, with everything else kept."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xianfeng.doors.portal.forms.key import new_key
from xianfeng.doors.portal.views.access import SignedRequest
from xianfeng.doors.portal.views.attempt import once
from xianfeng.foundation.kernel import idempotency
from xianfeng.foundation.kernel.refusals import Refusal, status
from xianfeng.foundation.ui.refusals import told


def tried(request: SignedRequest, act: Callable[[], object]) -> Refusal | None:
    """Do `act` at most once for the key of the form; return why it was refused, None if it is done."""
    fields = [f"{name}={value}" for name in sorted(request.POST) for value in request.POST.getlist(name)]
    printed = idempotency.fingerprint(request.path, *fields)
    return once(act, by=request.person, key=request.POST.get("key", ""), print_of_form=printed)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    """Return a form's page, with what was refused and a fresh key."""
    given = {
        "errors": {refusal.field or "": told(refusal)} if refusal else {}, "key": new_key(), **context,
    }  # fmt: skip
    return render(request, template, given, status=status(refusal.code) if refusal else 200)
