"""What the worker does for mediation: limits are enforced, dates reminded of, once, also after a day of being down."""

import logging
from datetime import timedelta

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.services.mediation import numbers
from xianfeng.services.mediation.models import Confirmation, Hearing, Living
from xianfeng.services.mediation.operations import confirming, hearings, limits

log = logging.getLogger(__name__)
BATCH = 500


def run() -> int:
    """Remind of what comes soon, then enforce what is due; return how many rows moved."""
    return remind() + enforce_limits()


def remind() -> int:
    """Remind of dates, and of the last days in which the court can be asked; each once."""
    now = clock.now()
    soon = now + timedelta(minutes=numbers.of("hearing")["remind_minutes"])
    dates = Hearing.objects.filter(state="planned", reminded_at=None, starts_at__gt=now, starts_at__lte=soon)
    last = now + timedelta(days=numbers.of("confirmation")["remind_days"])
    ending = Confirmation.objects.filter(state="open", reminded_at=None, until__gt=now, until__lte=last)
    done = sum(hearings.remind(pk) for pk in list(dates.order_by("id").values_list("id", flat=True)[:BATCH]))
    return done + sum(
        confirming.remind(pk) for pk in list(ending.order_by("id").values_list("id", flat=True)[:BATCH])
    )


def enforce_limits() -> int:
    """Enforce what is due now, each row in a transaction of its own; one that cannot be is passed by."""
    now, done = clock.now(), 0
    for model in limits.MODELS:
        last = 0
        due = model._default_manager.filter(due_at__lte=now).order_by("id")
        while found := list(due.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
            done += sum(_one(model, pk) for pk in found)
            last = found[-1]
    return done


def _one(model: type[Living], pk: int) -> int:
    try:
        return int(limits.enforce(model, pk))
    except Refused as refused:  # moved on between the list and the lock
        log.info("limit of %s %s no longer holds: %s", model.KIND, pk, refused)
    except Exception:
        log.exception("limit of %s %s could not be enforced; the others go on", model.KIND, pk)
    return 0
