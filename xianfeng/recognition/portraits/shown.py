"""A portrait as pages and papers show it, in the reader's language: words, lists and drawings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.ui import drawing
from xianfeng.matters import categories
from xianfeng.matters.models import Handling, Rating
from xianfeng.recognition.honours import certificates, titles
from xianfeng.recognition.honours.models import Candidacy
from xianfeng.recognition.merit import words
from xianfeng.recognition.merit.queries import Standing
from xianfeng.recognition.portraits import drawing as drawn
from xianfeng.recognition.portraits import lines
from xianfeng.recognition.portraits.queries import fields, portraits
from xianfeng.recognition.portraits.queries.fields import Field, Line, index_line
from xianfeng.recognition.portraits.queries.portraits import Portrait, numbers


@dataclass(frozen=True)
class Speciality:
    """What somebody really does: its name, how often, the mean stars, and a bar of at most 200 units."""

    name: str
    done: int
    stars: float | None
    bar: float


@dataclass(frozen=True)
class Service:
    """One service: what, its number, for whom (public name), when, the stars."""

    title: str
    number: str
    who: str
    at: datetime
    stars: float | None


@dataclass(frozen=True)
class Named:
    """An honour or a recognition: what it is called, its level, who gives it, its year."""

    title: str
    level: str
    by: str
    year: int


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: fulfilled or not, the rule, what is missing, own number, the field's, the strip."""

    met: bool
    rule: str
    short: str
    own: str
    median: str
    position: int | None
    of: int
    strip: drawn.Strip | None


def language() -> str:
    """Return the reader's language."""
    return get_language() or "zh-hans"


def portrait(found: Portrait, *, inside: bool) -> dict[str, Any]:
    """Return the context of a portrait. `inside`: for the own side and for staff, gaps too; else the public version."""
    known, limits = lines.numbers_of(found), numbers()
    return {
        "portrait": found, "name": found.name, "kind": kinds()[found.kind], "kind_code": found.kind,
        "where": _where(found),
        "organisation": _organisation(found), "specialities": specialities(found, limits["kinds"]),
        "radar": radar(found.standing) if found.standing else None, "parts": parts(found.standing),
        "index": found.standing.index if found.standing else None,
        "course": drawn.course(found.course, found.months) if found.course else None,
        "map": drawn.map_of(found.counted.spots), "counties": _counties(), "counted": found.counted,
        "services": [service(one) for one in found.services], "chains": found.chains[: limits["chains"]],
        "chain_kinds": chain_kinds(), "honours": named(found), "inside": inside,
        "strengths": lines.sentences(known, lines.STRENGTH, language()),
        "gaps": lines.sentences(known, lines.GAP, language()) if inside else [],
    }  # fmt: skip


def kinds() -> dict[str, str]:
    """Return what portraits are of."""
    return {"individual": _("个人"), "collective": _("集体"), "candidate": _("候选人")}


def chain_kinds() -> dict[str, str]:
    """Return what the kinds of achievements are called."""
    tail = "en" if language().startswith("en") else "zh"
    return {row["code"]: row[tail] for row in catalogue.load("showcase")["kind"]}


def _where(found: Portrait) -> str:
    home = found.pioneer or found.dossier
    return places.full_name(tree.find(home.area_id), language()) if home else ""


def _organisation(found: Portrait) -> str:
    one = (
        found.pioneer.organisation if found.pioneer else found.dossier.organisation if found.dossier else None
    )
    if one is None:
        return ""
    return one.name_en if language().startswith("en") and one.name_en else one.name


def specialities(found: Portrait, most: int) -> list[Speciality]:
    """Return what was really done, most first; what nobody put a name to is told as other things."""
    top = max((one.done for one in found.counted.kinds), default=1)
    return [
        Speciality(
            categories.label(one.code, language()) or _("别的事"), one.done, one.stars, round(200 * one.done / top, 1)
        )
        for one in found.counted.kinds[:most]
    ]  # fmt: skip


def parts(standing: Standing | None) -> list[drawing.Part]:
    """Return the parts of the index with the city's medians."""
    names = words.parts()
    return [
        drawing.Part(names[one.code][0], "", one.points, one.most, one.median / one.most if one.most else 0.0)
        for one in (standing.parts if standing else ())
    ]


def radar(standing: Standing) -> drawing.Radar:
    """Return the radar of the index."""
    return drawing.radar(parts(standing))


def _counties() -> list[tuple[drawn.County, str]]:
    made = drawn.map_of([])
    return [(one, drawn.county_name(one, language())) for one in made.counties] if made else []


def service(handling: Handling) -> Service:
    """Return one service; who asked is told by the public name alone, a firm by its own."""
    matter = handling.matter
    rating: Rating | None = getattr(handling, "rating", None)
    valid = rating is not None and rating.voided_at is None
    return Service(
        title=matter.title, number=matter.number,
        who=matter.firm.name if matter.firm else public_name(matter.requester.name),
        at=handling.reported_at or handling.claimed_at,
        stars=(rating.skill + rating.attitude + rating.speed) / 3 if rating and valid else None,
    )  # fmt: skip


def named(found: Portrait) -> list[Named]:
    """Return honours, then recognitions, newest first each."""
    given = [
        Named(
            titles.title(one.title).name(language()), titles.level_name(one.level, language()),
            certificates.giver(one, language()), timezone.localtime(one.since).year,
        )
        for one in found.honours
    ]  # fmt: skip
    english = language().startswith("en")
    carried = [
        Named(
            one.title, titles.level_name(one.level, language()),
            one.organisation.name_en if english and one.organisation.name_en else one.organisation.name,
            timezone.localtime(one.since).year,
        )
        for one in found.recognitions
    ]  # fmt: skip
    return [*given, *carried]


def compared(field: Field, found: Sequence[Line], own_index: float | None) -> dict[str, Any]:
    """Return the context of eligibility and comparison: every rule, then the index where no rule asks for it."""
    rows = [_compared(one) for one in found]
    if not any(one.kind == "index" for one in found):
        values, place = index_line(field, own_index)
        line = Line(True, _("先锋指数（不算荣誉）"), "", "index", own_index, values, place)
        extra = [_compared(line)] if values else []
    else:
        extra = []
    return {
        "round": field.round, "rules": rows, "compared": [one for one in [*rows, *extra] if one.strip],
        "fine": all(one.met for one in found), "field_size": len(field.given), "declared": field.declared,
    }  # fmt: skip


def _compared(line: Line) -> Compared:
    ordered = sorted(line.values)
    return Compared(
        line.met, line.rule, line.short, _number(line.own),
        _number(drawn.quantile(ordered, 0.5)) if ordered else "", line.position, len(ordered),
        drawn.strip(ordered, line.own) if ordered else None,
    )  # fmt: skip


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def candidate(row: Candidacy, field: Field) -> dict[str, Any]:
    """Return the context of a candidate's portrait with eligibility and comparison; seven statements."""
    found = portraits.of_pioneer(row.pioneer, row.dossier)
    told = fields.lines_of(field, row, language())
    return {**portrait(found, inside=True), **compared(field, told, row.pioneer.index_without_honours)}


def of_file(found: Portrait, field: Field) -> dict[str, Any]:
    """Return the context of somebody's portrait beside the field of a round they are no candidate of; one statement."""
    if found.pioneer is not None:
        own = next((one for one in field.given if one.pioneer_id == found.pioneer.pk), None)
        told = fields.compared(field, own.numbers, language()) if own else []
        index = found.pioneer.index_without_honours
    else:
        told, index = (fields.lines_of_file(field, found.dossier, language()) if found.dossier else []), None
    return {
        **portrait(found, inside=True),
        **(compared(field, told, index) if told or not field.rules else {}),
    }
