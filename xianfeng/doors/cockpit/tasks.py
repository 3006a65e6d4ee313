"""What the worker does for the cockpit in a rhythm: the first count, and areas that moved."""

import json
import zlib

from xianfeng.doors.cockpit import columns, operations, successors
from xianfeng.doors.cockpit.models import Tally
from xianfeng.foundation.places import tree


def keep() -> int:
    """Count from the beginning where that was never done or other buckets are asked for; follow areas that moved.

    Returns how many matters were counted anew.
    """
    tally = Tally.objects.filter(pk=1).first()
    if tally is None or tally.built_at is None or tally.bounds != columns.bounds():
        counted = operations.rebuild()
    elif tally.area_version != _areas():
        counted = operations.follow_areas()
    else:
        return 0
    Tally.objects.filter(pk=1).update(area_version=_areas())
    return counted


def _areas() -> int:
    """Return a number that is another one as soon as an area stands elsewhere, or has a successor."""
    merged = json.dumps(sorted(successors.moved().items())).encode()
    return tree.current().version << 32 | zlib.crc32(merged)
