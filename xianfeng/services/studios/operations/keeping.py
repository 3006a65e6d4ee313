"""Constituencies and studios: drawn and opened by the city, kept by their representative."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import posts
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.places import tree
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.studios import numbers, rules, steps
from xianfeng.services.studios.models import Constituency, Hours, Studio


def draw(
    name: str, area_ids: Sequence[int], *, by: Person, constituency_id: int | None = None
) -> Constituency:
    """Draw a constituency as a set of areas, or draw one anew; it may overlap others. Staff of the city.

    Raises Missing; Refused 'constituency-empty', 'area-unknown', 'text-missing', 'text-too-long'.
    """
    limits, at = numbers.table("studio"), clock.now()
    plain = texts.clean_line(name, field="name", limit=limits["constituency_length"])
    wanted = _areas(area_ids, limits["areas"])
    with write():
        if not rules.sets_up(by):
            raise Missing
        row = _constituency(constituency_id, plain, at)
        row.areas.set(wanted)
        code = "constituency.redrawn" if constituency_id else "constituency.drawn"
        record.append("constituency", row.pk, code, actor=actor(by.pk), at=at, new={"areas": sorted(wanted)})
        idempotency.note("constituency", row.pk)
        return row


def _areas(area_ids: Sequence[int], most: int) -> list[int]:
    known = tree.current().by_id
    wanted = sorted(set(area_ids))
    if not wanted or len(wanted) > most:
        raise Refused("constituency-empty", field="areas", limit=most)
    if any(pk not in known for pk in wanted):
        raise Refused("area-unknown", field="areas")
    return wanted


def _constituency(pk: int | None, name: str, at: datetime) -> Constituency:
    if pk is None:
        return Constituency.objects.create(name=name, drawn_at=at)
    row = Constituency.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Missing
    row.name = name
    row.save(update_fields=["name"])
    return row


@dataclass(frozen=True)
class Opening:
    """A studio to be opened: for whose post, and whom it serves: a constituency, or a sector everywhere."""

    post_id: int
    name: str
    intro: str = ""
    constituency_id: int | None = None
    sector: str = ""


def open_studio(given: Opening, *, by: Person) -> Studio:
    """Open the studio of a representative's post, as staff of the city; again answers the same.

    Raises Missing; Refused 'post-keeps-no-studio', 'sector-unknown', 'studio-serves-nobody', 'text-missing'.
    """
    plain = _plain(given)
    with write():
        if not rules.sets_up(by):
            raise Missing
        post = _post(given.post_id)
        row = Studio.objects.filter(post=post, closed_at=None).first() or _opened(plain, post, by)
        idempotency.note("studio", row.pk)
        return row


def _plain(given: Opening) -> Opening:
    limits = numbers.table("studio")
    name = texts.clean_line(given.name, field="name", limit=limits["name_length"])
    intro = texts.clean_text(given.intro, field="intro", limit=limits["intro_length"], required=False)
    return replace(given, name=name, intro=intro, sector=numbers.sector(given.sector))


def _post(post_id: int) -> Post:
    post = posts.live().select_for_update(of=("self",)).filter(pk=post_id).first()
    if post is None:
        raise Missing
    if post.role not in numbers.keepers() or post.deputy:
        raise Refused("post-keeps-no-studio", field="post")
    return post


def _opened(given: Opening, post: Post, by: Person) -> Studio:
    at = clock.now()
    if (
        given.constituency_id is not None
        and not Constituency.objects.filter(pk=given.constituency_id).exists()
    ):
        raise Missing
    if given.constituency_id is None and not given.sector:
        raise Refused("studio-serves-nobody", field="constituency")
    row = Studio.objects.create(
        post=post, name=given.name, intro=given.intro, constituency_id=given.constituency_id, sector=given.sector,
        opened_at=at,
    )  # fmt: skip
    new = {"post": post.pk, "constituency": given.constituency_id, "sector": given.sector}
    record.append("studio", row.pk, "studio.opened", actor=actor(by.pk), at=at, new=new)
    return row


def describe(studio_id: int, intro: str, *, by: Person) -> Studio:
    """Say, as its keeper, what a studio is for. Raises Missing, Refused."""
    limit, at = numbers.table("studio")["intro_length"], clock.now()
    plain = texts.clean_text(intro, field="intro", limit=limit, required=False)
    with write():
        row = steps.kept(studio_id, by)
        record.change("studio", row.pk, "studio.changed", actor=actor(by.pk), at=at, sets={"intro": plain})
        idempotency.note("studio", row.pk)
        row.intro = plain
        return row


def close_studio(studio_id: int, *, by: Person) -> Studio:
    """Close a studio, as staff of the city; what was asked there is still answered. Again answers the same."""
    at = clock.now()
    with write():
        row = steps.studio(studio_id)
        if not rules.sets_up(by):
            raise Missing
        if row.closed_at is None:
            record.change(
                "studio", row.pk, "studio.closed", actor=actor(by.pk), at=at, sets={"closed_at": at}
            )
            row.closed_at = at
        idempotency.note("studio", row.pk)
        return row


@dataclass(frozen=True)
class Sitting:
    """Office hours to be set: from when, how long, where; weekly until a day, if they come again."""

    starts_at: datetime
    minutes: int
    place: str
    weekly: bool = False
    until: date | None = None


def set_hours(studio_id: int, given: Sitting, *, by: Person) -> Hours:
    """Set office hours, as the keeper. Raises Missing; Refused 'hours-invalid', 'text-missing', 'text-too-long'."""
    limits, at = numbers.table("hours"), clock.now()
    place = texts.clean_line(given.place, field="place", limit=limits["place_length"])
    _check(given, limits, at)
    with write():
        studio = steps.kept(studio_id, by)
        row = Hours.objects.create(
            studio=studio, starts_at=given.starts_at, minutes=given.minutes, place=place, weekly=given.weekly,
            until=given.until if given.weekly else None, changed_at=at,
        )  # fmt: skip
        new = {"hours": row.pk, "weekly": given.weekly}
        record.append("studio", studio.pk, "studio.hours-set", actor=actor(by.pk), at=at, new=new)
        idempotency.note("studio", studio.pk)
        return row


def _check(given: Sitting, limits: dict[str, int], at: datetime) -> None:
    first, weeks = timezone.localtime(given.starts_at).date(), timedelta(weeks=limits["weeks"])
    whole = 0 < given.minutes <= limits["longest_minutes"] and given.starts_at > at
    ends = not given.weekly or (given.until is not None and first <= given.until <= first + weeks)
    if not whole or not ends:
        raise Refused(
            "hours-invalid", field="starts_at" if not whole else "until", minutes=limits["longest_minutes"],
            weeks=limits["weeks"],
        )  # fmt: skip


def drop_hours(hours_id: int, *, by: Person, day: date | None = None) -> Hours:
    """Call off office hours on one `day`, or for good; again answers the same. Raises Missing; Refused 'hours-day'."""
    at = clock.now()
    with write():
        row = Hours.objects.select_for_update().filter(pk=hours_id).first()
        if row is None:
            raise Missing
        studio = steps.kept(row.studio_id, by)
        if _drop(row, day, at):
            new = {"hours": row.pk, "day": day.isoformat() if day else None}
            record.append("studio", studio.pk, "studio.hours-changed", actor=actor(by.pk), at=at, new=new)
        idempotency.note("studio", studio.pk)
        return row


def _drop(row: Hours, day: date | None, at: datetime) -> bool:
    """Take a day (None: all) out of hours; tell whether that changed anything."""
    if row.withdrawn_at is not None or (day is not None and day in row.off):
        return False
    if day is None:
        row.withdrawn_at = at
    else:
        first = timezone.localtime(row.starts_at).date()
        last = row.until or first
        if not first <= day <= last or (day - first).days % 7:
            raise Refused("hours-day", field="day")
        row.off = sorted([*row.off, day])
    row.sequence, row.changed_at = row.sequence + 1, at
    row.save(update_fields=["withdrawn_at", "off", "sequence", "changed_at"])
    return True
