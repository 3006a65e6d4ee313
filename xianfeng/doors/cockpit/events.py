"""What the cockpit hears from the outbox: that something became of a matter. It counts the matter as it stands."""

from xianfeng.doors.cockpit import steps
from xianfeng.foundation.record import announcements, consumers
from xianfeng.foundation.record.announcements import Note
from xianfeng.foundation.record.consumers import Event
from xianfeng.matters import states

TOPIC = "cockpit"
QUIET = {
    "matter.messaged", "matter.team-called", "matter.visit-agreed", "matter.team-declined", "matter.photo-added",
    "matter.abuse-reported", "matter.updated-outside", "matter.reporter-shown", "matter.extended",
}  # fmt: skip


def register() -> None:
    """Name this room's consumer; called once at start."""
    consumers.register("cockpit.count", count, states.codes() - QUIET)


def count(events: list[Event]) -> None:
    """Count the matters of these events, in the transaction that marks their deliveries as done; then say so."""
    counted = steps.count({event.subject_id for event in events}, events=len(events))
    announcements.announce(
        [Note(TOPIC, "cockpit.counted", {"sequence": counted.sequence, "areas": counted.areas})]
    )
