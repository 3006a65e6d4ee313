"""Who reads a need's page, and what this reader may do with it."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters import rules, services
from xianfeng.matters.models import Handling, Matter
from xianfeng.matters.states import State


@dataclass(frozen=True)
class Reader:
    """A reader of one matter: the person, the pioneers they speak for, and which side they are on."""

    person: Person | None
    pioneers: list[Pioneer]
    requester: bool = False
    taker: bool = False
    offered: bool = False

    @property
    def side(self) -> bool:
        """Tell whether the reader asked or has it in hand."""
        return self.requester or self.taker


def reader_of(person: Person | None, pioneers: list[Pioneer], matter: Matter) -> Reader:
    """Return how `person` stands to `matter`."""
    if person is None:
        return Reader(None, [])
    return Reader(
        person, pioneers, requester=rules.is_requester(person, matter), taker=rules.is_taker(person, matter),
        offered=rules.is_offered(person, matter),
    )  # fmt: skip


def asker_name(matter: Matter, reader: Reader) -> str:
    """Return how `reader` reads of the asking side: 您, the firm, the whole name while it is in hand, else a part."""
    if reader.requester:
        return _("您")
    if matter.firm:
        return matter.firm.name
    name = matter.requester.name
    if reader.taker and matter.state in {State.TAKEN, State.DONE}:
        return name or _("一位居民")
    return public_name(name) if name else _("一位居民")


@dataclass(frozen=True)
class Choice:
    """One pioneer the reader may take the need for; `why` says why not."""

    id: int
    name: str
    why: str = ""


@dataclass(frozen=True)
class ClaimBar:
    """The bar under an open need: what holds, and either whom to take it for or why it cannot be taken."""

    rule: str
    choices: list[Choice]
    why: str = ""
    sign_in: bool = False


def claim_bar(reader: Reader, matter: Matter) -> ClaimBar | None:
    """Return the bar for a reader who is not a side; None where nothing is to be taken and nothing to be said."""
    if reader.side or reader.offered or matter.state not in {State.OPEN, State.TAKEN}:
        return None
    if matter.state == State.TAKEN:
        name = matter.taken_by.name if matter.taken_by else ""
        return (
            ClaimBar("", [], why=_("%(name)s 接了，这件有人帮了") % {"name": name})
            if reader.pioneers
            else None
        )
    if reader.person is None:
        return ClaimBar(_("先按先得"), [], sign_in=True)
    return _open_bar(reader, matter)


def _open_bar(reader: Reader, matter: Matter) -> ClaimBar:
    asked = [(one, rules.may_claim(one, matter, by=reader.person)) for one in reader.pioneers]
    free = [Choice(one.pk, one.name) for one, refusal in asked if refusal is None]
    if free:
        return ClaimBar(_rule(next(one for one, refusal in asked if refusal is None)), free)
    refusal = asked[0][1] if asked else rules.may_claim(None, matter, by=reader.person)
    return ClaimBar("", [], why=told(refusal or Refusal("not-open")))


def _rule(pioneer: Pioneer) -> str:
    limit = services.held_at_once()
    return _("先按先得。您手上 %(held)s 件，还能接 %(left)s 件") % {
        "held": pioneer.held, "left": limit - pioneer.held,
    }  # fmt: skip


@dataclass(frozen=True)
class Allowed:
    """Which moves the page offers to this reader."""

    withdraw: bool = False
    rate: bool = False
    change_rating: bool = False
    dispute: bool = False
    reopen: bool = False
    verify: bool = False
    report: bool = False
    release: bool = False
    freely: bool = False
    team: bool = False
    contact: bool = False
    accept: bool = False
    ask: bool = False


def allowed(reader: Reader, matter: Matter, handling: Handling | None) -> Allowed:
    """Return the moves that lead on from here for this reader; rules decide, as in the operations."""
    taken = matter.state == State.TAKEN
    mine = reader.requester
    return Allowed(
        withdraw=mine and rules.may_move("withdraw", matter) is None,
        rate=mine and rules.may_rate(matter) is None,
        change_rating=mine and _rating_open(matter, handling),
        dispute=mine and rules.may_move("dispute", matter) is None,
        reopen=mine and rules.may_reopen(matter) is None,
        verify=mine and matter.state in {State.DONE, State.CLOSED} and _unverified(handling),
        report=reader.taker and taken, release=reader.taker and taken,
        freely=reader.taker and taken and rules.returns_freely(matter), team=reader.taker and taken,
        contact=reader.side and matter.state in {State.TAKEN, State.DONE} and matter.taken_by_id is not None,
        accept=reader.offered and matter.state == State.OFFERED,
        ask=bool(reader.pioneers) and not mine and matter.state == State.OPEN,
    )  # fmt: skip


def _rating_open(matter: Matter, handling: Handling | None) -> bool:
    rating = getattr(handling, "rating", None)
    if rating is None or matter.state != State.CLOSED:
        return False
    days = services.version(matter.service_code, matter.service_version).number("rating_days")
    return bool(clock.now() <= rating.rated_at + timedelta(days=days))


def _unverified(handling: Handling | None) -> bool:
    return handling is not None and handling.benefit_yuan is not None and handling.benefit_verified_at is None
