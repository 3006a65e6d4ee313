"""Staff say that a rating does not count, with a reason both sides are told of; and take that back."""

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import rules, steps
from xianfeng.matters.models import Rating


def void_rating(rating_id: int, *, by: Person, reason: str) -> Rating:
    """Let a rating no longer count, as staff of its matter; the index follows. Again answers the same.

    Stars and words stay as they were given. Raises Refused 'text-missing', 'text-too-long'; Missing.
    """
    return _judge(rating_id, by=by, reason=reason, void=True)


def restore_rating(rating_id: int, *, by: Person, reason: str) -> Rating:
    """Let a voided rating count again, as staff of its matter, with a reason. Raises as `void_rating`."""
    return _judge(rating_id, by=by, reason=reason, void=False)


def _judge(rating_id: int, *, by: Person, reason: str, void: bool) -> Rating:
    words, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        rating = _locked(rating_id, by)
        matter = rating.handling.matter
        if (rating.voided_at is not None) == void:
            idempotency.note("matter", matter.id)
            return rating
        rating.voided_at = at if void else None
        rating.save(update_fields=["voided_at"])
        code = "matter.rating-voided" if void else "matter.rating-restored"
        steps.remark(matter, code, words, by=by, at=at)
        new = {"rating": rating.id, "handling": rating.handling_id, "pioneer": rating.pioneer_id}
        record.append("matter", matter.id, code, actor=actor(by.id), at=at, new=new)
        idempotency.note("matter", matter.id)
        return rating


def _locked(rating_id: int, by: Person) -> Rating:
    """Return the rating, its matter and itself locked in that order, if `by` is staff of the matter. Raises Missing."""
    number = Rating.objects.filter(pk=rating_id).values_list("handling__matter__number", flat=True).first()
    if number is None or not rules.is_staff_of(by, steps.locked(number, by=None)):
        raise Missing
    return Rating.objects.select_for_update(of=("self",)).select_related("handling__matter").get(pk=rating_id)
