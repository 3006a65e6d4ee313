"""What matters keep of a person, told to that person."""

from django.db.models import Model, Q
from django.utils.translation import get_language

from xianfeng.foundation.kernel import keyring
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import keepers
from xianfeng.foundation.people.privacy.keepers import Rows
from xianfeng.matters import outside
from xianfeng.matters.duties import privacy as duties
from xianfeng.matters.models import (
    AbuseReport,
    Handling,
    Matter,
    Message,
    Offer,
    Photo,
    Rating,
    Remark,
)


def tell(person: Person) -> dict[str, Rows]:
    """Tell needs, talk, photographs, handlings, ratings, remarks, offers and reports of abuse of a person."""
    speaks = Q(pioneer__spokesperson=person)
    return {
        "needs": [
            _need(one)
            for one in Matter.objects.filter(requester=person).order_by("id").select_related("particulars")
        ],
        "messages": _rows(Message, Q(author=person), "matter__number", "sent_at", "text"),
        "photos": [_photo(one) for one in Photo.objects.filter(owner=person).order_by("id").select_related("matter")],
        "handlings": _rows(
            Handling, speaks, "matter__number", "claimed_at", "ended_at", "outcome", "first_reply", "report", "helpers",
            "benefit_yuan", "jobs",
        ),
        "ratings_given": _rating(Q(handling__matter__requester=person)),
        "ratings_received": _rating(speaks & Q(hidden=False)),
        "remarks": _rows(Remark, Q(author=person), "matter__number", "code", "at", "text"),
        "offers": _rows(Offer, speaks, "title", "text", "times", "published_at", "withdrawn_at"),
        "abuse_reports": _rows(AbuseReport, Q(reporter=person), "matter__number", "reason", "text", "reported_at"),
        **duties.tell(person),
    }  # fmt: skip


def _rows(model: type[Model], condition: Q, *fields: str) -> Rows:
    return keepers.rows(model._default_manager.filter(condition).order_by("id"), *fields)


def _need(matter: Matter) -> dict[str, object]:
    sealed = matter.address_sealed
    return {
        "number": matter.number, "state": matter.state, "title": matter.title, "text": matter.text,
        "address": keyring.unseal("address", bytes(sealed)) if sealed else "", "lat": matter.lat, "lon": matter.lon,
        "raised_at": matter.raised_at, "closed_at": matter.closed_at, "answers": _answers(matter),
    }  # fmt: skip


def _answers(matter: Matter) -> str:
    return "; ".join(f"{one.label}: {one.answer}" for one in outside.answers(matter, get_language() or ""))


def _photo(photo: Photo) -> dict[str, object]:
    return {
        "file": f"/photo/{photo.key}/large", "number": photo.matter.number if photo.matter else "",
        "caption": photo.caption, "taken_in_at": photo.taken_in_at,
    }  # fmt: skip


def _rating(condition: Q) -> Rows:
    return _rows(
        Rating, condition, "handling__matter__number", "skill", "attitude", "speed", "text", "rated_at"
    )
