"""The pioneer index as a page shows it: tenths of points that add up, the bamboo, the radar, plain sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xianfeng.foundation.ui import drawing
from xianfeng.recognition.merit import words
from xianfeng.recognition.merit.queries import PartStanding, Standing

_LITTLE = 3.0  # full orders; below that a page says that the score will still move
_FAR = 0.05  # a part this share of its most away from the median is told as above or below it


@dataclass(frozen=True)
class Index:
    """What the page draws: the number in tenths, the six parts that sum to it, the drawings, and the sentences."""

    points: float
    without_honours: float
    parts: list[drawing.Part]
    joints: list[drawing.Joint]
    radar: drawing.Radar
    interval: drawing.Interval
    span: str
    sentences: list[str]
    version: str
    as_of: datetime


def shown(standing: Standing) -> Index:
    """Return the drawing of a standing."""
    points = round(standing.index, 1)
    rounded = tenths([part.points for part in standing.parts], points)
    parts = [_part(part, tenth) for part, tenth in zip(standing.parts, rounded, strict=True)]
    return Index(
        points=points, without_honours=standing.index_without_honours, parts=parts, joints=drawing.joints(parts),
        radar=drawing.radar(parts), interval=drawing.interval(standing.index, standing.half_width),
        span=_span(standing), sentences=sentences(standing), version=standing.version, as_of=standing.as_of,
    )  # fmt: skip


def tenths(values: Sequence[float], total: float) -> list[float]:
    """Return `values` in tenths that add up to `total` in tenths: the largest rests are rounded up first."""
    floors = [floor(round(10 * value, 9)) for value in values]
    missing = round(10 * total) - sum(floors)
    by_rest = sorted(range(len(values)), key=lambda at: (floors[at] - 10 * values[at], at))
    for at in by_rest[: max(0, missing)]:
        floors[at] += 1
    for at in by_rest[::-1][: max(0, -missing)]:
        floors[at] -= 1
    return [floor_ / 10 for floor_ in floors]


def _part(part: PartStanding, points: float) -> drawing.Part:
    name, what = words.parts()[part.code]
    return drawing.Part(name, what, points, part.most, part.median / part.most if part.most else 0.0)


def sentences(standing: Standing) -> list[str]:
    """Return in plain words what the index rests on, and where it is above and below the city's median."""
    told = [_evidence(standing)]
    told.append(_span(standing))
    above = [
        words.parts()[part.code][0] for part in standing.parts if part.points - part.median > _FAR * part.most
    ]
    below = [
        words.parts()[part.code][0] for part in standing.parts if part.median - part.points > _FAR * part.most
    ]
    if above:
        told.append(_("比全市中位数高的：%(names)s。") % {"names": _("、").join(above)})
    if below:
        told.append(_("比全市中位数低的：%(names)s。") % {"names": _("、").join(below)})
    return told


def _span(standing: Standing) -> str:
    """Return the interval in words, and that it is wide where little is known."""
    drawn = drawing.interval(standing.index, standing.half_width)
    told = _("十次里大约有八次，实际水平在 %(low).1f 到 %(high).1f 之间。") % {
        "low": drawn.low,
        "high": drawn.high,
    }
    return told + _("打分还少，这个分数还会变。") if standing.evidence < _LITTLE else told


def _evidence(standing: Standing) -> str:
    if not standing.orders:
        return _("还没有人打过分，现在是全市起步的分数。")
    told = ngettext(
        "%(n)s 次打分，按新旧和可信程度，折成 %(worth).1f 次。",
        "%(n)s 次打分，按新旧和可信程度，折成 %(worth).1f 次。",
        standing.orders,
    )
    return told % {"n": standing.orders, "worth": standing.evidence}
