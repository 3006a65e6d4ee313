"""What a pioneer's page shows besides the index: honours, deeds with what was said of them, who belongs, offers."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xianfeng.doors.portal.queries import pioneers as reads
from xianfeng.doors.portal.shown import people
from xianfeng.foundation.people.models import Membership, Person, Pioneer, Recognition
from xianfeng.foundation.people.names import public_name
from xianfeng.matters.models import Handling, Offer, Rating


@dataclass(frozen=True)
class Honour:
    """A recognition in force: seal, title with its year, and who gives it."""

    seal: str
    title: str
    by: str


@dataclass(frozen=True)
class Deed:
    """Something that was done: what, for whom (public name), when, the stars and the words said of it.

    `said_key` is what those words are reported by.
    """

    title: str
    url: str
    who: str
    at: datetime
    report: str
    stars: float | None
    said: str
    said_key: int = 0


@dataclass(frozen=True)
class Member:
    """Somebody of a collective, or a collective somebody belongs to; `url` where there is a page."""

    name: str
    url: str


@dataclass(frozen=True)
class OnMenu:
    """An offer as a card shows it: `left` places are free."""

    offer: Offer
    where: str
    left: int
    url: str
    mine: bool = False


def honours(rows: list[Recognition]) -> list[Honour]:
    """Return recognitions as honours."""
    return [
        Honour(row.organisation.seal, _titled(row), people.organisation(row.organisation)) for row in rows
    ]


def _titled(row: Recognition) -> str:
    return f"{row.title} · {timezone.localtime(row.since).year}"


def deed(handling: Handling) -> Deed:
    """Return one deed; the asker is told by the public name alone, a firm by its own."""
    matter, rating = handling.matter, _rating(handling)
    return Deed(
        title=matter.title, url=reverse("portal:need", args=[matter.number]),
        who=matter.firm.name if matter.firm else public_name(matter.requester.name),
        at=handling.ended_at or handling.claimed_at, report=handling.report,
        stars=(rating.skill + rating.attitude + rating.speed) / 3 if rating else None,
        said=rating.text if rating and not rating.hidden else "", said_key=rating.pk if rating else 0,
    )  # fmt: skip


def _rating(handling: Handling) -> Rating | None:
    found: Rating | None = getattr(handling, "rating", None)
    return found


def members(pioneer: Pioneer) -> list[Member]:
    """Return who belongs to a collective (its speaker first), or the collectives of an individual; one statement."""
    if pioneer.kind != "collective":
        return [Member(one.name, _page(one.pk)) for one in reads.collectives(pioneer)]
    return [_member(row, pioneer) for row in reads.members(pioneer)]


def _member(row: Membership, collective: Pioneer) -> Member:
    pioneer_id: int | None = row.pioneer_id  # type: ignore[attr-defined]
    name: str = row.pioneer_name if pioneer_id else public_name(row.person.name)  # type: ignore[attr-defined]
    speaks = row.person_id == collective.spokesperson_id
    return Member(
        _("%(name)s（发言人）") % {"name": name} if speaks else name, _page(pioneer_id) if pioneer_id else ""
    )


def _page(pioneer_id: int) -> str:
    return reverse("portal:pioneer", args=[pioneer_id])


def on_menu(offers: list[Offer], *, by: Person | None = None) -> list[OnMenu]:
    """Return offers as cards; those of pioneers that `by` speaks for may be taken back."""
    ask = reverse("portal:ask")
    return [
        OnMenu(
            offer, people.where(offer.area_id), max(0, offer.capacity - offer.booked), f"{ask}?offer={offer.pk}",
            mine=by is not None and offer.pioneer.spokesperson_id == by.id,
        )
        for offer in offers
    ]  # fmt: skip
