"""Tags of the design language: icon, leaf, seal, stars, and measures in words."""

import hashlib
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.ui import words

register = template.Library()


@cache
def _sprite() -> str:
    return static("ui/img/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return an icon of the sprite: for eyes only, or with a spoken `label`."""
    if label:
        return format_html(
            '<svg class="i" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, _sprite(), name
        )
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@register.simple_tag
def shape(name: str) -> SafeString:
    """Return a mark of the timeline: t-dot, t-dot-g, t-leaf, t-seal, or dashed with -n."""
    return format_html('<svg class="m" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@register.simple_tag
def sprite(name: str) -> str:
    """Return the address of one symbol of the sprite."""
    return f"{_sprite()}#{name}"


@register.simple_tag
def skill_icon(code: str) -> str:
    """Return the icon's name of a skill; a leaf for what is unknown."""
    entry = catalogue.known("skills").get(code)
    return str(entry["icon"]) if entry else "leaf"


@register.simple_tag
def skill_name(code: str) -> str:
    """Return a skill's name in the reader's language; '' for none."""
    entry = catalogue.known("skills").get(code)
    return str(entry["en" if _english() else "zh"]) if entry else ""


@register.filter
def skill_names(codes: list[str]) -> str:
    """Say skills in the reader's language: 电工 · 水管."""
    return " · ".join(skill_name(code) for code in codes)


def _english() -> bool:
    return (get_language() or "").startswith("en")


_VEINS = ("M6 40C16 30 26 20 38 6", "M6 40C12 26 22 14 38 6", "M6 40C20 34 30 22 38 6")


@register.simple_tag
def leaf(seed: str, skill: str = "", size: str = "") -> SafeString:
    """Return a pioneer's drawn leaf: ground and vein from `seed`, the icon of the first skill. `size`: '', 's', 'l'."""
    number = hashlib.sha256(str(seed).encode()).digest()
    return format_html(
        '<svg class="xf-leaf{}" viewBox="0 0 44 44" aria-hidden="true"><path class="lf-{}" '
        'd="M24 0H38a6 6 0 0 1 6 6V22A22 22 0 0 1 22 44H6a6 6 0 0 1-6-6V24A24 24 0 0 1 24 0Z"/>'
        '<path class="lf-v" d="{}"/>'
        '<svg class="lf-i" x="11" y="11" width="22" height="22"><use href="{}#{}"/></svg></svg>',
        f" xf-leaf--{size}" if size else "",
        number[0] % 4,
        _VEINS[number[1] % len(_VEINS)],
        _sprite(),
        skill_icon(skill),
    )


@register.simple_tag
def seal(character: str) -> SafeString:
    """Return an organisation's seal: one character in ink."""
    return format_html('<span class="xf-seal" aria-hidden="true">{}</span>', character)


@register.simple_tag
def stars(value: float | None) -> SafeString:
    """Return one to five stars to be read, with the number spoken."""
    if value is None:
        return mark_safe("")
    whole = round(value)
    drawn = format_html_join(
        "", '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        (("" if at <= whole else " off", _sprite(), "star-f" if at <= whole else "star") for at in range(1, 6)),
    )  # fmt: skip
    shown = f"{value:.1f}".removesuffix(".0")
    return format_html(
        '<span class="xf-stars" role="img" aria-label="{}">{}</span>', _("%(n)s 星") % {"n": shown}, drawn
    )


@register.filter
def distance(metres: float | None) -> str:
    """Say metres: 800 米, 2.1 公里."""
    return words.distance(metres)


@register.filter
def waited(since: datetime) -> str:
    """Say how long: 等了 6 分钟."""
    return words.waited(since)


@register.filter
def left(until: datetime) -> str:
    """Say what is left: 还剩 50 分钟."""
    return words.left(until)


@register.filter
def when(at: datetime) -> str:
    """Say an instant: 10:02, 昨天 10:02."""
    return words.when(at) if at else ""


@register.filter
def day(at: datetime) -> str:
    """Say a day: 7 月 3 日."""
    return words.day(at) if at else ""


@register.filter
def points(value: float | None) -> str:
    """Say points of the index with one decimal."""
    return "" if value is None else f"{value:.1f}"


@register.filter
def item(mapping: Any, key: str) -> Any:
    """Return mapping[key], or None."""
    return mapping.get(key) if hasattr(mapping, "get") else None
