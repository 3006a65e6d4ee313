"""The room's writes: scoring the city, what goes into the index, the months."""

from xianfeng.recognition.merit.operations.inputs import (
    note_activity,
    note_honour,
    withdraw_activity,
    withdraw_honour,
)
from xianfeng.recognition.merit.operations.months import close_month, correct_month
from xianfeng.recognition.merit.operations.refreshing import VERSION, refresh, scored

__all__ = [
    "VERSION",
    "close_month",
    "correct_month",
    "note_activity",
    "note_honour",
    "refresh",
    "scored",
    "withdraw_activity",
    "withdraw_honour",
]
