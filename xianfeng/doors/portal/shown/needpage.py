"""Everything a need's page shows to one reader, gathered with one statement a thing."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.doors.portal.forms.key import new_key
from xianfeng.doors.portal.shown import life
from xianfeng.doors.portal.shown import reader as readers
from xianfeng.doors.portal.shown.cards import photo_address, wanted_words
from xianfeng.doors.portal.shown.talk import Thread, threads
from xianfeng.doors.portal.views.place import Where
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import datum, tree
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.ui import words
from xianfeng.matters import categories, outside, queries
from xianfeng.matters.models import Handling, Matter, Photo, Rating, Visit
from xianfeng.matters.operations.talking import address_for
from xianfeng.matters.states import LIVE_PUBLIC, State

_HELD = {State.TAKEN, State.DONE, State.CLOSED}


@dataclass(frozen=True)
class Shot:
    """A photograph as ui/parts/photos.html shows it: small and large address, what it is."""

    url: str
    large: str
    caption: str
    alt: str


@dataclass(frozen=True)
class Call:
    """A team called along: who, what came of it; `answer` is the visit's id where the reader may answer."""

    name: str
    said: str
    answer: int | None = None


@dataclass(frozen=True)
class NeedPage:
    """The page of one matter for one reader."""

    matter: Matter
    reader: readers.Reader
    allowed: readers.Allowed
    asker: str
    state: str
    waiting: bool
    where: str
    metres: float | None
    wanted: str
    category: str
    fit: bool
    door: str
    photos: list[Shot]
    life: list[life.Line]
    handling: Handling | None
    report_photos: list[Shot]
    calls: list[Call]
    threads: list[Thread]
    bar: readers.ClaimBar | None
    calls_to_answer: list[Call] = field(default_factory=list)
    more: outside.More = field(default_factory=outside.More)
    key: str = field(default_factory=new_key)

    @property
    def has_bar(self) -> bool:
        """Tell whether something is to be done at the bottom; then the tabs stay away."""
        here = self.allowed
        return bool(
            self.bar or here.accept or here.report or here.rate or (here.contact and self.reader.requester)
        )

    @property
    def back(self) -> str:
        """Return the list from which this reader comes: own needs, own jobs, or everybody's needs."""
        if self.reader.requester:
            return reverse("portal:my-needs")
        return reverse("portal:my-jobs" if self.reader.taker or self.reader.offered else "portal:needs")

    @property
    def rated(self) -> Rating | None:
        """Return what the requester said of the handling that is shown."""
        return getattr(self.handling, "rating", None)

    @property
    def open_talk(self) -> bool:
        """Tell whether messages may still be left."""
        return self.matter.state in LIVE_PUBLIC

    @property
    def may_write(self) -> bool:
        """Tell whether this reader writes in a thread that need not have begun: not where each thread has its form."""
        held = self.reader.side and self.matter.state in _HELD and self.matter.taken_by_id is not None
        begun = any(thread.pioneer_id == self.matter.taken_by_id for thread in self.threads)
        return self.allowed.ask or self.reader.offered or (held and not (self.reader.requester and begun))


def page_of(number: str, person: Person | None, here: Where) -> NeedPage:
    """Return the page of the matter `number`. Raises Missing for foreign and missing alike."""
    matter = queries.matter_for(person, number)
    who = readers.reader_of(person, people.pioneers_of(person), matter)
    handlings = queries.handlings(matter)
    held = next(
        (one for one in handlings if matter.state in _HELD and one.pioneer_id == matter.taken_by_id), None
    )
    shots = queries.photos_of(matter)
    calls = _calls(held, who)
    skills = {skill for pioneer in who.pioneers for skill in pioneer.skills}
    steps = queries.timeline(matter)
    return NeedPage(
        matter=matter, reader=who, allowed=readers.allowed(who, matter, held), asker=readers.asker_name(matter, who),
        state=state_of(matter), waiting=matter.state in {State.OPEN, State.OFFERED, State.RAISED},
        where=places.full_name(tree.find(matter.area_id), get_language() or ""),
        metres=datum.metres_between(here.lat, here.lon, matter.lat, matter.lon) if here.known else None,
        wanted=wanted_words(matter.wanted, matter.wanted_from, matter.wanted_until),
        category=categories.label(matter.category, get_language() or ""), fit=matter.category in skills,
        door=address_for(matter, person) if person else "", photos=_shots(shots, "need"),
        life=life.life(
            matter, steps, handlings, who, queries.remarks(matter, by=person)
        ),
        handling=held, report_photos=_shots(shots, "report"), calls=calls,
        threads=threads(matter, who) if person and (who.side or who.offered or who.pioneers) else [],
        bar=readers.claim_bar(who, matter), calls_to_answer=[call for call in calls if call.answer],
        more=outside.more(matter, steps, get_language() or ""),
    )  # fmt: skip


def _shots(photos: list[Photo], purpose: str) -> list[Shot]:
    return [shot(photo) for photo in photos if photo.purpose == purpose]


def shot(photo: Photo) -> Shot:
    """Return one photograph as pages show it."""
    alt = _("办好后的照片") if photo.purpose == "report" else _("现场照片")
    return Shot(
        photo_address(photo.key), reverse("portal:photo", args=[photo.key, "large"]), photo.caption, alt
    )


def state_of(matter: Matter) -> str:
    """Return where a matter stands, in words."""
    taker = matter.taken_by.name if matter.taken_by else ""
    told = {
        State.RAISED: _("等工作人员核对"), State.OFFERED: _("等先锋回话"),
        State.OPEN: _("等人接 · %(span)s") % {"span": _so_far(matter.entered_at)},
        State.TAKEN: _("%(name)s 接了") % {"name": taker}, State.DONE: _("%(name)s 说办好了") % {"name": taker},
        State.CLOSED: _("办完了"), State.DECLINED: _("没有受理"), State.WITHDRAWN: _("收回了"),
        State.MERGED: _("并到同一件事里了"),
    }  # fmt: skip
    return told[State(matter.state)]


def _so_far(since: datetime) -> str:
    return words.span((clock.now() - since).total_seconds())


def _calls(handling: Handling | None, who: readers.Reader) -> list[Call]:
    if handling is None:
        return []
    speaks = {pioneer.pk for pioneer in who.pioneers}
    return [
        Call(visit.team.name, _said(visit, handling), visit.pk if _open_to(visit, handling, speaks) else None)
        for visit in handling.visits.all()
    ]


def _open_to(visit: Visit, handling: Handling, speaks: set[int]) -> bool:
    return visit.team_id in speaks and _waits(handling)


def _waits(handling: Handling) -> bool:
    return handling.reported_at is None and handling.ended_at is None


def _said(visit: Visit, handling: Handling) -> str:
    if visit.visit_at:
        return _("%(time)s 上门") % {"time": words.planned(visit.visit_at)}
    if visit.declined_at:
        return _("这次来不了")
    return _("等团队回话") if _waits(handling) else _("团队没回话")
