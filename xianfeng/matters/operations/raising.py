"""Asking: a need is raised, or withdrawn."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F

from xianfeng.foundation.kernel import catalogue, clock, idempotency, keyring, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write, write_at_once
from xianfeng.foundation.people.models import Firm, Person, Pioneer
from xianfeng.foundation.places import cells, datum, locate
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import categories, questions, rules, services, steps
from xianfeng.matters.duties import steps as duties
from xianfeng.matters.models import Matter, Offer, Particulars, Photo
from xianfeng.matters.states import State

WANTED = ("now", "today", "days", "date")


@dataclass(frozen=True)
class Outside:
    """What a program outside tells with a need. `contact`: how to reach who reported it, sealed when it is kept.

    `address` may be read by anybody; `placed` says how sure the point is (Particulars); `area_id`: the area that was
    named instead of a point; `token` is exchanged for the number.
    """

    source: str
    contact: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    address_code: str = ""
    media_url: str = ""
    placed: str = "point"
    area_id: int | None = None
    token: str | None = None


@dataclass(frozen=True)
class Need:
    """What somebody asks. Coordinates are degrees in `datum` ('wgs84', 'gcj02', 'bd09'); `photos` are photo keys.

    `answers`: the values given to each question of the service, by its code.
    `pioneer_id` or `offer_id` book (help-booking); `wanted_from`/`wanted_until` are the time window.
    """

    title: str
    lat: float
    lon: float
    datum: str
    text: str = ""
    service: str = "help-open"
    category: str = ""
    address: str = ""
    wanted: str = "days"
    wanted_from: datetime | None = None
    wanted_until: datetime | None = None
    firm_id: int | None = None
    pioneer_id: int | None = None
    offer_id: int | None = None
    photos: Sequence[str] = field(default_factory=tuple)
    answers: questions.Given = field(default_factory=dict)
    outside: Outside | None = None
    urgent: bool = False


def raise_matter(need: Need, *, by: Person) -> Matter:
    """Raise a need; it stands open (or offered, or raised, as its service says) when this returns.

    Raises Refused with the field at fault: 'text-missing', 'text-too-long', 'datum-unknown', 'coordinates-invalid',
    'service-unknown', 'service-withdrawn', 'service-raisers', 'category-unknown', 'firm-not-yours',
    'booking-needs-pioneer', 'offer-full', 'own-need', and those of questions.answered.
    """
    at = clock.now()
    service = services.current(need.service)
    _may_raise(need, service)
    values = _values(need, service, by, at)
    more = bool(need.photos or service.data.get("questions") or need.outside or service.course)
    single = service.handover != "book" and not more
    with write_at_once() if single else write():
        matter = _raised(need, service, values, by, at)
        idempotency.note("matter", matter.id)
        return matter


def _may_raise(need: Need, service: services.Definition) -> None:
    raisers = service.data["raisers"]
    if not raisers:  # only a room of services raises such
        raise Refused("service-unknown", field="service")
    if ("firm" if need.firm_id else "person") not in raisers:
        raise Refused("service-raisers", field="service")


def raised_within(need: Need, *, by: Person, at: datetime) -> Matter:
    """Raise a need as `raise_matter` does, within the transaction of an operation of a room above.

    The caller opens the transaction, and notes for the request's key what came of it. Raises what raise_matter does.
    """
    service = services.current(need.service)
    return _raised(need, service, _values(need, service, by, at), by, at)


def _raised(
    need: Need, service: services.Definition, values: dict[str, Any], by: Person, at: datetime
) -> Matter:
    answers = questions.answered(service, need.answers)
    photos = {*need.photos, *questions.photos(service, answers)} if answers else set(need.photos)
    values["photo_count"] = len(photos)
    _reserve(need, service, values, by)
    if service.data.get("private"):
        values["hidden"] = True
    state = State(values["state"])
    new = {"state": state, "service": need.service, "offered_to": values["offered_to_id"]}
    if need.outside:
        new["source"] = need.outside.source
    matter = steps.raise_in_one_statement(
        values, code="matter.raised", actor=actor(by.id), at=at, day=_day(at), new=new
    )
    matter.requester = by
    if photos:
        _attach(photos, matter, by)
    if answers or need.outside:
        _keep(matter, answers, need.outside)
    if state == State.FILED:
        matter = duties.begin(steps.reread(matter), actor=actor(by.id), at=at, urgent=need.urgent)
    return matter


def _day(at: datetime) -> str:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%y%m%d")


def _values(need: Need, service: services.Definition, by: Person, at: datetime) -> dict[str, Any]:
    limits = catalogue.load("limits")["matter"]
    title = texts.clean_line(need.title, field="title", limit=limits["title_length"])
    text = texts.clean_text(need.text, field="text", limit=limits["text_length"], required=False)
    lat, lon = datum.to_wgs84(need.lat, need.lon, need.datum)
    place = locate.locate(lat, lon)
    if need.wanted not in WANTED:
        raise Refused("wanted-unknown", field="wanted")
    state = service.first_state
    return {
        "service_code": service.code, "service_version": service.version, "state": state, "title": title, "text": text,
        "category": _category(need, service, f"{title} {text}"),
        "lat": lat, "lon": lon, "cell": cells.cell(lat, lon), "area_id": _area(need) or place.area.id,
        "outside": place.outside,
        "address_sealed": _sealed(need.address), "requester_id": by.id, "firm_id": _firm(need.firm_id, by),
        "wanted": need.wanted, "wanted_from": need.wanted_from, "wanted_until": need.wanted_until,
        "raised_at": at, "entered_at": at, "due_at": service.due(state, at),
        "taken_minutes": service.minutes(State.TAKEN), "offered_to_id": None, "offer_id": None,
        "listed": False, "released_count": 0, "disputed_count": 0, "reopened_count": 0, "extended_count": 0,
        "photo_count": 0,
    }  # fmt: skip


def _category(need: Need, service: services.Definition, words: str) -> str:
    return categories.checked(need.category) or service.data.get("category") or categories.suggest(words)


def _area(need: Need) -> int | None:
    return need.outside.area_id if need.outside else None


def _keep(matter: Matter, answers: questions.Answers, outside: Outside | None) -> None:
    """Keep what came with a matter beside it, so that no claim has to carry it."""
    told = outside or Outside("")
    contact = {name: value for name, value in told.contact.items() if value}
    Particulars.objects.create(
        matter=matter, answers=answers, source=told.source, address=told.address, address_code=told.address_code,
        media_url=told.media_url, placed=told.placed, token=told.token,
        contact_sealed=keyring.seal("contact", json.dumps(contact)) if contact else None,
    )  # fmt: skip


def _sealed(address: str) -> bytes | None:
    limit = catalogue.load("limits")["matter"]["address_length"]
    plain = texts.clean_line(address, field="address", limit=limit, required=False)
    return keyring.seal("address", plain) if plain else None


def _firm(firm_id: int | None, by: Person) -> int | None:
    if firm_id is None:
        return None
    if not Firm.objects.filter(pk=firm_id, responsible=by, verified_at__isnull=False).exists():
        raise Refused("firm-not-yours", field="firm")
    return firm_id


def _reserve(need: Need, service: services.Definition, values: dict[str, Any], by: Person) -> None:
    """Find whom a booking goes to, and take one place of the offer, if one was ordered from the menu."""
    if service.handover != "book":
        return
    pioneer_id = need.pioneer_id
    if need.offer_id is not None:
        pioneer_id = _take_place(need.offer_id)
        values["offer_id"] = need.offer_id
    pioneer = Pioneer.objects.filter(pk=pioneer_id, suspended_at=None).first() if pioneer_id else None
    if pioneer is None:
        raise Refused("booking-needs-pioneer", field="pioneer")
    if by.id in pioneer.kin:
        raise Refused("own-need" if by.id == pioneer.spokesperson_id else "kin-need", field="pioneer")
    values["offered_to_id"] = pioneer.id


def _take_place(offer_id: int) -> int:
    live = Offer.objects.filter(pk=offer_id, withdrawn_at=None)
    if not live.filter(booked__lt=F("capacity")).update(booked=F("booked") + 1):
        if live.exists():
            raise Refused("offer-full", field="offer")
        raise Missing
    return int(live.values_list("pioneer_id", flat=True).get())


def _attach(keys: Collection[str], matter: Matter, by: Person) -> None:
    limit = services.version(matter.service_code, matter.service_version).number("photos")
    if len(keys) > limit:
        raise Refused("too-many-photos", field="photos", limit=limit)
    moved = Photo.objects.filter(key__in=list(keys), owner=by, matter=None).update(
        matter=matter, purpose="need"
    )
    if moved != len(keys):
        raise Refused("photo-unknown", field="photos")


def withdraw(number: str, *, by: Person) -> Matter:
    """Withdraw an own need that nobody has taken yet; again answers the same."""
    with write():
        matter = steps.locked(number, by=by)
        if not rules.is_requester(by, matter):
            raise Missing
        if matter.state == State.WITHDRAWN:
            idempotency.note("matter", matter.id)
            return matter
        steps.free_offer(matter)
        duties.end_any(matter, "withdrawn", clock.now())
        matter = steps.move(matter, "withdraw", actor=actor(by.id), at=clock.now(), sets={"offer_id": None})
        idempotency.note("matter", matter.id)
        return matter
