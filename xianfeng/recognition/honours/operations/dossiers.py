"""One file of a person: opened once, filled by themself, by colleagues who tell of deeds, and by their organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from xianfeng.foundation.kernel import catalogue, clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.people.queries import is_staff
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters.models import Handling
from xianfeng.recognition.honours import filing, rules, steps, titles
from xianfeng.recognition.honours.models import Dossier, Item
from xianfeng.recognition.showcase.models import Achievement
from xianfeng.recognition.showcase.queries import achievements as showcase


def open_for(pioneer_id: int, *, by: Person) -> Dossier:
    """Return the file of a pioneer, opened on first need from what is known of them. Anybody signed in may ask.

    Raises Missing for a pioneer who is not there or suspended.
    """
    with write():
        pioneer = Pioneer.objects.filter(pk=pioneer_id, suspended_at=None).first()
        if pioneer is None:
            raise Missing
        found = filing.file_of(pioneer, by=by, at=clock.now())
        idempotency.note("dossier", found.pk)
        return found


@dataclass(frozen=True)
class Profile:
    """What a file says of its person: who they are, in words, and what they are good at (codes)."""

    profile: str
    specialities: Sequence[str]


def describe(dossier_id: int, given: Profile, *, by: Person) -> Dossier:
    """Write who somebody is. Raises Missing for who may not; Refused naming the field."""
    numbers, at = titles.numbers("file"), clock.now()
    words = texts.clean_text(given.profile, field="profile", limit=numbers["profile_length"], required=False)
    if not set(given.specialities) <= set(catalogue.load("skills")):
        raise Refused("category-unknown", field="specialities")
    with write():
        row = _kept(dossier_id, by)
        record.change(
            "dossier", row.pk, "dossier.described", actor=actor(by.id), at=at,
            sets={"profile": words, "specialities": sorted(set(given.specialities)), "changed_at": at},
        )  # fmt: skip
        row.refresh_from_db()
        idempotency.note("dossier", row.pk)
        return row


@dataclass(frozen=True)
class Deed:
    """Something somebody did: a title, words, the day."""

    title: str
    text: str = ""
    happened_on: date | None = None


def tell_deed(dossier_id: int, given: Deed, *, by: Person) -> Item:
    """Tell of a deed; anybody signed in may, of a colleague or a neighbour. It says who told it.

    Raises Refused 'text-missing', 'text-too-long', 'day-ahead', 'file-full'.
    """
    numbers, at = titles.numbers("file"), clock.now()
    title = texts.clean_line(given.title, field="title", limit=numbers["title_length"])
    text = texts.clean_text(given.text, field="text", limit=numbers["text_length"], required=False)
    if given.happened_on and given.happened_on > filing.today(at):
        raise Refused("day-ahead", field="happened_on")
    with write():
        row = steps.locked(Dossier, dossier_id)
        item = Item(kind="deed", title=title, text=text, happened_on=given.happened_on)
        return filing.add(row, item, by=by, at=at)


def add_matter(dossier_id: int, number: str, *, by: Person) -> Item:
    """Put a need into the file that its pioneer has met. Again answers the same.

    Raises Missing for who may not write here, Refused 'need-not-theirs'.
    """
    at = clock.now()
    with write():
        row = _kept(dossier_id, by)
        done = Handling.objects.filter(matter__number=number, pioneer=row.pioneer, outcome="done")
        found = done.select_related("matter").first() if row.pioneer_id else None
        if found is None:
            raise Refused("need-not-theirs", field="number")
        before = row.items.filter(matter=found.matter, removed_at=None).first()
        item = Item(kind="matter", title=found.matter.title, matter=found.matter)
        return before or filing.add(row, item, by=by, at=at)


def add_achievement(dossier_id: int, achievement_id: int, *, by: Person) -> Item:
    """Put a published achievement of the pioneer into the file. Again answers the same.

    Raises Missing for who may not write here, Refused 'achievement-not-theirs'.
    """
    at = clock.now()
    with write():
        row = _kept(dossier_id, by)
        found = _published(row).filter(pk=achievement_id).first()
        if found is None:
            raise Refused("achievement-not-theirs", field="achievement")
        before = row.items.filter(achievement=found, removed_at=None).first()
        item = Item(kind="achievement", title=found.title, achievement=found)
        return before or filing.add(row, item, by=by, at=at)


def _published(row: Dossier) -> "QuerySet[Achievement]":
    if row.pioneer_id is None:
        return Achievement.objects.none()
    return showcase.published(pioneer_id=row.pioneer_id)


def add_document(dossier_id: int, title: str, data: bytes, *, by: Person) -> Item:
    """Keep a PDF or picture as evidence. Raises Refused 'document-unreadable', 'document-too-big'; OSError."""
    numbers, at = titles.numbers("file"), clock.now()
    words = texts.clean_line(title, field="title", limit=numbers["title_length"])
    filing.check_document(data)
    with write():
        row = _kept(dossier_id, by)
        return filing.add(row, Item(kind="file", title=words, key=filing.store(data)), by=by, at=at)


def remove_item(item_id: int, *, by: Person) -> None:
    """Take an entry out of a file; what was declared with it before keeps it. Again is the same.

    Who told a deed may take it back, and so may who keeps the file.
    """
    at = clock.now()
    with write():
        item = (
            Item.objects.select_for_update(of=("self",)).filter(pk=item_id).select_related("dossier").first()
        )
        if item is None or not (item.told_by_id == by.id or rules.keeps(by, item.dossier)):
            raise Missing
        if item.removed_at is None:
            Item.objects.filter(pk=item_id).update(removed_at=at)
            record.append(
                "dossier",
                item.dossier_id,
                "dossier.item-removed",
                actor=actor(by.id),
                at=at,
                new={"item": item_id},
            )
        idempotency.note("dossier", item.dossier_id)


def open_candidate(person_id: int, name: str, *, organisation_id: int, area_id: int, by: Person) -> Dossier:
    """Open the file of somebody whom no organisation knows yet, as staff of the one that now looks after it.

    Again answers the same file. Raises Missing without that scope.
    """
    limit, at = titles.numbers("file")["name_length"], clock.now()
    if not (is_staff(by) and rules.is_staff_for(by, organisation_id)):
        raise Missing
    words = texts.clean_line(name, field="name", limit=limit)
    with write():
        known = Dossier.objects.filter(person_id=person_id, kind="individual")
        fresh = Dossier(person_id=person_id, organisation_id=organisation_id, area_id=area_id, name=words)
        fresh.kind = "individual"
        try:
            with transaction.atomic():
                return known.first() or filing.new_file(fresh, by=by, at=at)
        except IntegrityError:  # one_individual_dossier_a_person decides between two at once
            return known.get()


def _kept(dossier_id: int, by: Person) -> Dossier:
    row = steps.locked(Dossier, dossier_id)
    if not rules.keeps(by, row):
        raise Missing
    return row
