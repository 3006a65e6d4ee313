"""Who may do what with a matter, and why not: asked by pages to grey a button, by operations to explain a no."""

from datetime import datetime, timedelta

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.matters import services
from xianfeng.matters.models import Matter
from xianfeng.matters.states import ENDS, MOVES, State


def may_claim(pioneer: Pioneer | None, matter: Matter, *, by: Person | None) -> Refusal | None:
    """Say why `by`, acting for `pioneer`, may not grab `matter`; None if they may."""
    if by is None:
        return Refusal("sign-in-needed")
    if pioneer is None:
        return Refusal("not-a-pioneer")
    if pioneer.spokesperson_id != by.id:
        return Refusal("not-the-spokesperson")
    if matter.state != State.OPEN:
        return _gone(matter)
    if matter.hidden:
        return Refusal("not-open")
    return may_hold(pioneer, matter)


def _gone(matter: Matter) -> Refusal:
    if matter.state in {State.TAKEN, State.DONE, State.CLOSED} and matter.taken_by_id:
        return Refusal("already-taken")
    return Refusal("not-open")


def may_hold(pioneer: Pioneer, matter: Matter) -> Refusal | None:
    """Say why `pioneer` may not be given `matter` in hand; None if it may."""
    if pioneer.suspended_at:
        return Refusal("suspended")
    if matter.requester_id == pioneer.spokesperson_id:
        return Refusal("own-need")
    if matter.requester_id in pioneer.kin or _own_firm(pioneer, matter):
        return Refusal("kin-need")
    limit = services.held_at_once()
    if pioneer.held >= limit:
        return Refusal("hands-full", params={"held": pioneer.held, "limit": limit})
    return None


def _own_firm(pioneer: Pioneer, matter: Matter) -> bool:
    return matter.firm is not None and matter.firm.responsible_id in {*pioneer.kin, pioneer.spokesperson_id}


def is_requester(by: Person, matter: Matter) -> bool:
    """Tell whether `by` speaks for the side that asked: the person, or the firm's responsible person."""
    return by.id == (matter.firm.responsible_id if matter.firm else matter.requester_id)


def is_taker(by: Person, matter: Matter) -> bool:
    """Tell whether `by` speaks for the pioneer who holds the matter."""
    return matter.taken_by is not None and matter.taken_by.spokesperson_id == by.id


def is_offered(by: Person, matter: Matter) -> bool:
    """Tell whether the matter is offered to a pioneer `by` speaks for."""
    return matter.offered_to is not None and matter.offered_to.spokesperson_id == by.id


def is_side(by: Person, matter: Matter) -> bool:
    """Tell whether `by` is one of the two sides."""
    return is_requester(by, matter) or is_taker(by, matter)


def is_staff_of(by: Person, matter: Matter) -> bool:
    """Tell whether `by` is staff with a scope over the matter: of the city, of its area, or of who has it in charge."""
    return any(
        scope.area_id in matter.area.path or scope.organisation_id == (matter.charge_id or 0)
        for scope in people.scopes(by)
    )


def may_move(name: str, matter: Matter) -> Refusal | None:
    """Say why the move `name` does not lead on from where `matter` stands."""
    if State(matter.state) in MOVES[name].source:
        return None
    return Refusal("wrong-state", params={"state": matter.state, "move": name})


def returns_freely(matter: Matter, *, at: datetime | None = None) -> bool:
    """Tell whether the taker may still give `matter` back without a reason and without its being counted."""
    service = services.version(matter.service_code, matter.service_version)
    minutes = timedelta(minutes=service.number("return_free_minutes"))
    return matter.taken_at is not None and (at or clock.now()) <= matter.taken_at + minutes


def may_rate(matter: Matter) -> Refusal | None:
    """Say why `matter` cannot be rated now."""
    return may_move("rate", matter)


def may_reopen(matter: Matter, *, at: datetime | None = None) -> Refusal | None:
    """Say why a closed matter cannot be reopened: once, and within the service's days."""
    if refusal := may_move("reopen", matter):
        return refusal
    service = services.version(matter.service_code, matter.service_version)
    if matter.reopened_count >= service.number("reopen_times"):
        return Refusal("reopened-before")
    days = service.number("reopen_days")
    if matter.closed_at is None or (at or clock.now()) > matter.closed_at + timedelta(days=days):
        return Refusal("reopen-too-late", params={"days": days})
    return None


def may_transfer(matter: Matter) -> Refusal | None:
    """Say why `matter` cannot be handed over to another organisation: only what has not ended."""
    if State(matter.state) in ENDS:
        return Refusal("wrong-state", params={"state": matter.state, "move": "transfer"})
    return None


def may_extend(matter: Matter) -> Refusal | None:
    """Say why the limit of `matter` cannot be extended: only where one runs, and only once."""
    if matter.due_at is None:
        return Refusal("wrong-state", params={"state": matter.state, "move": "extend"})
    service = services.version(matter.service_code, matter.service_version)
    if matter.extended_count >= service.number("extend_times"):
        return Refusal("extended-before")
    return None
