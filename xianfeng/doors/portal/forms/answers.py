"""Answers to a service's questions as a form sends them: 'q.fault', 'q.who.1.name'; photographs as files 'f.scene'."""

from collections.abc import Mapping
from typing import BinaryIO, cast

from django.http import HttpRequest

from xianfeng.foundation.kernel.refusals import Refusal, Refused
from xianfeng.foundation.people.models import Person
from xianfeng.matters.operations.photos import take_in

BEFORE, FILE = "q.", "f."
FILES = 12
Given = dict[str, list[str]]


def given(request: HttpRequest) -> Given:
    """Return the values that were typed, by the question's name."""
    return {
        name.removeprefix(BEFORE): [str(value) for value in values]
        for name, values in request.POST.lists()
        if name.startswith(BEFORE)
    }


def with_photos(
    request: HttpRequest, typed: Mapping[str, list[str]], by: Person
) -> tuple[Given, Refusal | None]:
    """Return the answers with the files that came along, taken in now; and why one of them was refused."""
    whole = {name: list(values) for name, values in typed.items()}
    named = [(name.removeprefix(FILE), one) for name, one in request.FILES.lists() if name.startswith(FILE)]
    files = [(name, file) for name, sent in named for file in sent]
    for name, file in files[:FILES]:
        try:
            key = take_in(cast("BinaryIO", file), file.size or 0, by=by).key
        except Refused as refused:
            return whole, Refusal(refused.refusal.code, name, refused.refusal.params)
        whole.setdefault(name, []).append(key)
    return whole, None
