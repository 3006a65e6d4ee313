"""Plans are written: in bulk where everything is new, one by one where something known changes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.copying import copy_in
from xianfeng.foundation.people import mobiles, steps
from xianfeng.foundation.people.importing.matching import Plan, by_number, card_of_new, usual
from xianfeng.foundation.people.models import Membership, Organisation, Person, Pioneer, Recognition
from xianfeng.foundation.record import bulk
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.bulk import Chain
from xianfeng.foundation.record.subjects import Actor


@dataclass(frozen=True)
class Writer:
    """Who takes a list in, and when."""

    actor: Actor
    at: datetime


def write_plans(plans: Sequence[Plan], writer: Writer) -> None:
    """Write `plans`: persons, pioneers, recognitions, members, and their record. Needs an open transaction."""
    people = _persons(plans, writer)
    fresh = _pioneers([plan for plan in plans if plan.pioneer is None], people, writer)
    for plan in plans:
        if plan.changed:
            _change(plan, people, writer)
    _recognitions([plan for plan in plans if plan.new], fresh, writer)
    if moved := fresh | _members(plans, people, fresh, writer):
        steps.refresh_kin(sorted(moved))


def tell_organisations(plans: Sequence[Plan], writer: Writer) -> None:
    """Write on each organisation's record that a list was taken in: how many are new, how many changed."""
    counted: dict[int, Counter[str]] = {}
    for plan in plans:
        count = counted.setdefault(plan.entry.organisation.pk, Counter(new=0, changed=0, members=0))
        count.update({"new": int(plan.new), "changed": int(not plan.new), "members": len(plan.members)})
    for organisation_id in sorted(counted):
        record.append(
            "organisation", organisation_id, "organisation.list-taken", actor=writer.actor, at=writer.at,
            new=dict(counted[organisation_id]),
        )  # fmt: skip


def _persons(plans: Sequence[Plan], writer: Writer) -> dict[str, Person]:
    """Enter who is not known yet, and name those without a name; return everybody by their number."""
    wanted = _names(plans)
    found = by_number(wanted)
    chains, rows = [], {}
    new = [mobile for mobile in wanted if mobile not in found]
    for person_id, mobile in zip(_next_ids("people_person", len(new)), new, strict=True):
        chain, kept = Chain("person", person_id), mobiles.kept(mobile)
        chain.add("person.entered", actor=writer.actor, at=writer.at, new={"from": "list"})
        chains.append(chain)
        rows[mobile] = Person(
            id=person_id, name=wanted[mobile], mobile_sealed=kept.sealed, mobile_hash=kept.hash,
            joined_at=writer.at, record_head=chain.head, record_length=chain.length,
        )  # fmt: skip
    for mobile, person in found.items():
        _name(person, wanted[mobile], writer)
    copy_in(list(rows.values()))
    bulk.save(chains, dispatched=False)
    return found | rows


def _names(plans: Iterable[Plan]) -> dict[str, str]:
    """Return the name of every number that will be needed; pioneers' own names before members'."""
    limit = catalogue.load("people")["name"]["length"]
    members = {
        one.mobile: one.name for plan in plans for one in plan.entry.members if one.mobile in plan.members
    }
    return {
        mobile: name[:limit]
        for mobile, name in (members | {plan.entry.mobile: plan.entry.speaker for plan in plans}).items()
    }


def _name(person: Person, name: str, writer: Writer) -> None:
    if name and not person.name:
        record.change(
            "person", person.pk, "person.changed", actor=writer.actor, at=writer.at, new={"fields": ["name"]},
            sets={"name": name},
        )  # fmt: skip


def _pioneers(plans: Sequence[Plan], people: dict[str, Person], writer: Writer) -> set[int]:
    """Insert new pioneers and return their ids; several recognitions of one individual share theirs."""
    ids = iter(_next_ids("people_pioneer", len(plans)))
    made: dict[tuple[int, str, str], tuple[Pioneer, Chain]] = {}
    for plan in plans:
        person, entry = people[plan.entry.mobile], plan.entry
        key = (person.pk, entry.kind, "" if entry.kind == "individual" else entry.name)
        if key not in made:
            made[key] = _new_pioneer(next(ids), plan, person, writer)
        plan.pioneer, chain = made[key]
        chain.add("pioneer.recognised", actor=writer.actor, at=writer.at, new=_recognised(plan))
        for mobile in plan.members:
            member = people[mobile].pk
            chain.add("pioneer.member-added", actor=writer.actor, at=writer.at, new={"member": member})
    for row, chain in made.values():
        row.record_head, row.record_length = chain.head, chain.length
    copy_in([row for row, _ in made.values()])
    bulk.save([chain for _, chain in made.values()], dispatched=False)
    return {row.pk for row, _ in made.values()}


def _new_pioneer(pioneer_id: int, plan: Plan, person: Person, writer: Writer) -> tuple[Pioneer, Chain]:
    entry = plan.entry
    row = Pioneer(
        id=pioneer_id, kind=entry.kind, spokesperson=person, organisation=entry.organisation,
        since=entry.since or writer.at, **card_of_new(entry),
    )  # fmt: skip
    row.search = steps.search_keys(row)
    return row, Chain("pioneer", pioneer_id)


def _recognised(plan: Plan) -> dict[str, object]:
    return {"organisation": plan.entry.organisation.pk, "title_level": plan.entry.level or usual("level")}


def _recognitions(plans: Sequence[Plan], fresh: set[int], writer: Writer) -> None:
    """Insert new recognitions; those of pioneers known before are told in their records."""
    rows = []
    for plan in plans:
        entry, pioneer = plan.entry, plan.whose
        if pioneer.pk not in fresh:
            new = _recognised(plan)
            record.append(
                "pioneer", pioneer.pk, "pioneer.recognised", actor=writer.actor, at=writer.at, new=new
            )
        rows.append(
            Recognition(
                pioneer=pioneer, organisation=entry.organisation, title=entry.title or usual("title"),
                level=entry.level or usual("level"), since=entry.since or writer.at, number=entry.number,
                suspended_at=pioneer.suspended_at,
            )
        )  # fmt: skip
    copy_in(rows, without_id=True)


def _change(plan: Plan, people: dict[str, Person], writer: Writer) -> None:
    """Change what an entry says otherwise, in one entry of the pioneer's record."""
    pioneer, sets = plan.whose, dict(plan.card)
    if plan.speaker:
        sets["spokesperson_id"] = people[plan.entry.mobile].pk
    for column, value in sets.items():
        setattr(pioneer, column, value)
    if plan.card.keys() & {"name", "skills", "area_id"}:
        pioneer.organisation = Organisation.objects.get(pk=pioneer.organisation_id)
        sets["search"] = steps.search_keys(pioneer)
    fields = sorted({*plan.card, *plan.honour, *(["spokesperson"] if plan.speaker else [])})
    if fields:
        record.change(
            "pioneer",
            pioneer.pk,
            "pioneer.changed",
            actor=writer.actor,
            at=writer.at,
            new={"fields": fields},
            sets=sets,
        )
    if plan.honour and plan.recognition:
        Recognition.objects.filter(pk=plan.recognition.pk).update(**plan.honour)


def _members(plans: Sequence[Plan], people: dict[str, Person], fresh: set[int], writer: Writer) -> set[int]:
    """Add members; return the pioneers whose kin moved."""
    rows, touched = [], set()
    for plan in plans:
        pioneer = plan.whose
        if plan.speaker or plan.members:
            touched.add(pioneer)
        for mobile in plan.members:
            member = people[mobile].pk
            rows.append(Membership(collective=pioneer, person_id=member, since=writer.at))
            if pioneer.pk not in fresh:
                new = {"member": member}
                record.append(
                    "pioneer", pioneer.pk, "pioneer.member-added", actor=writer.actor, at=writer.at, new=new
                )
    copy_in(rows, without_id=True)
    return _around(touched)


def _around(collectives: set[Pioneer]) -> set[int]:
    """Return collectives and the individuals among their members and spokespersons, as `steps.pioneers_around`."""
    belongs = Membership.objects.filter(collective__in=collectives, until=None).values("person")
    among = Q(spokesperson__in=belongs) | Q(spokesperson__in={one.spokesperson_id for one in collectives})
    alone = Pioneer.objects.filter(among, kind="individual").values_list("id", flat=True)
    return {*alone, *(one.pk for one in collectives)}


def _next_ids(table: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [row[0] for row in cursor.fetchall()]
