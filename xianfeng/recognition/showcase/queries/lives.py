"""Reads of broadcasts, their comments, and feedback; every one begins from who is asking."""

from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area
from xianfeng.recognition.showcase.models import Comment, Feedback, Live, Subscription
from xianfeng.recognition.showcase.queries.achievements import staff_of
from xianfeng.recognition.showcase.states import SEEN_LIVE


def whole() -> QuerySet[Live]:
    """Return broadcasts with their pioneer, organisation and achievement."""
    return Live.objects.select_related("pioneer", "pioneer__organisation", "achievement")


def visible_to(person: Person | None) -> QuerySet[Live]:
    """Return what `person` may see: what is announced, runs or ended, their own, what they judge as staff."""
    seen = Q(state__in=SEEN_LIVE)
    if person is not None:
        seen |= Q(pioneer__spokesperson=person) | staff_of(person)
    return whole().filter(seen)


def live_for(person: Person | None, pk: int) -> Live:
    """Return one broadcast. Raises Missing for foreign and missing alike."""
    found = visible_to(person).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def public(*, area: Area | None = None, pioneer_id: int | None = None) -> QuerySet[Live]:
    """Return the broadcasts anybody may see: those that run, then those to come (soonest first), then those past."""
    rows = whole().filter(state__in=SEEN_LIVE)
    if area is not None:
        rows = rows.filter(area_id__in=places.subtree_ids(area))
    if pioneer_id is not None:
        rows = rows.filter(pioneer_id=pioneer_id)
    rank = Case(
        When(state="live", then=Value(0)), When(state="announced", then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    soonest = Case(When(state="announced", then=F("starts_at")))
    return rows.annotate(rank=rank).order_by("rank", soonest.asc(nulls_last=True), "-starts_at", "-id")


def own(person: Person) -> QuerySet[Live]:
    """Return the broadcasts of the pioneers `person` speaks for, the latest first."""
    return whole().filter(pioneer__spokesperson=person).order_by("-starts_at", "-id")


def subscribed(person: Person | None, live: Live) -> bool:
    """Tell whether `person` is to be reminded of a broadcast."""
    return person is not None and Subscription.objects.filter(live=live, person=person).exists()


def comments_of(live: Live, *, by: Person | None, limit: int = 100) -> list[Comment]:
    """Return the comments `by` may read: those let through, their own, and all to the pioneer; newest first."""
    seen = Q(state="shown")
    if by is not None:
        seen |= Q(author=by, state="waiting")
        if live.pioneer.spokesperson_id == by.id:
            seen |= Q(state="waiting")
    rows = Comment.objects.filter(seen, live=live).select_related("author")
    return list(rows.order_by("-written_at", "-id")[:limit])


def to_remind(now: datetime, until: datetime) -> list[int]:
    """Return the broadcasts that begin between two instants and nobody was reminded of yet."""
    rows = Live.objects.filter(state="announced", reminded_at=None, starts_at__gt=now, starts_at__lte=until)
    return list(rows.order_by("starts_at", "id").values_list("id", flat=True))


def feedback_visible_to(person: Person | None) -> QuerySet[Feedback]:
    """Return the messages `person` may read: those they sent, those to their pioneers, those they watch as staff."""
    rows = Feedback.objects.select_related("pioneer", "achievement", "live", "matter", "author")
    if person is None:
        return rows.none()
    return rows.filter(Q(author=person) | Q(pioneer__spokesperson=person) | staff_of(person))


def feedback_of(person: Person) -> QuerySet[Feedback]:
    """Return what `person` sent and what was sent to their pioneers, newest first."""
    sides = Q(author=person) | Q(pioneer__spokesperson=person)
    rows = Feedback.objects.select_related("pioneer", "achievement", "live", "matter", "author")
    return rows.filter(sides).order_by("-sent_at", "-id")
