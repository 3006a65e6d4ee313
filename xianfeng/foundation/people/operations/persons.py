"""A person: entered by staff, what they say of themselves, their number shown."""

from xianfeng.foundation.kernel import catalogue, clock, texts
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import mobiles, queries, steps
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor


def enter_person(mobile: str, *, name: str = "", by: Person) -> Person:
    """Return the person of a number, entered by staff if nobody has signed in with it; a name given before stays.

    Raises Refused 'mobile-invalid', 'text-too-long'; Missing for who is no staff.
    """
    if not queries.is_staff(by):
        raise Missing
    number, at = mobiles.normal(mobile), clock.now()
    plain = texts.clean_line(
        name, field="name", limit=catalogue.load("people")["name"]["length"], required=False
    )
    with write():
        person = steps.find_or_enter(number, at, by=actor(by.id))
        if plain and not person.name:
            record.change(
                "person", person.id, "person.changed", actor=actor(by.id), at=at, new={"fields": ["name"]},
                sets={"name": plain},
            )  # fmt: skip
        person.refresh_from_db()
        return person


def change_profile(
    *, by: Person, name: str | None = None, area_id: int | None = None, lat: float | None = None,
    lon: float | None = None, language: str | None = None, mode: str | None = None,
) -> Person:  # fmt: skip
    """Change what a person says of themself; None leaves a field as it is."""
    if name is not None:
        name = texts.clean_line(
            name, field="name", limit=catalogue.load("people")["name"]["length"], required=False
        )
    given = {"name": name, "area_id": area_id, "lat": lat, "lon": lon, "language": language, "mode": mode}
    sets = {column: value for column, value in given.items() if value is not None}
    if not sets:
        return by
    with write():
        record.change(
            "person",
            by.id,
            "person.changed",
            actor=actor(by.id),
            at=clock.now(),
            new={"fields": sorted(sets)},
            sets=sets,
        )
    by.refresh_from_db()
    return by


def give_consent(version: str, *, by: Person) -> None:
    """Keep that `by` agreed to a version of the privacy notice; twice is the same."""
    at = clock.now()
    with write():
        steps.consent(by, version, at)


def show_contact(person_id: int, *, to: Person, matter_id: int) -> str:
    """Return a number in clear to the other side of a matter, and record that it was shown."""
    with write():
        person = Person.objects.get(pk=person_id)
        new = {"matter": matter_id, "to": to.id}
        record.append(
            "person", person_id, "person.contact-shown", actor=actor(to.id), at=clock.now(), new=new
        )
    return mobiles.opened(bytes(person.mobile_sealed))


def show_contact_to_staff(person_id: int, *, to: Person, matter_id: int) -> str:
    """Return a number in clear to staff whose scope the caller has checked; the person can see who looked."""
    with write():
        person = Person.objects.get(pk=person_id)
        new = {"matter": matter_id, "to": to.id}
        record.append(
            "person", person_id, "person.contact-shown-to-staff", actor=actor(to.id), at=clock.now(), new=new
        )
    return mobiles.opened(bytes(person.mobile_sealed))
