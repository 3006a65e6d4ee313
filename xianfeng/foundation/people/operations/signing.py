"""Signing in and out: one-time codes, and the sessions they open."""

import hmac
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from xianfeng.foundation.kernel import catalogue, clock, idempotency, keyring
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write, write_beside
from xianfeng.foundation.people import mobiles, steps
from xianfeng.foundation.people.models import Person, Session, SignInCode
from xianfeng.foundation.people.senders import sender
from xianfeng.foundation.people.sessions import token_hash


def ask_code(mobile: str, *, address: str) -> str:
    """Send a one-time code to `mobile` and return it (the door shows it only in the demo).

    `address` is the network address that asks. Raises Refused 'mobile-invalid' or 'too-many-codes' (retry_seconds).
    """
    number, at = mobiles.normal(mobile), clock.now()
    rules = catalogue.load("people")["code"]
    code = _new_code(rules["digits"])
    with write():
        _within_limits(number, address, at)
        SignInCode.objects.create(
            mobile_hash=mobiles.found_by(number), code_hash=_code_hash(number, code),
            address_hash=keyring.keyed_hash("address", address), at=at,
            expires_at=at + timedelta(minutes=rules["minutes"]),
        )  # fmt: skip
    sender().send(number, code)
    return code


def _new_code(digits: int) -> str:
    """Return a code nobody can guess; a repeated request gets the one it got before."""
    again = idempotency.derived("code")
    drawn = int.from_bytes(again) if again else secrets.randbits(256)
    return f"{drawn % 10**digits:0{digits}d}"


def code_again() -> str:
    """Return the code that the request now repeated was answered with."""
    return _new_code(catalogue.load("people")["code"]["digits"])


def _code_hash(number: str, code: str) -> bytes:
    return keyring.keyed_hash("code", f"{number}:{code}")


def _within_limits(number: str, address: str, at: datetime) -> None:
    limits = catalogue.load("people")["demo_limits" if settings.DEMO else "limits"]
    steps.one_at_a_time("code", mobiles.lock_name(number), keyring.keyed_hash("address", address))
    recent = SignInCode.objects.filter(at__gt=at - timedelta(hours=1))
    mine = recent.filter(mobile_hash__in=mobiles.all_hashes(number))
    near = recent.filter(address_hash=keyring.keyed_hash("address", address))
    frees = [
        _room_again(mine, limits["codes_per_mobile_per_hour"], at),
        _room_again(near, limits["codes_per_address_per_hour"], at),
    ]
    if until := max(filter(None, frees), default=None):
        seconds = math.ceil((until - at).total_seconds())
        raise Refused(
            "too-many-codes", field="mobile", retry_seconds=seconds, minutes=math.ceil(seconds / 60)
        )


def _room_again(recent: QuerySet[SignInCode], limit: int, now: datetime) -> datetime | None:
    """Return when one more code is within `limit` again; None if it is now. A time ahead counts as now."""
    full = recent.order_by("-at").values_list("at", flat=True)[limit - 1 : limit]
    return next((min(at, now) + timedelta(hours=1) for at in full), None)


@dataclass(frozen=True)
class SignIn:
    """A new session: its token (shown once) and whose it is."""

    token: str
    person: Person


def sign_in(mobile: str, code: str, *, device: str = "", consent: str | None = None) -> SignIn:
    """Exchange a one-time code for a session. Raises Refused 'code-wrong' or 'code-ended'.

    A wrong try is counted in a transaction of its own, so that it stays counted.
    """
    number, at = mobiles.normal(mobile), clock.now()
    idempotency.look()
    row = _count_try(number, at)
    if row is None:
        raise Refused("code-ended", field="code")
    if not hmac.compare_digest(bytes(row.code_hash), _code_hash(number, code.strip())):
        raise Refused("code-wrong", field="code")
    with write():
        if not SignInCode.objects.filter(pk=row.pk, used_at=None).update(used_at=at):
            raise Refused("code-ended", field="code")
        # a code asked for earlier must not come back to life
        SignInCode.objects.filter(mobile_hash__in=mobiles.all_hashes(number), used_at=None).update(used_at=at)
        person = steps.find_or_join(number, at)
        if consent:
            steps.consent(person, consent, at)
        idempotency.note("person", person.id)
        return SignIn(steps.open_session(person, device, at), person)


def _count_try(number: str, at: datetime) -> SignInCode | None:
    """Count one try on the newest live code; None if there is none, or its tries are used up."""
    tries = catalogue.load("people")["code"]["tries"]
    with write_beside():
        live = SignInCode.objects.filter(
            mobile_hash__in=mobiles.all_hashes(number), used_at=None, expires_at__gt=at
        )
        row = live.select_for_update().order_by("-id").first()  # the clock may have been set back
        if row is None or row.tries >= tries:
            return None
        row.tries += 1
        row.save(update_fields=["tries"])
        return row


def open_demo_session(person_id: int) -> SignIn:
    """Open a session without a code, for the demo's one-tap sign-in. Raises Missing outside the demo."""
    if not settings.DEMO:
        raise Missing
    with write():
        person = Person.objects.filter(pk=person_id, left_at=None).first()
        if person is None:
            raise Missing
        return SignIn(steps.open_session(person, "demo", clock.now()), person)


def sign_out(token: str) -> None:
    """End the session of `token`; ending it twice is the same."""
    with write():
        Session.objects.filter(token_hash=token_hash(token), revoked_at=None).update(revoked_at=clock.now())


def end_session(session_id: int, *, by: Person) -> None:
    """End one of the own sessions; ending it twice is the same. Raises Missing for another's and for none alike."""
    with write():
        own = Session.objects.select_for_update().filter(pk=session_id, person=by).first()
        if own is None:
            raise Missing
        Session.objects.filter(pk=own.pk, revoked_at=None).update(revoked_at=clock.now())


def end_other_sessions(*, by: Person, keep_token: str) -> int:
    """End all sessions of `by` but the one in hand; return how many ended."""
    with write():
        others = Session.objects.filter(person=by, revoked_at=None).exclude(token_hash=token_hash(keep_token))
        return others.update(revoked_at=clock.now())
