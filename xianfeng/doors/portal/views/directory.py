"""风采展示: who the pioneers are, and who did best in the last month."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.queries import pioneers as reads
from xianfeng.doors.portal.shown import choices, people
from xianfeng.doors.portal.shown import honours as honoured
from xianfeng.doors.portal.views.place import where
from xianfeng.foundation.kernel import clock, cursors
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people import queries
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area, Level
from xianfeng.recognition.honours.operations import monthly

PAGE = 20
_CURSOR = "pioneers"


@require_safe
def pioneers(request: HttpRequest) -> HttpResponse:
    """List pioneers, best index first: words, skill, area, kind, organisation; pages go on where the last ended."""
    asked = {
        name: request.GET.get(name, "").strip()[:60]
        for name in ("q", "skill", "area", "kind", "organisation")
    }
    found = _found(asked, request.GET.get("cursor"))
    shown = found[:PAGE]
    more = _more(asked, shown[-1]) if len(found) > PAGE else ""
    context = {
        "tab": "pioneers", "cards": people.cards(shown), "more": more, "asked": asked, "narrowed": any(asked.values()),
        "skills": choices.skills(asked["skill"]), "kinds": choices.kinds(asked["kind"]),
        "areas": choices.counties(asked["area"], *_near(request, asked["area"])),
        "organisations": choices.organisations(asked["organisation"]), "first": "cursor" not in request.GET,
    }  # fmt: skip
    return render(request, "portal/pioneers.html", context)


def _found(asked: dict[str, str], cursor: str | None) -> list[Pioneer]:
    area = choices.area(asked["area"])
    rows = queries.directory(
        words=asked["q"], skill=asked["skill"], area_id=area.pk if area else None, kind=asked["kind"],
        organisation_kind=asked["organisation"], after=_after(cursor),
    )  # fmt: skip
    return list(rows[: PAGE + 1])


def _after(cursor: str | None) -> tuple[float | None, int] | None:
    place = cursors.unpack(_CURSOR, cursor)
    if place is None:
        return None
    match place:
        case [float() | int() | None as index, int() as last]:
            return index, last
    raise Refused("cursor-invalid", field="cursor")


def _more(asked: dict[str, str], last: Pioneer) -> str:
    kept = {name: value for name, value in asked.items() if value}
    kept["cursor"] = cursors.pack(_CURSOR, [last.index, last.id])
    return f"{reverse('portal:pioneers')}?{urlencode(kept)}"


def _near(request: HttpRequest, code: str) -> list[Area]:
    """Return the areas to choose besides the counties: the reader's own line, and the one chosen now."""
    here = where(request)
    own = [*places.ancestors(here.area), here.area][1:] if here.known else []
    chosen = choices.area(code)
    return [*own, *([chosen] if chosen else [])]


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """Show the pioneers of the month as staff confirmed them, and who helped most in the last whole month."""
    since, until = last_month(clock.now())
    best, asked = reads.of_the_month(since, until), _month(request.GET.get("month", ""))
    picked = monthly.published(places.at_level(where(request).area, Level.COUNTY), asked)
    shown = picked[0].month if picked else asked
    context = {
        "tab": "pioneers", "since": since, "picks": honoured.picks(picked), "month": shown,
        "earlier": monthly.month_before(shown) if shown else None,
        "best": [(one, people.where(one.area_id)) for one in best],
        "stars": reads.MONTH_STARS, "english": (get_language() or "").startswith("en"),
    }  # fmt: skip
    return render(request, "portal/month.html", context)


def _month(text: str) -> date | None:
    """Return the month asked for as 'YYYY-MM', None for the last one with picks. Raises Missing for anything else."""
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        raise Missing from None


def last_month(now: datetime) -> tuple[datetime, datetime]:
    """Return the first instant of the last whole month, and that of this one, in the city's time."""
    until = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = until - timedelta(days=1)
    return timezone.make_aware(datetime(before.year, before.month, 1)), until  # noqa: DTZ001 - made aware here
