"""The requester's word: rating, changing it, disputing, reopening; and the benefit that counts."""

from dataclasses import dataclass
from datetime import timedelta

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import rules, services, steps
from xianfeng.matters.models import Handling, Matter, Rating
from xianfeng.matters.states import State


@dataclass(frozen=True)
class Stars:
    """1 to 5 for each, and words. `benefit_confirmed` says that the benefit claimed is true."""

    skill: int
    attitude: int
    speed: int
    text: str = ""
    benefit_confirmed: bool = False


def _checked(stars: Stars) -> str:
    for name in ("skill", "attitude", "speed"):
        if not 1 <= getattr(stars, name) <= 5:
            raise Refused("stars-invalid", field=name)
    return texts.clean_text(stars.text, field="text", limit=500, required=False)


def _asked_by(number: str, by: Person) -> Matter:
    matter = steps.locked(number, by=by)
    if not rules.is_requester(by, matter):
        raise Missing
    return matter


def rate(number: str, stars: Stars, *, by: Person) -> Matter:
    """Rate what was done, by the requester alone, once; this closes the matter."""
    text, at = _checked(stars), clock.now()
    with write():
        matter = _asked_by(number, by)
        if matter.state == State.CLOSED and _already(matter, stars, text):
            idempotency.note("matter", matter.id)
            return matter
        steps.refuse(rules.may_rate(matter))
        handling = steps.end_handling(matter, "done", at)
        steps.free_offer(matter)
        Rating.objects.create(
            handling=handling, pioneer=handling.pioneer, skill=stars.skill, attitude=stars.attitude, speed=stars.speed,
            text=text, rated_at=at,
        )  # fmt: skip
        verified = stars.benefit_confirmed and handling.benefit_yuan is not None
        if verified:
            Handling.objects.filter(pk=handling.pk).update(benefit_verified_at=at, benefit_verified_by=by)
        new = {"handling": handling.id, "pioneer": handling.pioneer_id, "benefit_verified": verified}
        matter = steps.move(matter, "rate", actor=actor(by.id), at=at, sets={"closed_at": at}, new=new)
        idempotency.note("matter", matter.id)
        return matter


def _already(matter: Matter, stars: Stars, text: str) -> bool:
    rating = Rating.objects.filter(handling__matter=matter).order_by("-rated_at").first()
    return rating is not None and (rating.skill, rating.attitude, rating.speed, rating.text) == (
        stars.skill, stars.attitude, stars.speed, text,
    )  # fmt: skip


def change_rating(number: str, stars: Stars, *, by: Person) -> Rating:
    """Change one's rating within the service's days (7). Raises Refused 'rating-too-late', 'rating-missing'."""
    text, at = _checked(stars), clock.now()
    with write():
        matter = _asked_by(number, by)
        rating = (
            Rating.objects.select_for_update().filter(handling__matter=matter).order_by("-rated_at").first()
        )
        if rating is None:
            raise Refused("rating-missing")
        days = services.version(matter.service_code, matter.service_version).number("rating_days")
        if at > rating.rated_at + timedelta(days=days):
            raise Refused("rating-too-late", days=days)
        old = {"stars": [rating.skill, rating.attitude, rating.speed]}
        rating.skill, rating.attitude, rating.speed = stars.skill, stars.attitude, stars.speed
        rating.text, rating.changed_at = text, at
        rating.save(update_fields=["skill", "attitude", "speed", "text", "changed_at"])
        new = {"stars": [rating.skill, rating.attitude, rating.speed], "handling": rating.handling_id}
        record.append(
            "matter", matter.id, "matter.rating-changed", actor=actor(by.id), at=at, old=old, new=new
        )
        idempotency.note("matter", matter.id)
        return rating


def dispute(number: str, *, by: Person, reason: str) -> Matter:
    """Say that it is not done: first back to the pioneer, the second time to staff."""
    words, at = texts.clean_text(reason, field="reason", limit=500), clock.now()
    with write():
        matter = _asked_by(number, by)
        steps.refuse(rules.may_move("dispute", matter))
        steps.remark(matter, "matter.disputed", words, by=by, at=at)
        count = matter.disputed_count + 1
        if count == 1:
            steps.hold(steps.live_handling(matter).pioneer_id, None)
            matter = steps.move(matter, "dispute", actor=actor(by.id), at=at, sets={"disputed_count": count})
            matter = steps.not_with_suspended(matter)
        else:
            steps.end_handling(matter, "disputed", at)
            steps.free_offer(matter)
            sets = {
                "disputed_count": count, "taken_by_id": None, "taken_at": None, "offer_id": None, "listed": True,
            }  # fmt: skip
            matter = steps.move(matter, "dispute_again", actor=actor(by.id), at=at, sets=sets)
        idempotency.note("matter", matter.id)
        return matter


def reopen(number: str, *, by: Person, reason: str) -> Matter:
    """Reopen a closed matter, once within 30 days: the same pioneer takes it up again."""
    words, at = texts.clean_text(reason, field="reason", limit=500), clock.now()
    with write():
        matter = _asked_by(number, by)
        steps.refuse(rules.may_reopen(matter, at=at))
        steps.remark(matter, "matter.reopened", words, by=by, at=at)
        if matter.taken_by is None:
            raise Refused("wrong-state", state=matter.state, move="reopen")
        steps.hold(matter.taken_by.id, None)
        sets = {"reopened_count": matter.reopened_count + 1, "closed_at": None, "taken_at": at}
        pioneer = matter.taken_by
        steps.keep_offer_again(matter)
        matter = steps.move(matter, "reopen", actor=actor(by.id), at=at, sets=sets)
        steps.begin_handling(matter, pioneer, at)
        matter = steps.not_with_suspended(matter)
        idempotency.note("matter", matter.id)
        return matter


def verify_benefit(number: str, *, by: Person, verified: bool, reason: str = "") -> Handling:
    """Say as requester or staff that the benefit claimed is true (or take that back with a reason)."""
    at = clock.now()
    words = texts.clean_line(reason, field="reason", limit=200, required=not verified)
    with write():
        matter = steps.locked(number, by=by)
        if not (rules.is_requester(by, matter) or rules.is_staff_of(by, matter)):
            raise Missing
        handling = (
            Handling.objects.select_for_update()
            .filter(matter=matter)
            .exclude(benefit_yuan=None)
            .order_by("-id")
            .first()
        )
        if handling is None or matter.state not in {State.DONE, State.CLOSED}:
            raise Refused("benefit-missing")
        handling.benefit_verified_at = at if verified else None
        handling.benefit_verified_by = by if verified else None
        handling.benefit_refused_at = None if verified else at
        handling.save(update_fields=["benefit_verified_at", "benefit_verified_by", "benefit_refused_at"])
        steps.remark(matter, "matter.benefit-verified", words, by=by, at=at)
        new = {"handling": handling.id, "verified": verified}
        record.append("matter", matter.id, "matter.benefit-verified", actor=actor(by.id), at=at, new=new)
        idempotency.note("matter", matter.id)
        return handling
