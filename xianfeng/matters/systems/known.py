"""What the systems add to the house, as this process remembers it: categories, roles, texts, names.

Read once a process, forgotten when the database says that something of it changed (config/web.py, config/worker.py).
"""

from functools import cache
from typing import Any

from xianfeng.matters.systems.models import SystemVersion


@cache
def systems() -> dict[str, dict[str, Any]]:
    """Return what each system says of itself, by code, in the order systems are shown; one statement a process."""
    rows = SystemVersion.objects.order_by("system_id", "-version").distinct("system_id")
    found = [row.definition for row in rows]
    return {one["code"]: one for one in sorted(found, key=lambda one: (one["order"], one["code"]))}


@cache
def categories() -> dict[str, Any]:
    """Return the categories that systems add, by code."""
    return _of_all("categories")


@cache
def roles() -> dict[str, Any]:
    """Return the roles that systems add, by code."""
    return _of_all("roles")


def _of_all(table: str) -> dict[str, Any]:
    return {code: entry for system in systems().values() for code, entry in system[table].items()}


def text(system: str, name: str, language: str) -> str:
    """Return a text of a system in `language`; '' where it has none of that name."""
    entry = systems().get(system, {}).get("texts", {}).get(name)
    return str(entry["en" if language.startswith("en") else "zh"]) if entry else ""


def forget() -> None:
    """Read everything anew on next use."""
    for remembered in (systems, categories, roles):
        remembered.cache_clear()
