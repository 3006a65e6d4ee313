"""Which services one may ask for on these pages: by system, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.matters import services
from xianfeng.matters.services import Definition
from xianfeng.matters.systems import known

PLAIN, BOOKING = "help-open", "help-booking"


@dataclass(frozen=True)
class Offered:
    """A service as one reads it: its name, what it is for, and what the page that asks says above its form."""

    code: str
    name: str
    what: str
    ask: str
    hint: str
    by_posts: bool


@dataclass(frozen=True)
class Group:
    """A system with its services."""

    name: str
    what: str
    services: list[Offered]


def service(code: str, *, booked: bool) -> Definition:
    """Return the service one asks for. Raises Missing where that is not done here, Refused 'service-withdrawn'."""
    if booked or not code:
        return services.current(BOOKING if booked else PLAIN)
    found = services.current(code)
    if not _open(found):
        raise Missing
    return found


def _open(one: Definition) -> bool:
    """Tell whether anybody may ask for it by a form: a booking goes to a pioneer, a room's own has its own page.

    What runs through posts is not asked for here while those who hold them have no page to answer it on.
    """
    return bool(one.data["raisers"]) and one.handover != "book" and "course" not in one.data


def title(one: Definition) -> Mapping[str, str]:
    """Return what stands in the first line before anything is typed: the service's name, if it says what happened."""
    return {} if one.code == PLAIN else {"title": _word(one.data)}


def shown(one: Definition) -> Offered:
    """Return a service as it is read."""
    language, system = get_language() or "", str(one.data.get("system", ""))
    return Offered(
        one.code, _word(one.data), _word(one.data, "what"), known.text(system, "ask", language),
        known.text(system, "hint", language), one.handover in {"duty", "assign"},
    )  # fmt: skip


def groups() -> list[Group]:
    """Return the systems with the services anybody may ask for, in their order."""
    every = [one for one in services.all_current() if _open(one)]
    found = [
        Group(
            _word(data), _word(data, "what"), [shown(one) for one in every if one.data.get("system") == code]
        )
        for code, data in known.systems().items()
    ]
    return [group for group in found if group.services]


def _word(entry: Mapping[str, Any], name: str = "") -> str:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return str(entry[f"{language}_{name}" if name else language])
