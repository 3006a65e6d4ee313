"""Services on the desk: what stands in the fields, and what is wrong, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.doors.desk.forms import services as forms
from xianfeng.foundation.kernel import catalogue
from xianfeng.matters.models import Service
from xianfeng.matters.systems import known, lines
from xianfeng.matters.systems.drafting import Edited
from xianfeng.matters.systems.models import Draft


@dataclass(frozen=True)
class Row:
    """One service in the list."""

    code: str
    name: str
    system: str
    version: int
    current: bool
    from_desk: bool
    draft: Draft | None


@dataclass(frozen=True)
class Number:
    """One number to be edited."""

    name: str
    label: str
    value: Any


@dataclass(frozen=True)
class Switch:
    """One thing that is on or off."""

    value: str
    label: str
    chosen: bool


def rows(found: list[tuple[Service, Draft | None]]) -> list[Row]:
    """Return the list, by system and code."""
    shown = [
        Row(
            one.code, _word(one.definition), _system(one.definition), one.version, one.current, one.origin == "desk",
            draft,
        )
        for one, draft in found
    ]  # fmt: skip
    return sorted(shown, key=lambda row: (row.system, row.code))


def name(edited: Edited) -> str:
    """Return what the service is called now."""
    return _word(edited.service.definition)


def _word(entry: Mapping[str, Any]) -> str:
    return str(entry["en" if (get_language() or "").startswith("en") else "zh"])


def _system(definition: Mapping[str, Any]) -> str:
    entry = known.systems().get(str(definition.get("system")))
    return _word(entry) if entry else ""


def fields(edited: Edited, typed: Any = None) -> dict[str, Any]:
    """Return what stands in the form: what was typed, else what the draft or the newest version says."""
    data = dict(edited.definition)
    texts = {name: lines.written(data.get(name)) for name in forms.TEXTS}
    if typed is not None:
        data |= {name: typed.get(name, "") for name in (*forms.WORDS, "category")}
        data |= {name: typed.getlist(name) for name in forms.LISTS} | {"filing": typed.get("filing") == "on"}
        data |= {name: _typed_table(name, typed, data.get(name, {})) for name in forms.TABLES}
        texts = {name: typed.get(name, "") for name in forms.TEXTS}
    return {
        "words": data, "texts": texts, "filing": data.get("filing"), "raisers": _switches(_raisers(), data["raisers"]),
        "rated": _switches(_rated(), data["rated"]), "numbers": _numbers(data), "categories": _categories(data),
    }  # fmt: skip


def _typed_table(name: str, typed: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    return {key: typed.get(f"{name}.{key}", before.get(key, "")) for key in forms.TABLES[name]}


def _numbers(data: Mapping[str, Any]) -> list[Number]:
    labels = _labels()
    return [
        Number(f"{table}.{key}", labels[f"{table}.{key}"], data[table][key])
        for table, keys in forms.TABLES.items()
        for key in keys
        if key in data.get(table, {})
    ]


def _categories(data: Mapping[str, Any]) -> list[Switch]:
    every = {**catalogue.load("skills"), **data.get("categories", {})}
    return [
        Switch(
            code,
            _word({"zh": code, "en": code, **(entry if isinstance(entry, dict) else {})}),
            code == data.get("category"),
        )
        for code, entry in every.items()
    ]


def _switches(known_words: Mapping[str, str], chosen: Any) -> list[Switch]:
    return [Switch(code, words, code in chosen) for code, words in known_words.items()]


def faults(edited: Edited) -> list[str]:
    """Return what is wrong with the draft, in sentences that say where."""
    parts = {"service": _("服务"), "questions": _("问题"), "categories": _("类别")}
    language = get_language() or ""
    return [
        _("%(part)s，第 %(line)s 行：%(fault)s")
        % {"part": parts[one.file], "line": one.line, "fault": one.sentence(language)}
        if one.file != "service"
        else f"{parts['service']}：{one.sentence(language)}"
        for one in edited.faults
    ]


def _raisers() -> dict[str, str]:
    return {"person": _("个人"), "firm": _("企业")}


def _rated() -> dict[str, str]:
    return {"skill": _("本领"), "attitude": _("态度"), "speed": _("速度")}


def _labels() -> dict[str, str]:
    return {
        "limits_minutes.raised": _("等核对，几分钟"), "limits_minutes.offered": _("等先锋回话，几分钟"),
        "limits_minutes.open": _("等人接，几分钟"), "limits_minutes.taken": _("接了以后办，几分钟"),
        "limits_minutes.done": _("等打分，几分钟"), "numbers.return_free_minutes": _("接了可反悔，几分钟"),
        "numbers.reopen_days": _("办完可重开，几天"), "numbers.reopen_times": _("可重开几次"),
        "numbers.rating_days": _("打分可改，几天"), "numbers.extend_times": _("可延长几次"),
        "numbers.extend_minutes": _("一次延长几分钟"), "numbers.photos": _("最多几张照片"),
        "retention_days.address": _("门牌留几天"), "retention_days.messages": _("留言留几天"),
        "retention_days.photos": _("照片留几天"),
    }  # fmt: skip
