"""Erasure of a person's matters: what is open ends, what is in hand goes back, words and pictures go, facts stay."""

from datetime import datetime

from django.db.models import Q

from xianfeng.foundation.kernel.erased import ERASED
from xianfeng.foundation.notices import privacy as notices
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.places import cells
from xianfeng.foundation.record import announcements
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM, Actor
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import queries, steps
from xianfeng.matters.duties import privacy as duties
from xianfeng.matters.models import (
    AbuseReport,
    Handling,
    Matter,
    Message,
    Offer,
    OutsideUpdate,
    Particulars,
    Photo,
    Rating,
    Remark,
)
from xianfeng.matters.privacy import pictures
from xianfeng.matters.states import ENDS, State

DECISIONS = (
    "matter.declined",
    "matter.extended",
    "matter.handed",
    "matter.escalated",
    "matter.sent-back",
)  # words of staff: they are owed to the other side


def erase(person: Person, at: datetime) -> None:
    """End and blank the matters of `person`, and their words elsewhere. Needs an open transaction; OSError."""
    by = actor(person.pk)
    _let_go(person, by, at)
    for matter in _locked(Q(requester=person)):
        _blank(_ended(matter, by, at), by, at)
    _words(person)
    duties.forget(person)
    _others_inboxes(person)


def _locked(condition: Q) -> list[Matter]:
    """Return matters with their rows locked, by id: the one order of locks."""
    ids = (
        Matter.objects.select_for_update(of=("self",))
        .filter(condition)
        .order_by("id")
        .values_list("id", flat=True)
    )
    return list(queries.whole().filter(pk__in=list(ids)).order_by("id"))


def _let_go(person: Person, by: Actor, at: datetime) -> None:
    """Give back what the person's pioneers have in hand or are asked to take, and take their offers off the menu."""
    speaks = Q(taken_by__spokesperson=person, state=State.TAKEN) | Q(
        offered_to__spokesperson=person, state=State.OFFERED
    )
    for matter in _locked(speaks):
        if matter.state == State.TAKEN:
            steps.back_to_open(matter, "release", "left", actor=by, at=at)
        else:
            steps.free_offer(matter)
            steps.move(
                matter, "turn_down", actor=by, at=at, sets={"offered_to_id": None, "offer_id": None},
                new={"pioneer": matter.offered_to_id},
            )  # fmt: skip
    offers = Offer.objects.filter(pioneer__spokesperson=person)
    offers.filter(withdrawn_at=None).update(withdrawn_at=at)
    offers.filter(pioneer__kind="individual").update(title=ERASED, text="", times="")


def _ended(matter: Matter, by: Actor, at: datetime) -> Matter:
    """Bring an own matter to its end: withdrawn, or closed unrated where it is done already."""
    if matter.state in ENDS:
        return matter
    if matter.state == State.DONE:
        handling = steps.end_handling(matter, "done", at)
        steps.free_offer(matter)
        new = {"pioneer": handling.pioneer_id}
        return steps.move(matter, "close_unrated", actor=SYSTEM, at=at, sets={"closed_at": at}, new=new)
    if matter.state == State.TAKEN:
        matter = steps.back_to_open(matter, "release", "returned", actor=by, at=at)
    matter = duties.ended(matter, at)
    if matter.state in ENDS:
        return matter
    steps.free_offer(matter)
    return steps.move(matter, "withdraw", actor=by, at=at, sets={"offer_id": None})


def _blank(matter: Matter, by: Actor, at: datetime) -> None:
    """Take words, door and pictures from an own matter; its point moves to the middle of its cell."""
    pictures.remove(matter.photos.all())
    lat, lon = cells.middle(matter.cell)
    record.change(
        "matter", matter.pk, "matter.erased", actor=by, at=at,
        sets={
            "title": ERASED, "text": "", "address_sealed": None, "lat": lat, "lon": lon, "photo_count": 0,
            "wanted_from": None, "wanted_until": None, "source_key": None,
        },
    )  # fmt: skip
    announcements.forget(f"matter:{matter.number}")


def _words(person: Person) -> None:
    """Blank the words of and about the person: talk, reports, ratings, remarks, reports of abuse, photographs."""
    alone = Pioneer.objects.filter(spokesperson=person, kind="individual")
    own = Q(matter__requester=person)
    pictures.remove_of(person)
    pictures.remove(Photo.objects.filter(message__author=person))
    Message.objects.filter(own | Q(author=person)).delete()
    Handling.objects.filter(own | Q(pioneer__in=alone)).update(first_reply="", report="", helpers="")
    Rating.objects.filter(Q(handling__matter__requester=person) | Q(pioneer__in=alone)).update(text="")
    Remark.objects.filter(own | Q(author=person) & ~Q(code__in=DECISIONS)).delete()
    AbuseReport.objects.filter(reporter=person).update(text="")
    AbuseReport.objects.filter(own).update(text="", judgement="")
    Particulars.objects.filter(own).update(
        answers={}, contact_sealed=None, address="", address_code="", media_url="", token=None
    )
    OutsideUpdate.objects.filter(own | Q(author=person)).update(text="", media_url="", contact_sealed=None)


def _others_inboxes(person: Person) -> None:
    """Take the person's words out of notices that others got."""
    asked = list(Matter.objects.filter(requester=person).values_list("number", flat=True))
    alone = Handling.objects.filter(pioneer__spokesperson=person, pioneer__kind="individual")
    notices.forget_words(asked, "title")
    notices.forget_words(list(alone.values_list("matter__number", flat=True)), "pioneer")
