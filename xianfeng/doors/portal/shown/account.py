"""The index taken apart, line by line, in hundredths of a point that add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xianfeng.doors.portal.shown import index
from xianfeng.recognition.merit.queries import ActivityPoints, Explained, HonourPoints, OrderPoints


@dataclass(frozen=True)
class Line:
    """One line of the account: what, its page if there is one, how it counts, and the points it added."""

    what: str
    url: str
    how: str
    points: float


@dataclass(frozen=True)
class Account:
    """Every line, and their sum, which is the index in hundredths."""

    lines: list[Line]
    total: float
    version: str
    as_of: datetime


def shown(explained: Explained) -> Account:
    """Return the account of an index; what added most comes first, the common start on top."""
    orders = sorted(explained.orders, key=lambda one: -abs(one.total))
    given: list[HonourPoints | ActivityPoints] = [*explained.honours, *explained.activities]
    values = [explained.base, *(one.total for one in orders), *(one.points for one in given)]
    total = round(explained.total, 2)
    points = hundredths(values, total)
    start = Line(_("起步"), "", _("谁都一样，从这里开始"), points[0])
    told = [_order(one, at) for one, at in zip(orders, points[1 : 1 + len(orders)], strict=True)]
    others = [_other(one, at) for one, at in zip(given, points[1 + len(orders) :], strict=True)]
    return Account([start, *others, *told], total, explained.standing.version, explained.standing.as_of)


def hundredths(values: Sequence[float], total: float) -> list[float]:
    """Return `values` in hundredths that add up to `total` in hundredths."""
    return [tenth / 10 for tenth in index.tenths([10 * value for value in values], 10 * total)]


def _order(one: OrderPoints, points: float) -> Line:
    days = max(0, round(one.wait_days))
    how = [
        _("%(n)s 星") % {"n": one.stars},
        ngettext("接单到办好 %(n)s 天", "接单到办好 %(n)s 天", days) % {"n": days} if days else _("当天办好"),
        _("可信程度 %(n).0f%%") % {"n": 100 * one.weight},
    ]
    if one.verified_yuan:
        how.append(_("核实效益 %(n)s 元") % {"n": f"{one.verified_yuan:,.0f}"})
    url = reverse("portal:need", args=[one.number]) if one.number else ""
    return Line(one.title or _("一件不公开的求助"), url, _("，").join(how), points)


def _other(one: HonourPoints | ActivityPoints, points: float) -> Line:
    return _honour(one, points) if isinstance(one, HonourPoints) else _activity(one, points)


def _activity(one: ActivityPoints, points: float) -> Line:
    kinds = {"achievement": _("写下的成果"), "livestream": _("办过的直播")}
    return Line(kinds[one.kind], "", _("给大家传经验"), points)


def _honour(one: HonourPoints, points: float) -> Line:
    levels = {
        "national": _("国家级"), "province": _("省级"), "city": _("市级"), "county": _("县区级"), "town": _("镇街级"),
    }  # fmt: skip
    return Line(_("荣誉"), "", levels.get(one.level, one.level), points)
