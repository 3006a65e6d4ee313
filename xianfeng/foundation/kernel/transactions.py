"""The one way in which an operation opens its durable transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from xianfeng.foundation.kernel import idempotency


@contextmanager
def write() -> Iterator[None]:
    """Open the operation's transaction; the request's idempotency key, if any, is committed with it.

    Raises Replayed when that key was committed before: nothing is done twice.
    """
    with transaction.atomic(durable=True):
        idempotency.take()
        yield
