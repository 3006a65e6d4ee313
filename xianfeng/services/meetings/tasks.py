"""What the worker does for meetings and proposals: limits are enforced, once, also after a day of being down."""

from functools import partial

from xianfeng.foundation.kernel import clock, due
from xianfeng.services.meetings.operations import limits


def run() -> int:
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
