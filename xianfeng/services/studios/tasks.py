"""What the worker does for studios: askers are asked, limits enforced, each once, also after days of being down."""

from functools import partial

from xianfeng.foundation.kernel import clock, due
from xianfeng.services.studios import queries
from xianfeng.services.studios.operations import asking, limits


def run() -> int:
    """Ask those whose day has come, then enforce what is due; return how many rows moved."""
    return ask_after() + enforce_limits()


def ask_after() -> int:
    """Ask whoever asked 14 and 21 days ago whether they got an answer; return how many were asked."""
    waiting = queries.to_ask_after(clock.now(), due.BATCH)
    return sum(due.act(asking.ask_after, pk, "asking after question") for pk in waiting)


def enforce_limits() -> int:
    """Enforce what is due now, each row in a transaction of its own; one that cannot be is passed by."""
    now = clock.now()
    return sum(
        due.act_on_all(
            model._default_manager.filter(due_at__lte=now),
            partial(limits.enforce, model),
            f"limit of {model.__name__}",
        )
        for model in limits.MODELS
    )
