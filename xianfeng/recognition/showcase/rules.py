"""Who may do what in the showcase, and why not."""

from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.recognition.showcase.models import Achievement, Benefit, Live, Living
from xianfeng.recognition.showcase.states import MOVES


def speaks(by: Person | None, pioneer: Pioneer) -> bool:
    """Tell whether `by` acts for `pioneer`."""
    return by is not None and pioneer.spokesperson_id == by.id


def is_staff_of(by: Person | None, pioneer: Pioneer) -> bool:
    """Tell whether `by` is staff of the city, or of the organisation that vouches for `pioneer`."""
    return any(scope.organisation_id in {None, pioneer.organisation_id} for scope in people.scopes(by))


def may_move(name: str, row: Living) -> Refusal | None:
    """Say why the move `name` does not lead on from where `row` stands."""
    if row.state in MOVES[row.KIND, name].source:
        return None
    return Refusal("showcase-wrong-state", params={"state": row.state, "move": name})


def may_adopt(by: Person | None, achievement: Achievement) -> Refusal | None:
    """Say why `by` cannot ask to use an achievement: their own, or its author takes nothing on now."""
    if by is None:
        return Refusal("sign-in-needed")
    if achievement.state != "published":
        return Refusal("showcase-wrong-state", params={"state": achievement.state, "move": "adopt"})
    if by.id in {achievement.pioneer.spokesperson_id, *achievement.pioneer.kin}:
        return Refusal("own-achievement")
    return Refusal("author-suspended") if achievement.pioneer.suspended_at else None


def may_judge_benefit(by: Person, benefit: Benefit) -> bool:
    """Tell whether `by` may say that a benefit is true: who asked for it, or staff; never who claims it."""
    if benefit.claimed_by_id == by.id or speaks(by, benefit.pioneer):
        return False
    return is_beneficiary(by, benefit) or is_staff_of(by, benefit.pioneer)


def is_beneficiary(by: Person, benefit: Benefit) -> bool:
    """Tell whether `by` raised the matter that brought the benefit, or is responsible for the firm that did."""
    if benefit.handling is None:
        return False
    matter = benefit.handling.matter
    return by.id == (matter.firm.responsible_id if matter.firm else matter.requester_id)


def may_watch(live: Live) -> bool:
    """Tell whether opening the page of a broadcast counts: while it runs, and afterwards."""
    return live.state in {"live", "ended"}
