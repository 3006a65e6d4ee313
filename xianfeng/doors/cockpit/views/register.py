"""The public register of algorithms: what suggests, ranks or decides here, from which data, and how to object."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xianfeng.doors.cockpit.shown import values
from xianfeng.foundation.kernel import catalogue

_SAID = ("purpose", "data", "object")


def entries() -> list[dict[str, Any]]:
    """Return the register in the reader's language, in its order."""
    end = "en" if values.english() else "zh"
    return [
        {**row, "key": code, "name": row[end], **{name: row[f"{name}_{end}"] for name in _SAID}}
        for code, row in catalogue.load("algorithms").items()
    ]


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """List every model and formula in use."""
    return render(request, "cockpit/algorithms.html", {"tab": "me", "entries": entries()})
