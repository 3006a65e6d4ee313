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
    try:
        with transaction.atomic(durable=True):
            idempotency.take()
            yield
    except BaseException:
        idempotency.reset_taken()  # the key went with the rest
        raise


@contextmanager
def write_beside() -> Iterator[None]:
    """Open a durable transaction that does not carry the request's idempotency key.

    For what must stay written when the operation itself is refused afterwards (a wrong try at a code).
    """
    with transaction.atomic(durable=True):
        yield
