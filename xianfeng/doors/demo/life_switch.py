"""The switch of the city's quiet life: a row, so that every process sees it."""

from xianfeng.doors.demo.models import Life
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write


def is_on() -> bool:
    """Tell whether the city's people act by themselves; they do until somebody switches them off."""
    on = Life.objects.filter(pk=1).values_list("on", flat=True).first()
    return True if on is None else on


def turn(*, on: bool) -> None:
    """Switch the quiet life on or off."""
    with write():
        Life.objects.update_or_create(pk=1, defaults={"on": on, "changed_at": clock.now()})
