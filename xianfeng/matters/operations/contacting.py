"""How to reach somebody who reported through a program and has no account here: shown on tap, each look recorded."""

import json
from dataclasses import dataclass

from xianfeng.foundation.kernel import clock, keyring
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import outside, queries, rules
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State


@dataclass(frozen=True)
class Contact:
    """What somebody gave of themselves, in clear."""

    name: str
    phone: str
    email: str


def is_outside(matter: Matter) -> bool:
    """Tell whether the one who asked is known through a program alone."""
    kept = outside.particulars(matter)
    return kept is not None and bool(kept.source)


def show_reporter(number: str, *, by: Person) -> Contact:
    """Return how to reach who reported a matter, to staff of its area and to its taker while it is in hand.

    Raises Missing for others and for matters of people with an account; Refused 'no-contact' when nothing was given.
    """
    matter = queries.matter_for(by, number)
    in_hand = matter.state in {State.TAKEN, State.DONE} and rules.is_taker(by, matter)
    if not is_outside(matter) or not (in_hand or rules.is_staff_of(by, matter)):
        raise Missing
    kept = outside.particulars(matter)
    if kept is None or kept.contact_sealed is None:
        raise Refused("no-contact")
    with write():
        new = {"to": by.pk}
        record.append(
            "matter", matter.pk, "matter.reporter-shown", actor=actor(by.pk), at=clock.now(), new=new
        )
    told = json.loads(keyring.unseal("contact", bytes(kept.contact_sealed)))
    name = f"{told.get('first_name', '')} {told.get('last_name', '')}".strip()
    return Contact(name, told.get("phone", ""), told.get("email", ""))
