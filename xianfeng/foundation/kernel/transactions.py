"""The one way in which an operation opens its durable transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

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
def write_at_once() -> Iterator[None]:
    """Open the transaction of an operation that writes with a single statement.

    Such a statement is a durable transaction by itself: it happens wholly or not at all, and is committed when it
    answers. Two round trips fewer, a fifth of a claim. With an idempotency key it is `write`, as the key is a second.
    """
    if idempotency.waits() or connection.in_atomic_block:
        with write():
            yield
    else:
        yield


@contextmanager
def write_beside() -> Iterator[None]:
    """Open a durable transaction that does not carry the request's idempotency key.

    For what must stay written when the operation itself is refused afterwards (a wrong try at a code).
    """
    with transaction.atomic(durable=True):
        yield
