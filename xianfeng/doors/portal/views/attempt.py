"""An operation tried from a form: what it refuses is shown on the page that was being filled in."""

from collections.abc import Callable

from xianfeng.foundation.kernel import idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused, Replayed
from xianfeng.foundation.people.models import Person


def attempt(act: Callable[[], object]) -> Refusal | None:
    """Do `act`; return why it was refused, None if it was done. Missing goes on: it is no matter of the form."""
    try:
        act()
    except Missing:
        raise
    except Refused as refused:
        return refused.refusal
    return None


def once(act: Callable[[], object], *, by: Person, key: str, print_of_form: str) -> Refusal | None:
    """Do `act` as `attempt` does, at most once for the `key` of its form; sent again it is done already."""
    try:
        with idempotency.scope(f"form:{by.pk}", key[:60] or None, print_of_form):
            return attempt(act)
    except Replayed:
        return None
