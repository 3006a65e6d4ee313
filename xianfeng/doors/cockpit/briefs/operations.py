"""Leaders are told of a brief once: the row says so, whatever the worker tries again."""

from datetime import date

from xianfeng.doors.cockpit import scope, steps
from xianfeng.doors.cockpit.briefs.writing import MONTH, WEEK, before, begin
from xianfeng.doors.cockpit.models import Brief
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.notices import steps as notices
from xianfeng.foundation.notices.steps import Telling


def write_due() -> int:
    """Tell leaders of the last week and the last month, each once; return how many were told."""
    today = steps.today()
    return sum(tell(kind, before(kind, begin(kind, today))) for kind in (WEEK, MONTH))


def tell(kind: str, first: date) -> int:
    """Tell everybody who leads now that the brief of that time can be read; again tells nobody. Returns how many."""
    at = clock.now()
    with write():
        row, created = Brief.objects.get_or_create(kind=kind, first=first, defaults={"told_at": at})
        if not created:
            return 0
        leaders = dict.fromkeys(person_id for person_id, _ in scope.leaders())
        about = f"brief:{kind}:{first.isoformat()}"
        return notices.tell(Telling(one, f"cockpit.brief-{kind}", about, row.pk, at) for one in leaders)
