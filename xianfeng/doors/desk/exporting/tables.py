"""What each list holds as a table: its columns, and its rows within somebody's reach. No numbers, no addresses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xianfeng.doors.desk.queries import lists
from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.doors.desk.shown import matter as matters
from xianfeng.doors.desk.shown import stages
from xianfeng.doors.desk.shown.queue import abuse_reason
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.matters import categories
from xianfeng.matters.models import Matter

Cell = str | int | float | None
CHUNK = 2000


@dataclass(frozen=True)
class Table:
    """One list as a table: the rows of a query string within a reach, each column's head and value; `about` is the
    person whom a row tells of.
    """

    rows: Callable[[Reach, QueryDict], QuerySet[Any]]
    about: Callable[[Any], int]
    columns: tuple[tuple[str | Promise, Callable[[Any], Cell]], ...]


def _time(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""


def _area(area_id: int) -> str:
    return places.full_name(tree.find(area_id), get_language() or "zh-hans")


def _asker(matter: Matter) -> str:
    return matter.firm.name if matter.firm else public_name(matter.requester.name)


def _category(code: str) -> str:
    return categories.label(code, get_language() or "zh-hans")


def _pioneers(reach: Reach, given: QueryDict) -> QuerySet[Pioneer]:
    asked = {name: given.get(name, "").strip()[:60] for name in ("words", "skill", "kind", "suspended")}
    return lists.pioneers(reach, **asked)


def _kind(pioneer: Pioneer) -> str:
    return str(_("集体") if pioneer.kind == "collective" else _("个人"))


TABLES: dict[str, Table] = {
    "matters": Table(
        lambda reach, given: lists.matters(reach, lists.asked(given)),
        lambda m: m.firm.responsible_id if m.firm else m.requester_id,
        (
            (_("编号"), lambda m: m.number), (_("标题"), lambda m: m.title), (_("内容"), lambda m: m.text),
            (_("服务"), matters.service_name), (_("类别"), lambda m: _category(m.category)),
            (_("走到哪一步"), stages.standing), (_("挂账"), lambda m: int(m.listed)),
            (_("地方"), lambda m: _area(m.area_id)), (_("谁提的"), _asker),
            (_("提出"), lambda m: _time(m.raised_at)), (_("时限"), lambda m: _time(m.due_at)),
            (_("接单人"), lambda m: m.taken_by.name if m.taken_by else ""),
            (_("接单人的单位"), lambda m: m.taken_by.organisation.name if m.taken_by else ""),
            (_("接单"), lambda m: _time(m.taken_at)), (_("办完"), lambda m: _time(m.closed_at)),
            (_("退回"), lambda m: m.released_count), (_("说没办好"), lambda m: m.disputed_count),
        ),
    ),
    "pioneers": Table(
        _pioneers,
        lambda p: p.spokesperson_id,
        (
            (_("先锋"), lambda p: p.name), (_("个人还是集体"), _kind),
            (_("单位"), lambda p: p.organisation.name), (_("地方"), lambda p: _area(p.area_id)),
            (_("专长"), lambda p: "、".join(_category(code) for code in p.skills)), (_("手上"), lambda p: p.held),
            (_("帮过"), lambda p: p.helped), (_("先锋指数"), lambda p: p.index), (_("认定"), lambda p: _time(p.since)),
            (_("暂停"), lambda p: _time(p.suspended_at)),
        ),
    ),
    "firms": Table(
        lambda reach, given: lists.firms(reach, words=given.get("words", "").strip()[:60]),
        lambda f: f.responsible_id,
        (
            (_("企业"), lambda f: f.name), (_("地方"), lambda f: _area(f.area_id)),
            (_("负责人"), lambda f: public_name(f.responsible.name)), (_("核实"), lambda f: _time(f.verified_at)),
        ),
    ),
    "reports": Table(
        lambda reach, given: lists.reports(reach, judged=given.get("judged") == "1"),
        lambda r: r.reporter_id,
        (
            (_("编号"), lambda r: r.matter.number), (_("原因"), lambda r: abuse_reason(r.reason)),
            (_("说明"), lambda r: r.text), (_("举报"), lambda r: _time(r.reported_at)),
            (_("处理"), lambda r: _time(r.judged_at)), (_("不再给别人看"), lambda r: int(bool(r.hidden))),
            (_("为什么这样处理"), lambda r: r.judgement),
        ),
    ),
}  # fmt: skip


def heads(kind: str) -> list[str]:
    """Return the heads of a table in the reader's language."""
    return [str(head) for head, _value in TABLES[kind].columns]


def rows(kind: str, reach: Reach, query: str) -> QuerySet[Any]:
    """Return the rows of a table within reach that answer the query string."""
    return TABLES[kind].rows(reach, QueryDict(query))


def cells(kind: str, found: QuerySet[Any], told_of: set[int]) -> Iterator[list[Cell]]:
    """Yield each row's values, read from the database in chunks; `told_of` takes in the persons they tell of."""
    table = TABLES[kind]
    for one in found.iterator(chunk_size=CHUNK):
        told_of.add(table.about(one))
        yield [value(one) for _head, value in table.columns]
