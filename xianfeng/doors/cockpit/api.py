"""The boards for programs: the same figures, the same rows, the same doors as on the pages."""

import csv
import io
from dataclasses import asdict
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router, Schema
from pydantic import Field

from xianfeng.doors.cockpit import measures
from xianfeng.doors.cockpit.briefs import paper, writing
from xianfeng.doors.cockpit.filters import Filters
from xianfeng.doors.cockpit.measures import Figure
from xianfeng.doors.cockpit.queries import lists, map, tables  # noqa: A004 - the house's word for it
from xianfeng.doors.cockpit.queries.board import Board, Compared, Line, board
from xianfeng.doors.cockpit.scope import Scope, addressed
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, Plain, answered, answers
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.places import tree

router = Router(tags=["cockpit"])
Code = Annotated[Plain, Field(max_length=40)]
SPREADSHEET = "=+-@\t\r"  # a cell that begins with one of these would be run by a spreadsheet


def _also(media: str) -> dict[str, Any]:
    """Return what the description says of an answer that may also be a file."""
    return {
        "responses": {HTTPStatus.OK: {"content": {media: {"schema": {"type": "string", "format": "binary"}}}}}
    }


class Asked(Schema):
    """What narrows a board: months (2026-11) or days (2026-11-03), an area, an organisation or its kind, and so on."""

    since: Plain = Field("", alias="from", max_length=10, description="First month or day.")
    until: Plain = Field("", max_length=10, description="Last month or day, included.")
    area: Plain = Field("", max_length=20, description="An area's code within the board.")
    organisation: Plain = Field("", max_length=40, description="An organisation's code, or a kind of them.")
    service: Plain = Field("", max_length=40)
    category: Plain = Field("", max_length=30)
    cell: Plain = Field("", max_length=15, description="A mark of the map; lists know it.")

    def filters(self) -> Filters:
        """Return them as pages have them."""
        values = self.dict()
        return Filters.parsed({"from": values.pop("since"), **values})


class FigureShown(Schema):
    """A value and its rows. A share is n of total; a median lies between low and high minutes (null: no end).

    `hidden`: fewer than three, not shown to the public. `link`: parameters of the list behind it.
    """

    measure: str
    unit: str
    value: float | None
    n: int | None
    total: int | None
    low: int | None
    high: int | None
    hidden: bool
    link: dict[str, str]


class LineShown(Schema):
    """One of several side by side, by its code."""

    code: str
    name: str
    figures: dict[str, FigureShown]
    link: dict[str, str]


class ComparedShown(Schema):
    """Two times held against each other; `whole`: whole months, where days are not kept so finely."""

    first: date
    last: date
    before_first: date
    before_last: date
    whole: bool
    now: dict[str, FigureShown]
    before: dict[str, FigureShown]


class WaitsShown(Schema):
    """A matter that waits; `owes`: file, answer, take, finish or rate; `owner`: the organisation that must, '' none."""

    rank: int
    number: str
    title: str
    state: str
    category: str
    service: str
    area: str
    lat: float
    lon: float
    raised_at: datetime
    due_at: datetime | None
    late: bool
    listed_on: date | None
    owes: str
    owner: str
    pioneer: str


class StarShown(Schema):
    """A pioneer of the month."""

    pioneer: int
    name: str
    organisation: str
    rank: int
    done: int
    index: float | None


class BoardShown(Schema):
    """A board. After an event `cockpit.counted` with a greater sequence ask again, and replace: never add.

    A list is null where sums are not kept so finely (by days with two filters).
    """

    kind: str
    code: str
    name: str
    sequence: int
    counted_at: datetime | None
    first: date
    last: date
    sentence: dict[str, FigureShown]
    figures: dict[str, FigureShown]
    kinds: list[LineShown] | None
    services: list[LineShown] | None
    areas: list[LineShown] | None
    organisations: list[LineShown] | None
    trend: list[LineShown]
    month: ComparedShown
    year: ComparedShown
    urgent: list[WaitsShown]
    listed: list[WaitsShown]
    pioneers_month: date | None
    pioneers_picked: bool
    pioneers: list[StarShown]
    corrections: int


class MeasureShown(Schema):
    """A measure: its name, its unit (matter, minute, yuan, share, job), how it is worked out, where it comes from."""

    code: str
    name: str
    unit: str
    kind: str
    when: str
    formula: str
    source: str


class RowShown(Schema):
    """A matter behind a figure; number, title and pioneer are empty where its words are not public."""

    number: str
    title: str
    state: str
    category: str
    service: str
    area: str
    raised_at: datetime
    day: date
    late: bool
    taken_minutes: int | None
    done_minutes: int | None
    stars: int | None
    benefit_yuan: int | None
    pioneer_id: int | None
    pioneer: str


class RowsShown(Schema):
    """A page of rows; `total` counts all of them."""

    items: list[RowShown]
    next: str | None
    total: int


class SentenceShown(Schema):
    """A sentence of a brief: how its measure moved (rose, fell, same, nothing), its figure and the one before."""

    measure: str
    moved: str
    text: str
    figure: FigureShown
    before: FigureShown


class ReadingShown(Schema):
    """A matter worth reading, and why."""

    why: str
    number: str
    title: str
    text: str


class BriefShown(Schema):
    """The brief of a week or a month that is over."""

    kind: str
    first: date
    last: date
    sentences: list[SentenceShown]
    readings: list[ReadingShown]


class TableShown(Schema):
    """The numbers of a chart."""

    head: list[str]
    rows: list[list[str]]


class MarksShown(Schema):
    """GeoJSON points in WGS-84, the middle of a cell each, with counts, `cell` and `link`."""

    type: str
    features: list[dict[str, Any]]


def _scope(request: HttpRequest, kind: str, code: str) -> Scope:
    return addressed(getattr(request, "person", None), kind, code)


def _language() -> str:
    return get_language() or "zh-hans"


@router.get(
    "/cockpit/measures", response=answers(list[MeasureShown], READ), summary="What the cockpit measures"
)
def read_measures(request: HttpRequest) -> HttpResponse:
    """Return every measure with its formula and source."""
    tongue = "en" if _language().startswith("en") else "zh"
    body = [
        {
            "code": one.code, "name": one.names[tongue], "unit": one.unit, "kind": one.kind, "when": one.when,
            "formula": one.formulas[tongue], "source": one.source,
        }
        for one in measures.all_measures().values()
    ]  # fmt: skip
    return answered(body)  # type: ignore[arg-type]


@router.get(
    "/cockpit/{kind}/{code}/board", response=answers(BoardShown, SIGNED, ONE, READ), summary="A board"
)
def read_board(request: HttpRequest, kind: Code, code: Code, asked: Query[Asked]) -> HttpResponse:
    """Return the board of an area or an organisation (kind area, organisation), or the public one (public)."""
    found = board(_scope(request, kind, code), asked.filters())
    return answered(_board(found, _language()))


@router.get(
    "/cockpit/{kind}/{code}/map", response=answers(MarksShown, SIGNED, ONE, READ), summary="Marks of the map"
)
def read_map(
    request: HttpRequest, kind: Code, code: Code, asked: Query[Asked], layer: Code = "needs",
    zoom: Annotated[float, Field(ge=0, le=24)] = 9.0,
) -> HttpResponse:  # fmt: skip
    """Return a layer (needs, pioneers, heat) for a zoom of the map: counts by cells, never single homes."""
    if layer not in map.LAYERS:
        raise Refused("cockpit-filter-unknown", field="layer")
    return answered(map.layer(_scope(request, kind, code), asked.filters(), layer, zoom=zoom))


@router.get(
    "/cockpit/{kind}/{code}/series/{chart}",
    response=answers(TableShown, SIGNED, ONE, READ),
    summary="Numbers of a chart",
    openapi_extra=_also("text/csv"),
)
def read_series(
    request: HttpRequest, kind: Code, code: Code, chart: Code, asked: Query[Asked], form: Code = "json"
) -> HttpResponse:
    """Return the numbers behind a chart (figures, kinds, services, areas, organisations, trend, month, year).

    `form=csv` gives them as a file.
    """
    found = board(_scope(request, kind, code), asked.filters())
    table = tables.chart(found, chart, _language())
    return _file(f"{chart}-{code}", table.head, table.rows) if form == "csv" else answered(asdict(table))


@router.get(
    "/cockpit/{kind}/{code}/rows/{measure}",
    response=answers(RowsShown, SIGNED, ONE, READ),
    summary="Rows of a figure",
    openapi_extra=_also("text/csv"),
)
def read_rows(
    request: HttpRequest, kind: Code, code: Code, measure: Code, asked: Query[Asked], cursor: str | None = None,
    whole: bool = False, form: Code = "json",
) -> HttpResponse:  # fmt: skip
    """Return the matters a figure counts, newest first; `whole`: those of N where it is n of N. `form=csv`: a file."""
    scope, filters = _scope(request, kind, code), asked.filters()
    if form == "csv":
        return _rows_file(scope, filters, measure, whole=whole)
    found = lists.rows(scope, filters, measure, cursor=cursor, whole=whole)
    total = lists.total(scope, filters, measure, whole=whole)
    return answered({"items": [_row(row) for row in found.rows], "next": found.next or None, "total": total})


@router.get(
    "/cockpit/{kind}/{code}/brief/{period}/{first}",
    response=answers(BriefShown, SIGNED, ONE, READ),
    summary="The brief of a week or a month",
    openapi_extra=_also("application/pdf"),
)
def read_brief(
    request: HttpRequest, kind: Code, code: Code, period: Code, first: date, form: Code = "json"
) -> HttpResponse:
    """Return what rose and fell in the week or month that began on `first`, and is over. `form=pdf`: as a paper."""
    found = writing.brief(_scope(request, kind, code), period, first)
    if form == "pdf":
        return _paper(request, found)
    language = _language()
    sentences = [
        {
            "measure": one.measure, "moved": one.moved, "text": one.text(language), "figure": _figure(one.figure),
            "before": _figure(one.before),
        }
        for one in found.sentences
    ]  # fmt: skip
    readings = [
        {
            "why": one.why,
            "number": one.number,
            "title": one.title,
            "text": one.en if language == "en" else one.zh,
        }
        for one in found.readings
    ]
    told = {"kind": found.kind, "first": found.first, "last": found.last}
    return answered({**told, "sentences": sentences, "readings": readings})


def _paper(request: HttpRequest, found: writing.Brief) -> HttpResponse:
    origin = f"{request.scheme}://{request.get_host()}"
    response = HttpResponse(paper.pdf(found, origin=origin), content_type="application/pdf")
    name = f"xianfeng-brief-{found.scope.code}-{found.first.isoformat()}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


_ROW = (
    "number", "title", "state", "category", "service", "area", "raised_at", "day", "late", "taken_minutes",
    "done_minutes", "stars", "benefit_yuan", "pioneer",
)  # fmt: skip


def _rows_file(scope: Scope, filters: Filters, measure: str, *, whole: bool) -> HttpResponse:
    most = catalogue.load("cockpit/board")["api"]["rows_file"]
    found = lists.every(scope, filters, measure, most=most, whole=whole)
    return _file(
        f"{measure}-{scope.code}", list(_ROW), [[_plain(_row(row)[name]) for name in _ROW] for row in found]
    )


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _file(name: str, head: list[str], rows: list[list[str]]) -> HttpResponse:
    """Return a CSV file as spreadsheets open it; what would be run by one is made words."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    response = HttpResponse(f"\ufeff{text.getvalue()}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="xianfeng-{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _harmless(cell: str) -> str:
    number = cell.lstrip("-").replace(".", "", 1).isdigit()
    return f"'{cell}" if cell[:1] in SPREADSHEET and cell and not number else cell


def _row(row: lists.Row) -> dict[str, Any]:
    told = asdict(row)
    told.pop("organisation_id")
    return told | {"area": tree.find(told.pop("area_id")).code}


def _figure(figure: Figure) -> dict[str, Any]:
    return asdict(figure)


def _line(line: Line, language: str) -> dict[str, Any]:
    figures = {code: _figure(one) for code, one in line.figures.items()}
    return {"code": line.code, "name": line.name(language), "figures": figures, "link": dict(line.link)}


def _lines(lines: list[Line] | None, language: str) -> list[dict[str, Any]] | None:
    return None if lines is None else [_line(line, language) for line in lines]


def _compared(one: Compared) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("first", "last", "before_first", "before_last", "whole")}
    for name in ("now", "before"):
        told[name] = {code: _figure(figure) for code, figure in getattr(one, name).items()}
    return told


def _board(found: Board, language: str) -> dict[str, Any]:
    scope, period = found.slice.scope, found.slice.period
    english = language.startswith("en")
    waits = {
        name: [_waits(row, english=english) for row in rows]
        for name, rows in (("urgent", found.urgent), ("listed", found.listed))
    }
    return {
        "kind": scope.kind, "code": scope.code, "name": scope.name(language), "sequence": found.sequence,
        "counted_at": found.counted_at, "first": period.first, "last": period.last,
        "sentence": {code: _figure(one) for code, one in found.sentence.items()},
        "figures": {code: _figure(one) for code, one in found.figures.items()},
        "kinds": _lines(found.kinds, language), "services": _lines(found.services, language),
        "areas": _lines(found.areas, language), "organisations": _lines(found.organisations, language),
        "trend": _lines(found.trend, language), "month": _compared(found.month), "year": _compared(found.year), **waits,
        "pioneers_month": found.pioneers.month, "pioneers_picked": found.pioneers.picked,
        "pioneers": [_star(star, english=english) for star in found.pioneers.stars],
        "corrections": found.corrections.total,
    }  # fmt: skip


def _waits(row: Any, *, english: bool) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in WaitsShown.model_fields if hasattr(row, name)}
    owner = (row.owner.name_en if english else row.owner.name) if row.owner else ""
    return told | {"owner": owner, "area": tree.find(row.area_id).code}


def _star(star: Any, *, english: bool) -> dict[str, Any]:
    pioneer = star.pioneer
    name = pioneer.organisation.name_en if english else pioneer.organisation.name
    return {
        "pioneer": pioneer.pk, "name": pioneer.name, "organisation": name, "rank": star.rank, "done": star.done,
        "index": star.index,
    }  # fmt: skip
