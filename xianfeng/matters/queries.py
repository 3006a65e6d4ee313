"""Reads about matters; every one begins from who is asking."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, TypeVar, Unpack

from django.db import connection
from django.db.models import BooleanField, Model, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.kernel.statements import ask
from xianfeng.foundation.people import posts
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.places import cells
from xianfeng.foundation.record.models import Entry
from xianfeng.matters import nearest, services
from xianfeng.matters.duties import queries as duties
from xianfeng.matters.models import AbuseReport, Handling, Matter, Message, Offer, Photo, Remark, Visit
from xianfeng.matters.states import LIVE_PUBLIC

Row = TypeVar("Row", bound=Model)
NEXT = cells.ring_metres(nearest.RINGS[0])  # metres within which the cells next to a point miss nothing


def whole() -> QuerySet[Matter]:
    """Return matters with what every page of a matter shows, in one statement."""
    return Matter.objects.select_related(
        "area",
        "area__parent",
        "requester",
        "firm",
        "taken_by",
        "taken_by__organisation",
        "taken_by__area",
        "offered_to",
        "particulars",
        "charge",
    ).defer("area__boundary", "area__parent__boundary", "taken_by__area__boundary")  # kilobytes each


def visible_to(person: Person | None) -> QuerySet[Matter]:
    """Return the matters `person` may see: public ones, own ones, those offered to them, those in a staff scope."""
    seen = Q(state__in=LIVE_PUBLIC, hidden=False)
    if person is not None:
        seen |= Q(requester=person) | Q(firm__responsible=person) | Q(offered_to__spokesperson=person)
        seen |= Q(taken_by__spokesperson=person)  # who has it in hand still sees what was hidden from others
        held = posts.held_by(person)
        for scope in people.scopes_of(held):
            seen |= Q(area__path__contains=[scope.area_id])
            if scope.organisation_id is not None:
                seen |= Q(charge=scope.organisation_id)
        seen |= duties.visible(held)
    return whole().filter(seen)


def has_course(number: str) -> bool:
    """Tell whether a matter runs through posts; no statement where no service does."""
    codes = services.with_course()
    return bool(codes) and Matter.objects.filter(number=number, service_code__in=codes).exists()


def matter_for(person: Person | None, number: str) -> Matter:
    """Return one matter with all a page shows. Raises Missing for foreign and missing alike."""
    matter = visible_to(person).filter(number=number).first()
    if matter is None:
        raise Missing
    return matter


def matter_by_id(person: Person | None, matter_id: int) -> Matter:
    """Return one matter by its row id. Raises Missing for foreign and missing alike."""
    matter = visible_to(person).filter(pk=matter_id).first()
    if matter is None:
        raise Missing
    return matter


@dataclass(frozen=True)
class Near:
    """A card of the feed: an open matter and how far it is in metres (None where nobody said where they are)."""

    id: int
    number: str
    service_code: str
    title: str
    text: str
    category: str
    lat: float
    lon: float
    area_id: int
    firm_id: int | None
    requester_id: int
    raised_at: datetime
    wanted: str
    wanted_until: datetime | None
    listed: bool
    photo_count: int
    photo_key: str | None
    metres: float | None
    requester_name: str
    firm_name: str | None

    @property
    def asker(self) -> str:
        """Return how others name the side that asks: a firm's whole name, a person's public one."""
        return self.firm_name or public_name(self.requester_name)


class Narrowed(TypedDict, total=False):
    """What narrows a list of open matters; `numbers` asks for these alone, `since` for those raised from then on."""

    service: str
    skills: list[str] | None
    area_id: int | None
    words: str
    limit: int
    numbers: list[str] | None
    since: datetime | None


def open_near(
    lat: float, lon: float, *, after: tuple[float, int] | None = None, **narrowed: Unpack[Narrowed]
) -> list[Near]:
    """Return open matters of a service, nearest first (ties: oldest first); `after` is (metres, id) of the last seen.

    One statement where many wait, two where few do (nearest.py).
    """
    given = _asked(narrowed) | {"metres": after[0] if after else -1.0, "id": after[1] if after else 0}
    found: list[Near] = []
    if not (given["numbers"] or given["since"]) and (after is None or after[0] < NEXT):
        found = _cards(*nearest.statement(lat, lon, given, wide=False))
    return found if len(found) >= given["limit"] else _cards(*nearest.statement(lat, lon, given, wide=True))


def _asked(narrowed: Narrowed) -> dict[str, Any]:
    words = narrowed.get("words", "")
    return {
        "service": narrowed.get("service", "help-open"), "skills": narrowed.get("skills") or None,
        "area": narrowed.get("area_id"), "limit": narrowed.get("limit", 20), "numbers": narrowed.get("numbers"),
        "since": narrowed.get("since"), "words": f"%{_like(words)}%" if words else None,
        "searched": catalogue.load("limits")["search"]["newest"],
    }  # fmt: skip


def _cards(statement: str, given: dict[str, Any]) -> list[Near]:
    return [Near(*row) for row in ask(statement, given)]


def _like(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def open_newest(*, before: tuple[datetime, int] | None = None, **narrowed: Unpack[Narrowed]) -> list[Near]:
    """Return the newest open matters of a service, for somebody who said nothing of where they are."""
    given = _asked(narrowed) | {"at": before[0] if before else None, "id": before[1] if before else 0}
    older = "AND (m.raised_at, m.id) < (%(at)s, %(id)s)" if before else ""
    statement = f"""SELECT {nearest.CARD}, NULL::float8, {nearest.NAMES} FROM matters_matter m {nearest.JOINS}
        WHERE {nearest.OPEN} {older}{nearest.filters(given)}
        ORDER BY m.raised_at DESC, m.id DESC LIMIT %(limit)s"""  # noqa: S608 - constants
    return _cards(statement, given)


def similar_near(matter: Matter, *, limit: int = 3) -> list[Near]:
    """Return open needs like `matter`, nearest to it: of its category first, then any."""
    alike = open_near(
        matter.lat, matter.lon, skills=[matter.category] if matter.category else None, limit=limit
    )
    if len(alike) < limit:
        seen = {near.id for near in alike} | {matter.id}
        rest = open_near(matter.lat, matter.lon, limit=limit + len(seen))
        alike += [near for near in rest if near.id not in seen]
    return [near for near in alike if near.id != matter.id][:limit]


def mine(person: Person) -> QuerySet[Matter]:
    """Return what `person`, or a firm they are responsible for, has asked; newest first."""
    # an array, so that both ways go by their indexes: over a join the planner walks all matters, newest first
    of_firms = RawSQL(
        "matters_matter.firm_id = ANY(ARRAY(SELECT id FROM people_firm WHERE responsible_id = %s))",
        [person.pk], BooleanField(),
    )  # fmt: skip
    return whole().filter(Q(requester=person) | Q(of_firms)).order_by("-raised_at", "-id")


def jobs(person: Person) -> QuerySet[Matter]:
    """Return what pioneers `person` speaks for hold or held: in hand first."""
    return whole().filter(taken_by__spokesperson=person).order_by("-taken_at", "-id")


def offered_to(person: Person) -> QuerySet[Matter]:
    """Return the bookings that wait for the answer of `person`."""
    return whole().filter(state="offered", offered_to__spokesperson=person).order_by("due_at")


@dataclass(frozen=True)
class Step:
    """One line of a matter's life: what happened, when, by whom (kind and id), with plain facts."""

    at: datetime
    code: str
    actor_kind: str
    actor_id: int
    new: str


QUIET = ("matter.abuse-reported", "matter.abuse-judged", "matter.reporter-shown")  # for staff alone


def timeline(matter: Matter) -> list[Step]:
    """Return the record of one matter, oldest first; the caller has already been let see the matter."""
    rows = Entry.objects.filter(subject_kind="matter", subject_id=matter.id).order_by("position")
    rows = rows.exclude(code__in=QUIET)
    return [Step(*row) for row in rows.values_list("at", "code", "actor_kind", "actor_id", "new")]


def handlings(matter: Matter) -> list[Handling]:
    """Return all handlings of a matter, newest first, with pioneer, rating and teams called."""
    rows = (
        Handling.objects.filter(matter=matter)
        .select_related("pioneer", "rating")
        .prefetch_related(Prefetch("visits", Visit.objects.select_related("team").order_by("called_at")))
    )
    found = list(rows.order_by("-claimed_at"))
    for handling in found:
        _without_hidden_words(handling)
    return found


def _without_hidden_words(handling: Handling) -> None:
    rating = getattr(handling, "rating", None)
    if rating and rating.hidden:
        rating.text = ""


def talk(matter: Matter, *, by: Person) -> list[Message]:
    """Return the messages of a matter that `by` may read: the requester all, a pioneer the own thread."""
    asker = Q(matter__firm=None, matter__requester=by) | Q(matter__firm__responsible=by)
    side = asker | Q(pioneer__spokesperson=by)
    rows = (
        Message.objects.filter(side, Q(hidden=False) | Q(author=by), matter=matter)
        .select_related("author", "pioneer")
        .prefetch_related("photos")
    )
    return list(rows.order_by("sent_at", "id"))


def remarks(matter: Matter, *, by: Person | None) -> list[Remark]:
    """Return the words given with moves, oldest first, for the two sides; nobody else reads them."""
    asker = matter.firm.responsible_id if matter.firm else matter.requester_id
    taker = matter.taken_by.spokesperson_id if matter.taken_by else None
    if by is None or by.id not in {asker, taker}:
        return []
    return list(Remark.objects.filter(matter=matter).order_by("at", "id"))


def photos_of(matter: Matter) -> list[Photo]:
    """Return the photographs of the need and of its reports, oldest first; those of messages stay in their threads."""
    return list(matter.photos.exclude(purpose="message").order_by("id"))


def running(person: Person) -> Matter | None:
    """Return the newest need of `person` (or of a firm they are responsible for) that has not ended, or None."""
    return mine(person).filter(state__in=["raised", "offered", "open", "taken", "done"]).first()


def photo_for(person: Person | None, key: str) -> Photo:
    """Return a photograph that `person` may see: one's own, or part of a visible matter; Missing otherwise."""
    photo = Photo.objects.select_related("message__pioneer", "matter__firm").filter(key=key).first()
    if photo is None:
        raise Missing
    if person is not None and photo.owner_id == person.id:
        return photo
    if photo.matter_id is None or not visible_to(person).filter(pk=photo.matter_id).exists():
        raise Missing
    if photo.purpose == "message" and not _in_thread(person, photo):
        raise Missing
    return photo


def _in_thread(person: Person | None, photo: Photo) -> bool:
    if person is None or photo.message is None or photo.matter is None:
        return False
    asker = photo.matter.firm.responsible_id if photo.matter.firm else photo.matter.requester_id
    return person.id in {asker, photo.message.pioneer.spokesperson_id}


def today_counts(area_id: int, since: datetime) -> dict[str, int]:
    """Return true counts of an area's subtree since an instant: raised, taken, closed; one statement.

    Each is read from the rows of that time alone: handlings stand in the order of their claims (a BRIN index).
    """
    statement = """WITH here AS MATERIALIZED (SELECT a.id FROM places_area a WHERE a.path @> ARRAY[%(area)s::bigint])
        SELECT (SELECT count(*) FROM matters_matter m WHERE m.raised_at >= %(since)s
                AND m.area_id IN (SELECT id FROM here)),
            (SELECT count(DISTINCT h.matter_id) FROM matters_handling h JOIN matters_matter m ON m.id = h.matter_id
                WHERE h.claimed_at >= %(since)s AND m.area_id IN (SELECT id FROM here)),
            (SELECT count(*) FROM matters_matter m WHERE m.state = 'closed' AND m.closed_at >= %(since)s
                AND m.area_id IN (SELECT id FROM here))"""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"since": since, "area": area_id})
        row = cursor.fetchone()
    return dict(zip(("raised", "taken", "closed"), row, strict=True))


def _own(rows: QuerySet[Row]) -> Row:
    """Return the one row, or raise Missing."""
    row = rows.first()
    if row is None:
        raise Missing
    return row


def message_of(person: Person, message_id: int) -> Message:
    """Return a message `person` wrote, with its matter and thread. Raises Missing."""
    rows = Message.objects.filter(pk=message_id, author=person)
    return _own(rows.select_related("matter__firm", "pioneer", "author").prefetch_related("photos"))


def visit_of(person: Person, visit_id: int) -> Visit:
    """Return a call of a team that `person` made or answers, with the team. Raises Missing."""
    side = Q(team__spokesperson=person) | Q(handling__pioneer__spokesperson=person)
    return _own(Visit.objects.filter(side, pk=visit_id).select_related("team"))


def own_photo(person: Person, photo_id: int) -> Photo:
    """Return a photograph `person` sent. Raises Missing."""
    return _own(Photo.objects.filter(pk=photo_id, owner=person))


def own_offer(person: Person, offer_id: int) -> Offer:
    """Return an offer of a pioneer `person` speaks for, with that pioneer. Raises Missing."""
    return _own(Offer.objects.filter(pk=offer_id, pioneer__spokesperson=person).select_related("pioneer"))


def own_report(person: Person, report_id: int) -> AbuseReport:
    """Return a report of abuse that `person` made. Raises Missing."""
    report = AbuseReport.objects.filter(pk=report_id, reporter=person).first()
    if report is None:
        raise Missing
    return report
