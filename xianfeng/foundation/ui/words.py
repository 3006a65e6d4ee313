"""Measures in words: how far, how long, when. Every number carries its unit."""

import re
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xianfeng.foundation.kernel import clock

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_BLANK_IN_HAN = re.compile(r"(?<=[一-鿿]) (?=[一-鿿])")


def distance(metres: float | None) -> str:
    """Return 800 米 or 2.1 公里; '' where nobody knows."""
    if metres is None:
        return ""
    if metres < 950:
        return _("%(n)s 米") % {"n": max(50, round(metres / 50) * 50)}
    kilometres = metres / 1000
    return _("%(n)s 公里") % {"n": f"{kilometres:.1f}" if kilometres < 20 else f"{kilometres:.0f}"}


def span(seconds: float) -> str:
    """Return a span of time in its largest unit: 不到 1 分钟, 6 分钟, 3 小时, 2 天."""
    if seconds < _MINUTE:
        return _("不到 1 分钟")
    if seconds < _HOUR:
        count = int(seconds // _MINUTE)
        return ngettext("%(n)s 分钟", "%(n)s 分钟", count) % {"n": count}
    if seconds < 2 * _DAY:
        count = int(seconds // _HOUR)
        return ngettext("%(n)s 小时", "%(n)s 小时", count) % {"n": count}
    count = int(seconds // _DAY)
    return ngettext("%(n)s 天", "%(n)s 天", count) % {"n": count}


def lasting(sentence: str, seconds: float) -> str:
    """Return `sentence` with its %(span)s filled: a blank beside a number, none between Chinese characters."""
    return _BLANK_IN_HAN.sub("", sentence % {"span": span(seconds)})


def waited(since: datetime) -> str:
    """Return how long somebody has waited: 等了 6 分钟."""
    return lasting(_("等了 %(span)s"), (clock.now() - since).total_seconds())


def left(until: datetime) -> str:
    """Return how much time is left: 还剩 50 分钟; 已到时限 once it has passed."""
    seconds = (until - clock.now()).total_seconds()
    return lasting(_("还剩 %(span)s"), seconds) if seconds > 0 else _("已到时限")


def when(at: datetime) -> str:
    """Return an instant as people say it: 10:02, 昨天 10:02, 7 月 3 日 10:02, 2025 年 7 月 3 日."""
    local, now = timezone.localtime(at), timezone.localtime(clock.now())
    time = f"{local:%H:%M}"
    if local.date() == now.date():
        return time
    if local.date() == (now - timedelta(days=1)).date():
        return _("昨天 %(time)s") % {"time": time}
    if local.date() == (now + timedelta(days=1)).date():
        return _("明天 %(time)s") % {"time": time}
    if local.year == now.year:
        return f"{day(at)} {time}"
    return str(date_format(local, _("Y 年 n 月 j 日")))


def planned(at: datetime) -> str:
    """Return an instant somebody plans for, never without its day: 今天 10:02, 明天 10:02, 7 月 3 日 10:02."""
    told = when(at)
    today = timezone.localdate(at) == timezone.localdate(clock.now())
    return _("今天 %(time)s") % {"time": told} if today else told


def day(at: datetime) -> str:
    """Return the day of an instant: 7 月 3 日."""
    return str(date_format(timezone.localtime(at), _("n 月 j 日")))


def tenth(at: datetime) -> str:
    """Return the time of day to the tenth of a second: 10:08:21.4."""
    local = timezone.localtime(at)
    return f"{local:%H:%M:%S}.{local.microsecond // 100_000}"
