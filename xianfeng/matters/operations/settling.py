"""Ending a matter within the write of a room above: what a mediation comes to is what its matter comes to.

The caller opens the transaction, has asked who may, and notes for the request's key what came of it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xianfeng.foundation.record.subjects import Actor
from xianfeng.matters import steps
from xianfeng.matters.models import Matter
from xianfeng.matters.states import MOVES, State

NAMES = ("settle", "withdraw", "decline")


def ended_within(matter_id: int, name: str, *, by: Actor, at: datetime, new: Mapping[str, Any]) -> Matter:
    """End a matter nobody has in hand by one of NAMES; one that has ended, or is in hand by now, stays as it is."""
    if name not in NAMES:
        raise ValueError(name)
    matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter_id)
    if State(matter.state) not in MOVES[name].source:
        return matter
    sets = {"closed_at": at} if name == "settle" else None
    return steps.move(matter, name, actor=by, at=at, sets=sets, new=new)
