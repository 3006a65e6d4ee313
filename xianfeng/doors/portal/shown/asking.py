"""What the form of a need offers to choose: places, windows of time, firms, categories, and whom one books."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.doors.portal.forms import asking as forms
from xianfeng.doors.portal.forms.asking import Booking
from xianfeng.doors.portal.views.place import Where
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people.models import Firm, Pioneer
from xianfeng.foundation.places import datum
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area, Level
from xianfeng.matters import categories, similar
from xianfeng.matters.operations.offers import menu

_PARTS = ((time(8), time(12)), (time(13), time(17)), (time(18), time(20)))
WINDOWS = 5


@dataclass(frozen=True)
class Option:
    """One thing to choose: its value and its words."""

    value: str
    label: str


@dataclass(frozen=True)
class Example:
    """A sentence to tap instead of typing it: its code, its words, its category and the picture of that."""

    code: str
    words: str
    category: str
    icon: str


@dataclass(frozen=True)
class Group:
    """Towns under their county."""

    label: str
    options: list[Option]


def towns() -> list[Group]:
    """Return all towns by county, in the reader's language."""
    language = get_language() or ""
    return [
        Group(
            places.name(county, language),
            [Option(town.code, places.name(town, language)) for town in places.towns(county)],
        )
        for county in places.children(places.root())
    ]


def town_of(area: Area) -> str:
    """Return the code of the town that holds `area`, '' where nothing so small is known."""
    town = places.at_level(area, Level.TOWN)
    return town.code if town else ""


def windows() -> list[Option]:
    """Return the next windows of time to book by one tap, first those of today, and a day of one's own."""
    now = timezone.localtime(clock.now())
    found = []
    for days in range(4):
        day = (now + timedelta(days=days)).date()
        for begin, end in _PARTS:
            if timezone.make_aware(datetime.combine(day, begin)) > now:
                label = f"{_day(days, now)} {begin:%H:%M}–{end:%H:%M}"
                found.append(Option(f"{day.isoformat()}T{begin:%H:%M}/{end:%H:%M}", label))
    return [*found[:WINDOWS], Option("other", _("选日子"))]


def wanted() -> list[Option]:
    """Return when help may be wanted."""
    return [
        Option("now", _("现在")), Option("today", _("今天")), Option("days", _("这几天")), Option("date", _("选日子")),
    ]  # fmt: skip


def on_behalf(firms: Iterable[Firm]) -> list[Option]:
    """Return for whom one may ask: oneself or one of `firms`; nothing to choose where there are none."""
    named = [Option(str(firm.pk), firm.name) for firm in firms]
    return [Option("", _("自己")), *named] if named else []


def _day(days: int, now: datetime) -> str:
    if days < 2:
        return _("明天") if days else _("今天")
    return str(date_format(now + timedelta(days=days), _("n 月 j 日")))


def alike(typed: Mapping[str, str]) -> dict[str, list[similar.Alike]]:
    """Return what says the same close to where help is wanted, open now and done before; nothing without a place."""
    words = typed.get("title", "")[:400]
    try:
        lat, lon = datum.to_wgs84(*forms.point(typed))
    except Refused:
        return {}
    return {"alike": similar.open_now(words, lat, lon), "before": similar.before(words, lat, lon)}


def skills() -> list[Option]:
    """Return the categories a need may be about."""
    language = get_language() or ""
    return [Option(code, categories.label(code, language)) for code in catalogue.known("skills")]


def examples() -> list[Example]:
    """Return what people ask for most, in the reader's language, to be tapped instead of typed."""
    language, skills = "en" if (get_language() or "").startswith("en") else "zh", catalogue.load("skills")
    return [
        Example(code, entry[language], entry["category"], skills[entry["category"]]["icon"])
        for code, entry in catalogue.load("texts/examples").items()
    ]


def days() -> tuple[str, str]:
    """Return the first and the last day a form may ask for, as a date field wants them."""
    today = timezone.localdate()
    return today.isoformat(), (today + timedelta(days=180)).isoformat()


@dataclass(frozen=True)
class Booked:
    """Whom a booking goes to, with what is offered."""

    booking: Booking
    pioneer: Pioneer
    title: str = ""
    times: str = ""


def booked(asked: Mapping[str, str], number: int | None) -> Booked | None:
    """Return whom `asked` books: ?pioneer= or ?offer= with `number`. Raises Missing for what cannot be booked."""
    if not (asked.get("pioneer") or asked.get("offer")):
        return None
    if asked.get("offer"):
        offer = menu().filter(pk=number or 0).first()
        if offer is None:
            raise Missing
        return Booked(Booking(offer_id=offer.pk), offer.pioneer, offer.title, offer.times)
    pioneer = Pioneer.objects.filter(pk=number or 0, suspended_at=None).first()
    if pioneer is None:
        raise Missing
    return Booked(Booking(pioneer_id=pioneer.pk), pioneer)


def start(here: Where, booked: Booked | None, said: str = "") -> dict[str, str]:
    """Return how an empty form begins: what is ordered or said by one tap, and where the reader is, if known."""
    tapped = next((one for one in examples() if one.code == said and not booked), None)
    words = {"title": tapped.words, "category": tapped.category} if tapped else {}
    town = town_of(here.area) if here.known else ""
    point = {"lat": f"{here.lat}", "lon": f"{here.lon}", "datum": "wgs84", "point_area": town} if town else {}
    return {"title": booked.title if booked else "", "area": town, "wanted": "days", **point, **words}
