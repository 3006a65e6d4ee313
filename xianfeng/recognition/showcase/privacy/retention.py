"""Photographs that were sent and never became part of anything go after their days."""

from datetime import datetime

from xianfeng.foundation.kernel import retention
from xianfeng.recognition.showcase.models import Picture
from xianfeng.recognition.showcase.privacy.erasing import remove


def sweep(at: datetime) -> int:
    """Delete unused photographs; return how many."""
    cut = retention.cut("unused_photos", at)
    unused = Picture.objects.filter(achievement=None, benefit=None, taken_in_at__lt=cut).order_by("id")

    def delete(limit: int) -> int:
        ids = list(unused.values_list("id", flat=True)[:limit])
        rows = Picture.objects.select_for_update().filter(pk__in=ids, achievement=None, benefit=None)
        return remove(rows)

    return retention.in_batches(delete)
