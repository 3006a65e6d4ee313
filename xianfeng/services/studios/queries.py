"""Reads of studios, questions, visits and policy answers; every one begins from who is asking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, pi, radians, sin

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from xianfeng.foundation.kernel import clock, keyring, texts
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import locate
from xianfeng.foundation.places.models import Area
from xianfeng.services.studios import numbers
from xianfeng.services.studios.models import AskedAfter, Constituency, Hours, Policy, Question, Studio, Visit
from xianfeng.services.studios.states import PUBLIC, WAITING

METRES_A_DEGREE = 111_320


def _running(prefix: str = "") -> Q:
    now = clock.now()
    until = Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": now})
    return until & Q(**{f"{prefix}since__lte": now})


def studios() -> QuerySet[Studio]:
    """Return the studios that somebody keeps now, with post, holder and constituency."""
    rows = Studio.objects.filter(_running("post__"), closed_at=None)
    return rows.select_related("post__person", "post__area", "constituency").defer("post__area__boundary")


def studio_for(pk: int) -> Studio:
    """Return one studio: also one that nobody keeps any more, whose answers stay. Raises Missing."""
    rows = Studio.objects.select_related("post__person", "post__area", "constituency")
    found = rows.defer("post__area__boundary").filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def serving(areas: Iterable[Area]) -> QuerySet[Studio]:
    """Return the studios whose constituency holds one of these areas or what they lie in; all of them, by name."""
    ids = sorted({pk for area in areas for pk in area.path})
    holding = Constituency.objects.filter(areas__in=ids).values("pk")
    return studios().filter(constituency__in=holding).order_by("constituency__name", "name", "id")


def serving_point(lat: float, lon: float) -> QuerySet[Studio]:
    """Return the studios that serve an address (WGS-84 degrees); near a border those of both sides.

    Raises Refused 'coordinates-invalid'.
    """
    return serving(areas_around(lat, lon))


def areas_around(lat: float, lon: float) -> list[Area]:
    """Return the area of a point, and those within the catalogue's metres around it (eight directions)."""
    metres = numbers.table("studio")["border_metres"]
    found = {locate.locate(lat, lon).area.pk: locate.locate(lat, lon).area}
    for turn in range(8):
        north = metres * sin(turn * pi / 4) / METRES_A_DEGREE
        east = metres * cos(turn * pi / 4) / (METRES_A_DEGREE * cos(radians(lat)))
        place = locate.locate(lat + north, lon + east)
        if not place.outside:
            found.setdefault(place.area.pk, place.area)
    return list(found.values())


def online(sector: str = "") -> QuerySet[Studio]:
    """Return the studios open to anyone: those of a sector, or of all sectors; by sector and name."""
    rows = studios().exclude(sector="")
    return (rows.filter(sector=sector) if sector else rows).order_by("sector", "name", "id")


def kept_by(person: Person | None) -> list[Studio]:
    """Return the studios `person` keeps now."""
    return list(studios().filter(post__person=person).order_by("id")) if person else []


def constituencies() -> QuerySet[Constituency]:
    """Return all constituencies with their areas, by name."""
    return Constituency.objects.prefetch_related("areas").order_by("name", "id")


def hours_of(studio: Studio) -> list[Hours]:
    """Return the office hours of a studio, withdrawn ones too: calendars must learn that they are off."""
    return list(studio.hours.order_by("starts_at", "id"))


@dataclass(frozen=True)
class Response:
    """What askers say of a studio: how many said yes and no. `rate`: the share of yes; None below the catalogue's n."""

    yes: int
    no: int
    rate: float | None

    @property
    def said(self) -> int:
        """Return how many gave their word."""
        return self.yes + self.no


def response(studio: Studio) -> Response:
    """Return how askers judge a studio; one statement. What nobody said a word about counts as neither."""
    return responses([studio])[studio.pk]


def responses(rows: Iterable[Studio]) -> dict[int, Response]:
    """Return the same for many studios; one statement."""
    ids = [row.pk for row in rows]
    counted = Question.objects.filter(studio__in=ids).exclude(state="withdrawn").values("studio")
    yes_no = counted.annotate(yes=Count("id", filter=Q(word=True)), no=Count("id", filter=Q(word=False)))
    found = {row["studio"]: (row["yes"], row["no"]) for row in yes_no}
    return {pk: _response(*found.get(pk, (0, 0))) for pk in ids}


def _response(yes: int, no: int) -> Response:
    enough = yes + no >= numbers.table("question")["shown_from"]
    return Response(yes, no, yes / (yes + no) if enough else None)


def _questions() -> QuerySet[Question]:
    rows = Question.objects.select_related("studio__post__person", "asker", "matter", "organisation")
    return rows.prefetch_related("answers")


def public_questions(studio: Studio) -> QuerySet[Question]:
    """Return what anybody may read of a studio: public questions that were answered; newest first."""
    rows = _questions().filter(studio=studio, private=False, hidden=False, state__in=PUBLIC)
    return rows.order_by("-asked_at", "-id")


def questions_visible_to(person: Person | None) -> QuerySet[Question]:
    """Return the questions `person` may read: answered public ones, own ones, those to the studio they keep.

    A private question is read by its asker and its keeper; no post, no staff and no search reaches it.
    """
    seen = Q(private=False, hidden=False, state__in=PUBLIC)
    if person is not None:
        seen |= Q(asker=person) | (Q(studio__post__person=person) & _running("studio__post__"))
    return _questions().filter(seen)


def question_for(person: Person | None, pk: int) -> Question:
    """Return one question. Raises Missing for foreign and missing alike."""
    found = questions_visible_to(person).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def asked_by(person: Person) -> QuerySet[Question]:
    """Return what `person` asked, newest first."""
    return _questions().filter(asker=person).order_by("-asked_at", "-id")


def asked_of(person: Person) -> QuerySet[Question]:
    """Return what was asked in the studios `person` keeps: what waits first, the oldest of it first."""
    rows = _questions().filter(_running("studio__post__"), studio__post__person=person)
    done = Case(When(state__in=WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(done=done).order_by("done", "asked_at", "id")


def asked_days(question: Question) -> list[int]:
    """Return on which days after it its asker was asked whether they got an answer."""
    return list(question.asked_after.order_by("day").values_list("day", flat=True))


def to_ask_after(now: datetime, limit: int) -> list[int]:
    """Return the questions whose askers are to be asked now, the oldest first."""
    due: Q = Q(pk__in=[])
    for day in numbers.days_asked_after():
        asked = AskedAfter.objects.filter(question=OuterRef("pk"), day=day)
        due |= Q(~Exists(asked), asked_at__lte=now - timedelta(days=day))
    rows = Question.objects.filter(due, state__in=(*WAITING, "answered")).exclude(word=True)
    return list(rows.order_by("asked_at", "id").values_list("pk", flat=True)[:limit])


def days_due(question: Question, now: datetime) -> list[int]:
    """Return the days that have come for a question and nobody was asked on yet; none once it is over."""
    if question.word or question.state not in {*WAITING, "answered"}:
        return []
    asked = asked_days(question)
    come = [day for day in numbers.days_asked_after() if question.asked_at + timedelta(days=day) <= now]
    return [day for day in come if day not in asked]


def policies(words: str = "", *, sector: str = "") -> QuerySet[Policy]:
    """Return published policy answers in which all of `words` occur (pairs of characters), newest first."""
    rows = Policy.objects.filter(state="published").select_related("studio", "author")
    if keys := texts.query_keys(words):
        rows = rows.filter(search__contains=keys)
    if sector:
        rows = rows.filter(studio__sector=sector)
    return rows.order_by("-published_at", "-id")


def policies_visible_to(person: Person | None) -> QuerySet[Policy]:
    """Return the policy answers `person` may read: published ones, and those of the studio they keep."""
    seen = Q(state="published")
    if person is not None:
        seen |= Q(studio__post__person=person) & _running("studio__post__")
    return Policy.objects.filter(seen).select_related("studio__post", "author")


def policies_to_judge(area_ids: Iterable[int]) -> QuerySet[Policy]:
    """Return what waits to be looked at in studios whose post stands within these areas, the oldest first."""
    within = Q(pk__in=[])
    for pk in area_ids:
        within |= Q(studio__post__area__path__contains=[pk])
    rows = Policy.objects.filter(within, state="submitted").select_related("studio__post__area", "author")
    return rows.defer("studio__post__area__boundary").order_by("-listed", "entered_at", "id")


def visits_of(person: Person) -> QuerySet[Visit]:
    """Return the home visits `person` made or came along to, newest first."""
    rows = Visit.objects.filter(Q(studio__post__person=person) | Q(companions=person)).distinct()
    rows = (
        rows.select_related("studio", "area")
        .defer("area__boundary")
        .prefetch_related("companions", "matters")
    )
    return rows.order_by("-visited_at", "-id")


def visit_for(person: Person, pk: int) -> Visit:
    """Return one visit `person` made or came along to. Raises Missing."""
    found = visits_of(person).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def household(visit: Visit) -> str:
    """Return whose door it was, '' once it was deleted."""
    return keyring.unseal("household", bytes(visit.household_sealed)) if visit.household_sealed else ""
