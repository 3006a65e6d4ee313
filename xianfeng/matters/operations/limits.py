"""The passing of a limit, one matter at a time."""

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.matters import steps
from xianfeng.matters.duties import steps as duties
from xianfeng.matters.models import Matter
from xianfeng.matters.states import LIMITS, State


def enforce(number: str) -> bool:
    """Do what the table says when the limit of a matter has passed; False if it has not (any more)."""
    at = clock.now()
    with write():
        matter = steps.locked(number, by=None)
        if matter.due_at is None or matter.due_at > at:
            return False
        _ACTS[LIMITS[State(matter.state)]](matter)
        return True


def _list(matter: Matter) -> None:
    steps.list_matter(matter, clock.now(), SYSTEM)


def _offer_lapsed(matter: Matter) -> None:
    steps.free_offer(matter)
    sets = {"offered_to_id": None, "offer_id": None}
    new = {"pioneer": matter.offered_to_id}
    steps.move(matter, "offer_lapsed", actor=SYSTEM, at=clock.now(), sets=sets, new=new)


def _take_lapsed(matter: Matter) -> None:
    steps.back_to_open(matter, "take_lapsed", "lapsed", actor=SYSTEM, at=clock.now())


def _close_unrated(matter: Matter) -> None:
    at = clock.now()
    handling = steps.end_handling(matter, "done", at)
    steps.free_offer(matter)
    sets = {"closed_at": at}
    steps.move(matter, "close_unrated", actor=SYSTEM, at=at, sets=sets, new={"pioneer": handling.pioneer_id})


def _escalate(matter: Matter) -> None:
    duties.lapse(matter, clock.now())


def _close_unchecked(matter: Matter) -> None:
    """Close what nobody had to look at; what waits for a check on site is listed, since who handles never closes."""
    course, at = duties.course_of(matter), clock.now()
    if course.link("check"):
        steps.list_matter(matter, at, SYSTEM)
        return
    duty = duties.live(matter)
    steps.move(
        matter, "close_unchecked", actor=SYSTEM, at=at, sets={"closed_at": at, "due_at": None},
        new={"duty": duty.pk},
    )  # fmt: skip
    duties.end(duty, "done", at)


_ACTS = {
    "escalate": _escalate,
    "close_unchecked": _close_unchecked,
    "list": _list,
    "offer_lapsed": _offer_lapsed,
    "take_lapsed": _take_lapsed,
    "close_unrated": _close_unrated,
}
