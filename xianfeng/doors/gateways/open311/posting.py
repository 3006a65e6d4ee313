"""POST requests: what a program reports becomes a matter like any other, raised by the account of its key."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from xianfeng.doors.gateways.open311 import asking, catalogue
from xianfeng.doors.gateways.open311.asking import Faults, Given
from xianfeng.doors.gateways.open311.catalogue import Offered
from xianfeng.foundation.kernel import catalogue as house
from xianfeng.foundation.kernel import texts
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import city
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area
from xianfeng.matters import questions
from xianfeng.matters.models import Matter
from xianfeng.matters.operations import photos
from xianfeng.matters.operations.raising import Need, Outside, raise_matter

CONTACT = ("first_name", "last_name", "email", "phone", "device_id", "account_id")
SOURCE = "open311"


@dataclass(frozen=True)
class Spot:
    """Where it is: a point in WGS-84 and how sure it is, as matters' Particulars say it."""

    lat: float
    lon: float
    placed: str
    area_id: int | None


def report(given: Given, media: Any, *, by: Person) -> dict[str, Any]:
    """Raise what was reported; return the answer's row: a number, or a token for services of type batch.

    Raises Refused, or Faults with everything that is wrong.
    """
    kind = _service(given)
    need = _need(kind, given, media, by)
    matter = raise_matter(need, by=by)
    return _answer(kind, matter, need.outside)


def _answer(kind: Offered, matter: Matter, outside: Outside | None) -> dict[str, Any]:
    token = outside.token if outside else None
    named = {"token": token} if kind.batch else {"service_request_id": matter.number}
    return {**named, "service_notice": catalogue.word(house.load("open311"), "notice"), "account_id": None}


def _service(given: Given) -> Offered:
    code = given.text("service_code")
    if not code:
        raise Refused("open311-service-missing", field="service_code")
    found = catalogue.find(code, catalogue.offered())
    if found is None:
        raise Refused("open311-service-unknown", field="service_code", code=code[:60])
    return found


def _need(kind: Offered, given: Given, media: Any, by: Person) -> Need:
    """Return the need, or raise Faults with all that is wrong at once."""
    faults: list[Refusal] = []

    def tried(read: Any, *arguments: Any) -> Any:
        try:
            return read(*arguments)
        except Refused as refused:
            faults.append(refused.refusal)
            return None

    spot = tried(_spot, given)
    address = tried(given.short, "address_string", asking.limits()["address_length"])
    code = tried(given.short, "address_id", 60)
    media_url = tried(given.address, "media_url")
    contact = tried(contact_of, given)
    text = tried(_words, given)
    sent = ["media"] if media is not None and media.size else []
    faults += questions.checked(kind.service, _answers(kind, given, sent))[1]
    if faults:
        raise Faults(faults)
    public = texts.clean_line(address, field="address_string", limit=200, required=False)
    outside = Outside(
        source=SOURCE, contact=contact, address=public if kind.public_address else "", address_code=code,
        media_url=media_url, placed=spot.placed, area_id=spot.area_id,
        token=secrets.token_urlsafe(18) if kind.batch else None,
    )  # fmt: skip
    keys = _photos(media, by)
    return Need(
        title=title_of(text, kind), text=text, lat=spot.lat, lon=spot.lon, datum="wgs84", service=kind.service.code,
        category=kind.category, answers=_answers(kind, given, keys), outside=outside,
        address="" if kind.public_address else public[: house.load("limits")["matter"]["address_length"]],
        photos=keys,
    )  # fmt: skip


def _answers(kind: Offered, given: Given, photo_keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return what was answered; the picture that came along answers the first question that wants one."""
    asked = next((one.code for one in questions.of(kind.service) if one.kind == "photo"), None)
    told = given.attributes()
    return {**told, asked: photo_keys} if asked and photo_keys else told


def _words(given: Given) -> str:
    most = asking.limits()["description_length"]
    return texts.clean_text(given.raw("description"), field="description", limit=most, required=False)


def title_of(text: str, kind: Offered) -> str:
    """Return a title for what was reported: its first line, cut where long; without one the service's name."""
    first, most = text.partition("\n")[0].strip(), house.load("limits")["matter"]["title_length"]
    line = texts.clean_line(first, field="description", limit=len(first) + 1, required=False)
    if not line:
        return catalogue.name(kind)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _spot(given: Given) -> Spot:
    """Return where it is. A point is kept as it is, also outside the city; an address is looked for among the areas."""
    if point := given.point():
        return Spot(*point, "point", None)
    address, code = given.text("address_string"), given.text("address_id")
    if not address and not code:
        raise Refused("open311-place-missing", field="lat")
    area = _area(code) or places.named_in(address)
    if area is None or area.lat is None or area.lon is None:
        middle = city.served()
        return Spot(middle.lat, middle.lon, "city", places.root().pk)
    return Spot(area.lat, area.lon, "area", area.pk)


def _area(code: str) -> Area | None:
    try:
        return places.by_code(code)
    except Missing:
        return None


def contact_of(given: Given) -> Mapping[str, str]:
    """Return how to reach who reported it. Raises Refused 'open311-field-long'."""
    most = asking.limits()["field_length"]
    return {
        name: texts.clean_line(given.short(name, most), field=name, limit=most, required=False)
        for name in CONTACT
    }


def _photos(media: Any, by: Person) -> tuple[str, ...]:
    """Take in the picture that came along, if one did."""
    if media is None or not media.size:
        return ()
    return (photos.take_in(cast("BinaryIO", media), media.size, by=by).key,)
