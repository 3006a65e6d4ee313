"""Figures in words: a number with its unit, n of N, and the link to its rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.doors.cockpit import measures
from xianfeng.doors.cockpit.measures import Figure
from xianfeng.doors.cockpit.shown.addresses import Address

NOTHING = "–"
TEN_THOUSAND = 10_000
_HOUR, _DAY = 60, 1_440


def language() -> str:
    """Return the reader's language."""
    return get_language() or ""


def english() -> bool:
    """Tell whether the reader reads English."""
    return language().startswith("en")


@dataclass(frozen=True)
class Shown:
    """A figure as it is read: `value` and `unit` apart, `of` its n/N, `url` its rows ('' where there are none)."""

    code: str
    name: str
    value: str
    unit: str
    of: str
    url: str
    raw: float | None

    @property
    def html(self) -> SafeString:
        """Return the value as a link to its rows."""
        if not self.url:
            return format_html('<b data-n="{}">{}</b>', self.code, self.value)
        return format_html(
            '<a class="fg" href="{}" data-n="{}"><b>{}</b></a>', self.url, self.code, self.value
        )

    @property
    def whole(self) -> str:
        """Return value and unit in one."""
        return f"{self.value} {self.unit}".strip()


def figure(one: Figure, at: Address, code: str = "") -> Shown:
    """Return a figure in words; `code` tells it apart from the same measure of another line."""
    measure = measures.measure(one.measure)
    value, unit = told(one)
    of = f"{one.n:,}/{one.total:,}" if one.n is not None and one.total else ""
    url = at.rows(one.link) if one.value and one.link and not one.hidden else ""
    return Shown(code or one.measure, measure.name(language()), value, unit, of, url, one.value)


def figures(given: Mapping[str, Figure], at: Address, before: str = "") -> dict[str, Shown]:
    """Return figures in words by their keys; `before` keeps those of several lines apart."""
    return {name: figure(one, at, f"{before}{name}") for name, one in given.items()}


def told(one: Figure) -> tuple[str, str]:
    """Return a figure's value and its unit."""
    if one.hidden:
        return _("少于 3"), ""
    if one.value is None:
        return NOTHING, ""
    return _TOLD[one.unit](one.value)


def _count(value: float) -> tuple[str, str]:
    return f"{value:,.0f}", _("件")


def _jobs(value: float) -> tuple[str, str]:
    return f"{value:,.0f}", _("人")


def _share(value: float) -> tuple[str, str]:
    return f"{100 * value:.1f}".removesuffix(".0") + "%", ""


def minutes(value: float) -> tuple[str, str]:
    """Return minutes in the unit people would say."""
    if value < 2 * _HOUR:
        return f"{value:.0f}", _("分钟")
    if value < 2 * _DAY:
        return f"{value / _HOUR:.1f}".removesuffix(".0"), _("小时")
    return f"{value / _DAY:.1f}".removesuffix(".0"), _("天")


def yuan(value: float) -> tuple[str, str]:
    """Return yuan; by ten thousands in Chinese."""
    if english() or value < TEN_THOUSAND:
        return f"{value:,.0f}", _("元")
    return f"{value / TEN_THOUSAND:,.1f}".removesuffix(".0"), _("万元")


_TOLD = {"matter": _count, "minute": minutes, "yuan": yuan, "share": _share, "job": _jobs}


def moved(now: Figure, before: Figure) -> str:
    """Return how a figure moved: shares by points, all else in percent; '–' where nothing stands against it."""
    if now.value is None or before.value is None:
        return NOTHING
    if now.unit == "share":
        return _signed(100 * (now.value - before.value), 1) + _("点")
    if not before.value:
        return NOTHING
    return _signed(100 * (now.value - before.value) / before.value, 0) + "%"


def _signed(value: float, digits: int) -> str:
    text = f"{value:+.{digits}f}".removesuffix(".0")
    return "0" if not float(text) else text.replace("-", "−")


def bar(value: float | None, most: float) -> float:
    """Return the length of a bar out of 100."""
    return round(100 * (value or 0) / most, 2) if most else 0.0


def most(values: Iterable[float | None]) -> float:
    """Return the largest, at least 1."""
    return max((value or 0 for value in values), default=0) or 1
