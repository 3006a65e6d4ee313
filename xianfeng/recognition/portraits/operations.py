"""Asking for the portraits of a whole round as one archive."""

from django.db.models import QuerySet

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.recognition.honours import queries as honours
from xianfeng.recognition.portraits.models import Batch


def ask_batch(round_id: int, *, language: str, by: Person) -> Batch:
    """Ask for the portraits of a round that `by` runs; asked again while it is made, it is the same. Missing."""
    about = honours.run_by(by, round_id)
    with write():
        Person.objects.select_for_update().get(pk=by.pk)  # two taps must not both find none
        waiting = Batch.objects.filter(
            owner=by, round=about, language=language, done_at=None, failed_at=None
        ).first()
        return waiting or Batch.objects.create(owner=by, round=about, language=language, asked_at=clock.now())


def batches_of(by: Person, round_id: int) -> "QuerySet[Batch]":
    """Return what `by` asked for of a round, newest first."""
    return Batch.objects.filter(owner=by, round=round_id).order_by("-asked_at", "-id")
