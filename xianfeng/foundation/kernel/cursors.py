"""Opaque signed cursors: where the next page of a list begins."""

from typing import Any

from django.core import signing

from xianfeng.foundation.kernel.refusals import Refused


def pack(purpose: str, place: Any) -> str:
    """Return `place` (anything JSON can say) as a cursor of the list `purpose`."""
    return signing.dumps(place, salt=f"xianfeng:cursor:{purpose}")


def unpack(purpose: str, cursor: str | None) -> Any | None:
    """Return the place of a cursor, None for no cursor. Raises Refused 'cursor-invalid'."""
    if not cursor:
        return None
    try:
        return signing.loads(cursor, salt=f"xianfeng:cursor:{purpose}")
    except signing.BadSignature:
        raise Refused("cursor-invalid", field="cursor") from None
