"""A service as it is edited in a form: its words, limits and switches as fields, questions and categories as YAML."""

from collections.abc import Mapping
from typing import Any

import yaml
from django.http import QueryDict

from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.matters.systems import lines
from xianfeng.matters.systems.checking import KEPT, NUMBERS, STATES

WORDS = ("zh", "en", "zh_what", "en_what")
LISTS = ("raisers", "rated")
TABLES = {"limits_minutes": STATES, "numbers": NUMBERS, "retention_days": KEPT}
TEXTS = ("questions", "categories")
_LONGEST = 100_000


def changes(typed: QueryDict, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form says, over `before`. Raises Refused naming the field that cannot be read at all."""
    told: dict[str, Any] = {name: typed.get(name, "").strip() for name in WORDS}
    told |= {name: typed.getlist(name) for name in LISTS}
    told |= {name: _table(name, typed, before.get(name, {})) for name in TABLES}
    told["category"] = typed.get("category", "").strip()
    told["filing"] = typed.get("filing") == "on"
    told["questions"] = _questions(typed.get("questions", ""))
    told["categories"] = _yaml("categories", typed.get("categories", ""), {}, dict)
    return told


def _table(name: str, typed: QueryDict, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table of numbers; what is no number stays as it was typed, so that the check tells of it."""
    kept = dict(before)
    for key in TABLES[name]:
        value = typed.get(f"{name}.{key}")
        if value is not None:
            plain = value.strip()
            kept[key] = int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else plain
    return kept


def _questions(text: str) -> Any:
    """Return the questions; the line 'questions:' above them may be left out."""
    plain = text.strip("\n")
    whole = plain if plain.lstrip().startswith("questions:") else f"questions:\n{plain}"
    return _yaml("questions", whole if plain.strip() else "", {}, dict).get("questions") or []


def _yaml(name: str, text: str, none: Any, kind: type) -> Any:
    if len(text) > _LONGEST:
        raise Refused("text-too-long", field=name, limit=_LONGEST, length=len(text))
    if not text.strip():
        return none
    try:
        data, _ = lines.of_yaml(text)
    except lines.AliasFound as error:
        raise Refused("yaml-unreadable", field=name, line=error.line) from None
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Refused("yaml-unreadable", field=name, line=mark.line + 1 if mark else 1) from None
    if not isinstance(data, kind):
        raise Refused("yaml-unreadable", field=name, line=1)
    return data
