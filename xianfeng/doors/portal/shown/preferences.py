"""Language, size of letters, light or dark: what one may choose, and what is chosen."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Choice:
    """One value of a preference: its words (in the language `lang`, if not the page's) and its picture."""

    value: str
    label: str
    icon: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Preference:
    """What is kept under `name`: its legend, the choices, and the value that is chosen."""

    name: str
    legend: str
    choices: list[Choice]
    chosen: str


def preferences(mode: str, theme: str) -> list[Preference]:
    """Return the preferences of a reader whose pages are in the active language, `mode` and `theme`."""
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    languages = [Choice("zh-hans", "简体中文", lang="zh-CN"), Choice("en", "English", lang="en")]
    modes = [Choice("std", _("标准版")), Choice("care", _("长辈版"))]
    themes = [Choice("auto", _("跟手机走")), Choice("light", _("亮"), "sun"), Choice("dark", _("暗"), "moon")]
    return [
        Preference("lang", _("语言"), languages, language),
        Preference("mode", _("字号"), modes, mode),
        Preference("theme", _("亮暗"), themes, theme),
    ]
