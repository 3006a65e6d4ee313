"""Requests as anybody outside reads them: what is public here, and whatever a program reported, to its end.

Statements: one for the rows, whatever their number; the names of services come from memory.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, FloatField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from xianfeng.doors.gateways.open311 import asking, catalogue
from xianfeng.doors.gateways.open311.answers import moment
from xianfeng.doors.gateways.open311.asking import Given
from xianfeng.foundation.kernel import catalogue as house
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.matters.models import Matter, Photo
from xianfeng.matters.states import ENDS, LIVE_PUBLIC, State

OPEN, CLOSED = "open", "closed"
STATES = {OPEN: [state for state in State if state not in ENDS], CLOSED: sorted(ENDS)}
_SECOND = timedelta(seconds=1)
_FIELDS = (
    "id", "number", "service_code", "service_version", "category", "state", "title", "text", "lat", "lon", "area_id",
    "raised_at", "entered_at", "due_at", "taken_minutes",
)  # fmt: skip


def visible() -> QuerySet[Matter]:
    """Return the matters that programs may read: public ones, and those programs reported, but withdrawn ones."""
    public = Q(state__in=LIVE_PUBLIC)
    reported = Q(particulars__source__gt="") & ~Q(state=State.WITHDRAWN)
    rows = Matter.objects.filter(public | reported, hidden=False, service_code__in=catalogue.kept_codes())
    photo = Photo.objects.filter(matter=OuterRef("pk"), purpose="need").order_by("id").values("key")[:1]
    return rows.annotate(
        source=F("particulars__source"), placed=F("particulars__placed"), address=F("particulars__address"),
        address_code=F("particulars__address_code"), media_url=F("particulars__media_url"),
        agency=F("taken_by__organisation__name"), agency_en=F("taken_by__organisation__name_en"),
        photo=Subquery(photo),
    )  # fmt: skip


def one(number: str) -> QuerySet[Matter]:
    """Return the one request with this number. Raises Refused 'open311-request-unknown'."""
    rows = visible().filter(number=number) if _plain(number) else visible().none()
    if not rows.exists():
        raise Refused("open311-request-unknown")
    return rows


def _plain(number: str) -> bool:
    return len(number) <= 24 and number.isascii() and number.replace("-", "").isdigit()


def asked(given: Given) -> QuerySet[Matter]:
    """Return the requests asked for, newest first, one page at most. Raises Refused naming the parameter at fault."""
    most = asking.limits()["rows"]
    ids = given.several("service_request_id")
    if ids is not None:
        found = visible().filter(number__in=[number for number in ids if _plain(number)])
        return found.order_by("-raised_at", "-id")[:most]
    rows = visible().filter(_kinds(given), _status(given), _changed(given), _when(given))
    rows = _near(rows, given).order_by("-raised_at", "-id")
    size = given.whole("page_size", 1, 999_999_999) or most
    size = min(size, most)
    start = ((given.whole("page", 1, 999_999_999) or 1) - 1) * size
    return rows[start : start + size] if start < 2**31 else rows.none()


def _kinds(given: Given) -> Q:
    """Return the condition on services; a code nobody knows matches nothing."""
    codes = given.several("service_code")
    if codes is None:
        return Q()
    condition = Q(pk__in=[])
    for known in catalogue.offered():
        if known.code in codes:
            condition |= known.matters()
    return condition


def _status(given: Given) -> Q:
    wanted = given.several("status")
    if wanted is None:
        return Q()
    if not {one.lower() for one in wanted} <= set(STATES):
        raise Refused("open311-status", field="status", known="open, closed")
    return Q(state__in=[state for one in wanted for state in STATES[one.lower()]])


def _when(given: Given) -> Q:
    changes = given.text("updated_after") or given.text("updated_before")
    return between("raised_at", *asking.window(given, always=not changes))


def _changed(given: Given) -> Q:
    after, before = given.moment("updated_after"), given.moment("updated_before", last=True)
    return between("entered_at", after, before)


def between(column: str, start: datetime | None, end: datetime | None) -> Q:
    """Return the condition that `column`, which is told to the second, lies between two instants, both included."""
    condition = Q()
    if start:
        floor = start.replace(microsecond=0)
        condition &= Q(**{f"{column}__gte": floor + _SECOND if floor < start else floor})
    if end:
        condition &= Q(**{f"{column}__lt": end.replace(microsecond=0) + _SECOND})
    return condition


def _near(rows: QuerySet[Matter], given: Given) -> QuerySet[Matter]:
    """Keep what lies within `radius` metres of lat and long; what has no point of its own is not near anything."""
    point, limits = given.point(), asking.limits()
    radius = _radius(given)
    if point is None:
        if radius is not None:
            raise Refused("open311-coordinates", field="lat")
        return rows
    metres = RawSQL(_METRES, [point[0], point[0], point[1]], output_field=FloatField())  # noqa: S611 - constants
    within = Value(radius if radius is not None else float(limits["radius_metres"]))
    return rows.exclude(particulars__placed="city").annotate(metres=metres).filter(metres__lte=within)


def _radius(given: Given) -> float | None:
    value, most = given.text("radius"), asking.limits()["radius_most_metres"]
    if not value:
        return None
    metres = float(value) if asking.DECIMAL.fullmatch(value) else -1.0
    if not 0 <= metres <= most:
        raise asking.at_fault("open311-number", "radius", least=0, most=most)
    return metres


# great circle on the mean sphere, as places.datum.metres_between
_METRES = """2 * 6371008.8 * asin(least(1, sqrt(
    sin(radians("matters_matter"."lat" - %s) / 2) ^ 2 + cos(radians(%s)) * cos(radians("matters_matter"."lat"))
    * sin(radians("matters_matter"."lon" - %s) / 2) ^ 2)))"""


@dataclass(frozen=True)
class Origin:
    """Where this installation answers: what addresses of photographs begin with."""

    address: str


def rows(found: QuerySet[Matter], origin: Origin) -> list[dict[str, Any]]:
    """Return matters as Open311 requests."""
    areas, language = tree.current(), get_language() or ""
    return [_row(matter, origin, areas, language) for matter in found.only(*_FIELDS)]


def _row(matter: Any, origin: Origin, areas: tree.Tree, language: str) -> dict[str, Any]:
    kind = catalogue.outside(matter.service_code, matter.service_version, matter.category)
    area = areas.by_id.get(matter.area_id) or tree.find(matter.area_id)
    unplaced = matter.placed == "city"
    return {
        "service_request_id": matter.number, "status": CLOSED if matter.state in ENDS else OPEN,
        "status_notes": catalogue.word(house.load("open311")["notes"][matter.state]),
        "service_name": catalogue.name(kind), "service_code": kind.code, "description": description(matter),
        "agency_responsible": (matter.agency_en if catalogue.english() else matter.agency) or matter.agency,
        "service_notice": None, "requested_datetime": moment(matter.raised_at),
        "updated_datetime": moment(matter.entered_at), "expected_datetime": moment(expected(matter)),
        "address": matter.address or places.full_name_in(areas, area, language),
        "address_id": matter.address_code or area.code, "zipcode": None,
        "lat": None if unplaced else matter.lat, "long": None if unplaced else matter.lon,
        "media_url": matter.media_url or (f"{origin.address}/photo/{matter.photo}/large" if matter.photo else None),
    }  # fmt: skip


def description(matter: Any) -> str | None:
    """Return what was reported, as it was sent; a need's title comes before its text."""
    if matter.source:
        return matter.text or None
    return f"{matter.title}\n{matter.text}" if matter.text else str(matter.title)


def expected(matter: Any) -> datetime | None:
    """Return when it should be done: by the limits that run; None where none does."""
    if matter.due_at is None or matter.state not in {State.OPEN, State.OFFERED, State.TAKEN}:
        return None
    at: datetime = matter.due_at
    return at if matter.state == State.TAKEN else at + timedelta(minutes=matter.taken_minutes)


def by_token(token: str) -> str | None:
    """Return the number a token stands for, None while that is not public. Raises Refused 'open311-token-unknown'."""
    plain = len(token) <= 40 and token.isascii() and token.isprintable()
    matter = Matter.objects.filter(particulars__token=token).only("number").first() if plain else None
    if matter is None:
        raise Refused("open311-token-unknown")
    return matter.number if visible().filter(pk=matter.pk).exists() else None


def matter_of(number: str) -> Matter:
    """Return the matter behind a public request. Raises Refused 'open311-request-unknown'."""
    found = one(number).first()
    if found is None:
        raise Missing
    return found
