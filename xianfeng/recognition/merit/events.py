"""What the index hears from the outbox: knowledge shared and honours of upper rooms, and that something was rated.

Upper rooms need not call anything: an event of these codes is enough. `subject_id` is the thing's own id.

| code | `new` |
|---|---|
| achievement.published, live.ended, live.cut (by its limit) | pioneer: id, or pioneers: [id, …] |
| achievement.withdrawn, achievement.taken-down, live.taken-down | – |
| honour.conferred | pioneer: id, level: county, city, province or national; until: ISO instant or null |
| honour.revoked | – |
"""

from datetime import datetime
from typing import Any

from xianfeng.foundation.record import consumers
from xianfeng.foundation.record.consumers import Event
from xianfeng.recognition.merit import steps, tasks

SHARED = {"achievement.published": "achievement", "live.ended": "livestream", "live.cut": "livestream"}
UNSHARED = {
    "achievement.withdrawn": "achievement",
    "achievement.taken-down": "achievement",
    "live.taken-down": "livestream",
}
INPUTS = {*SHARED, *UNSHARED, "honour.conferred", "honour.revoked"}
MOVING = {
    "matter.rated", "matter.rating-changed", "matter.rating-voided", "matter.rating-restored",
    "matter.benefit-verified", "pioneer.recognised", "pioneer.suspended", "pioneer.reinstated",
}  # fmt: skip


def register() -> None:
    """Name this room's consumers; called once at start."""
    consumers.register("merit.inputs", take_in, INPUTS)
    consumers.register("merit.pulse", wake, MOVING)


def wake(_: list[Event]) -> None:
    """Let the worker score the city now: `merit.tasks.follow` waits for this."""
    tasks.pulse.set()


def take_in(events: list[Event]) -> None:
    """Write what upper rooms tell into the input tables; each event again changes nothing."""
    for event in events:
        _take(event)
    tasks.pulse.set()


def _take(event: Event) -> None:
    if event.code in SHARED:
        for pioneer_id in event.new.get("pioneers") or [event.new["pioneer"]]:
            steps.note_activity(SHARED[event.code], event.subject_id, pioneer_id=pioneer_id, at=event.at)
    elif event.code in UNSHARED:
        steps.withdraw_activity(UNSHARED[event.code], event.subject_id, at=event.at)
    elif event.code == "honour.conferred":
        until: Any = event.new.get("until")
        steps.note_honour(
            event.subject_id, pioneer_id=event.new["pioneer"], level=event.new["level"], since=event.at,
            until=datetime.fromisoformat(until) if until else None,
        )  # fmt: skip
    else:
        steps.withdraw_honour(event.subject_id, at=event.at)
