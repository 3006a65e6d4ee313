"""One program that asks a thousand times a second is turned away here, before the database hears of it.

Each process lets a key through as often as it may at all; the exact count is kept by the database (people.keys).
Keys that nobody has are remembered, so that a wrong one is looked for once.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people import keys
from xianfeng.foundation.people.models import ApiKey

MOST = 2_000
_MINUTE = 60.0
_lock = Lock()


@dataclass
class Bucket:
    """How often a key may still ask in this process; refilled evenly. `per_minute` 0: nobody has this key."""

    per_minute: int
    left: float
    at: float


_buckets: OrderedDict[bytes, Bucket] = OrderedDict()


def let_in(key: str) -> ApiKey:
    """Return the key's row, its use counted. Raises Refused 'open311-key' or 'key-busy'."""
    if not keys.looks_like(key):
        raise Refused("open311-key", field="api_key")
    hashed = keys.key_hash(key)
    look(hashed)
    try:
        row = keys.use(key)
    except Missing:
        _remember(hashed, 0)
        raise Refused("open311-key", field="api_key") from None
    _remember(hashed, row.per_minute)
    return row


def look(hashed: bytes) -> None:
    """Take one from the key's bucket, if it has one. Raises Refused 'open311-key' or 'key-busy'."""
    with _lock:
        bucket = _buckets.get(hashed)
        if bucket is None:
            return
        if bucket.per_minute == 0:
            raise Refused("open311-key", field="api_key")
        now = monotonic()
        bucket.left = min(bucket.per_minute, bucket.left + (now - bucket.at) * bucket.per_minute / _MINUTE)
        bucket.at = now
        if bucket.left < 1:
            seconds = max(1, round((1 - bucket.left) * _MINUTE / bucket.per_minute))
            raise Refused("key-busy", retry_seconds=seconds, per_minute=bucket.per_minute)
        bucket.left -= 1


def _remember(hashed: bytes, per_minute: int) -> None:
    with _lock:
        bucket = _buckets.get(hashed)
        if bucket is None or bucket.per_minute != per_minute:
            _buckets[hashed] = Bucket(per_minute, per_minute - 1.0, monotonic())
        _buckets.move_to_end(hashed)
        while len(_buckets) > MOST:
            _buckets.popitem(last=False)


def forget() -> None:
    """Forget every key seen in this process."""
    with _lock:
        _buckets.clear()
