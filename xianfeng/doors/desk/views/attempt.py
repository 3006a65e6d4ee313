"""An operation tried from a form: what it refuses is shown where it was asked; sent twice, it is done once."""

import hashlib
from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any

from xianfeng.doors.desk.views.access import SignedRequest
from xianfeng.foundation.kernel import idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused, Replayed


def new_key() -> str:
    """Return a key for the forms of one page: each form sent twice does its work once."""
    return token_urlsafe(18)


def _digest(file: Any) -> str:
    """Return what tells one file from another: after a step back a page sends a second one under the same key."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def attempt(request: SignedRequest, act: Callable[[], object]) -> Refusal | None:
    """Do `act` at most once for the key of its form; return why it was refused, None if it is done."""
    fields = [f"{name}={value}" for name in sorted(request.POST) for value in request.POST.getlist(name)]
    fields += [f"{name}={_digest(file)}" for name, file in sorted(request.FILES.items())]
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
