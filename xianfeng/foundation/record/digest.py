"""The chain's digest: one definition in SQL, the same one here for bulk loading and for checking."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

CREATE_FUNCTION = """
CREATE OR REPLACE FUNCTION record_digest(head bytea, subject_kind text, subject_id bigint, pos integer,
    at timestamptz, actor_kind text, actor_id bigint, code text, old text, new text)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT sha256(head || convert_to(subject_kind || '|' || subject_id::text || '|' || pos::text || '|' ||
    ((extract(epoch FROM at) * 1000000)::bigint)::text || '|' || actor_kind || '|' || actor_id::text || '|' ||
    code || '|' || old || '|' || new, 'UTF8'))
$$
"""


def facts(values: dict[str, Any] | None) -> str:
    """Return `values` as the one JSON text that is kept and digested: keys sorted, nothing spare."""
    return json.dumps(values or {}, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def digest(  # noqa: PLR0917 - the columns of an entry, in their order
    head: bytes, subject_kind: str, subject_id: int, position: int, at: datetime,
    actor_kind: str, actor_id: int, code: str, old: str, new: str,
) -> bytes:  # fmt: skip
    """Return the 32-byte hash of one entry on top of `head`, equal to SQL's record_digest."""
    delta = at - _EPOCH
    micros = (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
    line = f"{subject_kind}|{subject_id}|{position}|{micros}|{actor_kind}|{actor_id}|{code}|{old}|{new}"
    return hashlib.sha256(bytes(head) + line.encode()).digest()
