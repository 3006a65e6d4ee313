"""Handing a matter to an organisation within the write of a room above: a meeting's task, a deputy's question.

The caller opens the transaction, has asked who may, and notes for the request's key what came of it.
"""

from datetime import datetime

from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Organisation, Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import rules, steps
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.raising import Need, raised_within


def raised_for(need: Need, organisation_id: int, *, by: Person, at: datetime, reason: str) -> Matter:
    """Raise a need and put it in charge of an organisation at once: its clock runs there from now on.

    Raises what `raise_matter` and `charged_within` raise.
    """
    matter = raised_within(need, by=by, at=at)
    return charged_within(matter, organisation_id, by=by, at=at, reason=reason)


def charged_within(matter: Matter, organisation_id: int, *, by: Person, at: datetime, reason: str) -> Matter:
    """Put a matter that has not ended in charge of an organisation; its limit goes on running.

    Raises Refused 'wrong-state', 'organisation-unknown', 'organisation-unstaffed', 'in-charge-already'.
    """
    steps.refuse(rules.may_transfer(matter))
    _refuse_receiver(matter, organisation_id)
    steps.remark(matter, "matter.transferred", reason, by=by, at=at)
    record.change(
        "matter", matter.pk, "matter.transferred", actor=actor(by.pk), at=at, old={"charge": matter.charge_id},
        new={"charge": organisation_id}, sets={"charge_id": organisation_id},
    )  # fmt: skip
    return steps.reread(matter)


def _refuse_receiver(matter: Matter, organisation_id: int) -> None:
    """Raise why an organisation cannot be given a matter: nothing may lie where nobody looks."""
    if not Organisation.objects.filter(pk=organisation_id).exists():
        raise Refused("organisation-unknown", field="organisation")
    if matter.charge_id == organisation_id:
        raise Refused("in-charge-already", field="organisation")
    if organisation_id not in people.staffed_organisations():
        raise Refused("organisation-unstaffed", field="organisation")
