"""Short-lived signed tickets, for what cannot send a header (event streams, links)."""

from typing import Any

from django.core import signing


def ticket(purpose: str, payload: Any) -> str:
    """Return a signed, timed ticket that carries `payload` (anything JSON can say)."""
    return signing.dumps(payload, salt=f"xianfeng:{purpose}", compress=True)


def read_ticket(purpose: str, signed: str, *, seconds: int) -> Any | None:
    """Return the payload, or None if the ticket is forged, of another purpose, or older than `seconds`."""
    try:
        return signing.loads(signed, salt=f"xianfeng:{purpose}", max_age=seconds)
    except signing.BadSignature:
        return None
