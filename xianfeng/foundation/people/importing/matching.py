"""Entries of a list against who is known: what is new, what would change, what cannot be."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xianfeng.foundation.kernel import catalogue, keyring
from xianfeng.foundation.kernel.tables.faults import Reason, Rejected, Unfit
from xianfeng.foundation.people import mobiles
from xianfeng.foundation.people.importing import places
from xianfeng.foundation.people.importing.entries import Entry
from xianfeng.foundation.people.models import Membership, Person, Pioneer, Recognition
from xianfeng.foundation.places import cells


def gone_number(organisation_id: int, number: str) -> str:
    """Return what is kept of the number of somebody who was erased: a list that still has it is told so."""
    return "gone:" + keyring.keyed_hash("recognition", f"{organisation_id}:{number}").hex()[:32]


@dataclass
class Known:
    """Who stands in the database of those a list names. Persons by their number."""

    recognitions: dict[tuple[int, str], Recognition]
    persons: dict[str, Person]
    individuals: dict[int, Pioneer]
    collectives: dict[tuple[int, str], Pioneer]
    unnumbered: dict[tuple[int, int, str], Recognition]
    members: dict[int, set[int]]

    def person(self, mobile: str) -> Person | None:
        """Return the person of a number."""
        return self.persons.get(mobile)


def known(entries: Sequence[Entry]) -> Known:
    """Read who is known of `entries`; five statements, however many there are."""
    numbers = {number for one in entries for number in (one.number, gone_number(*one.key))}
    recognitions = {
        (one.organisation_id, one.number): one
        for one in Recognition.objects.filter(
            number__in=numbers, organisation__in={one.organisation.pk for one in entries}
        ).select_related("pioneer", "pioneer__spokesperson")
    }
    persons = by_number({mobile for one in entries for mobile in _mobiles(one)})
    speaks = Pioneer.objects.filter(spokesperson__in=[one.pk for one in persons.values()])
    pioneers = {one.pk: one for one in speaks.select_related("spokesperson")}
    pioneers |= {one.pioneer_id: one.pioneer for one in recognitions.values()}
    bare = Recognition.objects.filter(pioneer__in=pioneers, number="", until=None)
    members: dict[int, set[int]] = {}
    for collective_id, person_id in Membership.objects.filter(
        collective__in=pioneers, until=None
    ).values_list("collective_id", "person_id"):
        members.setdefault(collective_id, set()).add(person_id)
    return Known(
        recognitions, persons,
        {one.spokesperson_id: one for one in pioneers.values() if one.kind == "individual"},
        {(one.spokesperson_id, one.name): one for one in pioneers.values() if one.kind == "collective"},
        {(one.pioneer_id, one.organisation_id, one.title): one for one in bare}, members,
    )  # fmt: skip


def by_number(numbers: Collection[str]) -> dict[str, Person]:
    """Return who is known of normal numbers, whatever generation of keys each was kept in; one statement."""
    whose = {hashed: number for number in numbers for hashed in mobiles.all_hashes(number)}
    found = Person.objects.filter(mobile_hash__in=list(whose))
    return {whose[bytes(one.mobile_hash)]: one for one in found}


def _mobiles(entry: Entry) -> Iterable[str]:
    return (entry.mobile, *(member.mobile for member in entry.members))


@dataclass
class Plan:
    """What an entry comes to: the pioneer and recognition it is (None: new), columns to set, members to add."""

    entry: Entry
    pioneer: Pioneer | None = None
    recognition: Recognition | None = None
    card: dict[str, Any] = field(default_factory=dict)
    honour: dict[str, Any] = field(default_factory=dict)
    speaker: bool = False
    members: list[str] = field(default_factory=list)

    @property
    def whose(self) -> Pioneer:
        """Return the pioneer; every plan has one once the new ones are made. Raises LookupError before."""
        if self.pioneer is None:
            raise LookupError(self.entry.number)
        return self.pioneer

    @property
    def new(self) -> bool:
        """Tell whether the entry is a recognition that is not there yet."""
        return self.recognition is None

    @property
    def changed(self) -> bool:
        """Tell whether something known would change."""
        return bool(self.card or self.honour or self.speaker or (self.members and not self.new))


@dataclass
class Planned:
    """The plans of a list, and what cannot be planned."""

    plans: list[Plan] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[Rejected] = field(default_factory=list)


def plan(entries: Sequence[Entry]) -> Planned:
    """Match `entries` with who is known; writes nothing."""
    there, found = known(entries), Planned()
    names: dict[str, Entry] = {}
    for entry in entries:
        try:
            _refuse_two_names(entry, names)
            made = _plan(entry, there, found)
        except Unfit as unfit:
            found.rejected.append(Rejected(entry.line, unfit.column, unfit.reason))
            continue
        found.plans.append(made)
    return found


def _refuse_two_names(entry: Entry, names: dict[str, Entry]) -> None:
    """Refuse a number under which the list has two individuals of different names."""
    if entry.kind != "individual":
        return
    before = names.setdefault(entry.mobile, entry)
    if before.name != entry.name:
        raise Unfit("mobile", Reason("two-owners", mobile=entry.mobile, name=before.name, line=before.line))


def _plan(entry: Entry, there: Known, found: Planned) -> Plan:
    if (entry.organisation.pk, gone_number(*entry.key)) in there.recognitions:
        raise Unfit("number", Reason("has-left", number=entry.number))
    recognition = there.recognitions.get(entry.key)
    pioneer = recognition.pioneer if recognition else _pioneer(entry, there)
    if recognition is None and pioneer is not None:
        title = entry.title or usual("title")
        recognition = there.unnumbered.get((pioneer.pk, entry.organisation.pk, title))
    made = Plan(entry, pioneer, recognition)
    if pioneer is not None:
        _compare(made, pioneer, there, found)
    have = there.members.get(pioneer.pk, set()) if pioneer else set()
    told = dict.fromkeys(one.mobile for one in entry.members)
    made.members = [mobile for mobile in told if _is_new_member(mobile, have, there, entry)]
    return made


def _pioneer(entry: Entry, there: Known) -> Pioneer | None:
    """Return the pioneer a recognition that is new would be given to, if that one is known."""
    person = there.person(entry.mobile)
    if person is None:
        return None
    if entry.kind == "individual":
        return there.individuals.get(person.pk)
    return there.collectives.get((person.pk, entry.name))


def _is_new_member(mobile: str, have: set[int], there: Known, entry: Entry) -> bool:
    person = there.person(mobile)
    return mobile != entry.mobile and (person is None or person.pk not in have)


def _compare(made: Plan, pioneer: Pioneer, there: Known, found: Planned) -> None:
    """Note what an entry says otherwise than what stands. Raises Unfit where it cannot be the same one."""
    entry, person = made.entry, there.person(made.entry.mobile)
    if pioneer.kind != entry.kind:
        kind_zh = catalogue.load("people-import")["kinds"][pioneer.kind][0]
        raise Unfit("kind", Reason("other-kind", number=entry.number, kind=pioneer.kind, kind_zh=kind_zh))
    same = person is not None and person.pk == pioneer.spokesperson_id
    if not same and entry.kind == "individual":
        raise Unfit("mobile", Reason("other-mobile", number=entry.number))
    made.speaker = not same
    if made.recognition is not None:
        made.honour = _differing(made.recognition, _honour(entry))
    if pioneer.organisation_id == entry.organisation.pk:
        made.card = _differing(pioneer, _card(entry))
    elif made.new:
        found.notes.append(Rejected(entry.line, "", Reason("known-elsewhere", name=entry.name)))


def usual(column: str) -> str:
    """Return what a new recognition says where the list is silent: 'title', 'level'."""
    return str(catalogue.load("people-import")["defaults"][column])


def _differing(row: Any, told: dict[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in told.items() if getattr(row, column) != value}


def _honour(entry: Entry) -> dict[str, Any]:
    told = {"number": entry.number, "title": entry.title, "level": entry.level, "since": entry.since}
    return {column: value for column, value in told.items() if value is not None}


def _card(entry: Entry) -> dict[str, Any]:
    """Return what an entry says of the pioneer's card, columns it is silent on left out."""
    told: dict[str, Any] = {
        "name": entry.name, "skills": list(entry.skills) if entry.skills else None, "motto": entry.motto,
        "deed": entry.deed, "area_id": entry.area.pk if entry.area else None,
    }  # fmt: skip
    point = entry.point or (places.point_of(entry.area) if entry.area else None)
    if point:
        told |= {"lat": point[0], "lon": point[1], "cell": cells.cell(*point)}
    return {column: value for column, value in told.items() if value is not None}


def card_of_new(entry: Entry) -> dict[str, Any]:
    """Return all columns of a new pioneer's card; the organisation's area where the list names none."""
    area = entry.area or entry.organisation.area
    lat, lon = entry.point or places.point_of(area)
    return {"skills": [], "motto": "", "deed": ""} | _card(entry) | {
        "area_id": area.pk, "lat": lat, "lon": lon, "cell": cells.cell(lat, lon),
    }  # fmt: skip
