"""An operation tried from a form: what it refuses is shown where it was asked; sent twice, it is done once."""

from collections.abc import Callable
from secrets import token_urlsafe

from xianfeng.doors.desk.views.access import SignedRequest
from xianfeng.foundation.kernel import idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused, Replayed


def new_key() -> str:
    """Return a key for the forms of one page: each form sent twice does its work once."""
    return token_urlsafe(18)


def attempt(request: SignedRequest, act: Callable[[], object]) -> Refusal | None:
    """Do `act` at most once for the key of its form; return why it was refused, None if it is done."""
    fields = [f"{name}={value}" for name in sorted(request.POST) for value in request.POST.getlist(name)]
    printed = idempotency.fingerprint(request.path, *fields)
    key = request.POST.get("key", "")
    own = f"{key[:40]}:{printed[:16]}" if key else None
    try:
        with idempotency.scope(f"desk:{request.person.pk}", own, printed):
            act()
    except (Missing, Replayed) as error:
        if isinstance(error, Missing):
            raise
    except Refused as refused:
        return refused.refusal
    return None
