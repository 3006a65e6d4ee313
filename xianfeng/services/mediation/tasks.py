"""What the worker does for mediation: limits are enforced, dates reminded of, once, also after a day of being down."""

from datetime import timedelta
from functools import partial

from xianfeng.foundation.kernel import clock, due
from xianfeng.services.mediation import numbers
from xianfeng.services.mediation.models import Confirmation, Hearing
from xianfeng.services.mediation.operations import confirming, hearings, limits


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
    return due.act_on_all(dates, hearings.remind, "hearing") + due.act_on_all(
        ending, confirming.remind, "confirmation"
    )


def enforce_limits() -> int:
    """Enforce what is due now, each row in a transaction of its own; one that cannot be is passed by."""
    now = clock.now()
    return sum(
        due.act_on_all(
            model._default_manager.filter(due_at__lte=now),
            partial(limits.enforce, model),
            f"limit of {model.KIND}",
        )
        for model in limits.MODELS
    )
