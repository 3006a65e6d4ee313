"""The numbers and names of this room as data (catalogue/studios.toml)."""

from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused


def table(name: str) -> dict[str, Any]:
    """Return a table: studio, question, visit, hours, policy, limits_minutes."""
    found: dict[str, Any] = catalogue.load("studios")[name]
    return found


def keepers() -> tuple[str, ...]:
    """Return the roles that may keep a studio."""
    return tuple(table("keepers")["roles"])


def sector(code: str) -> str:
    """Return a sector the catalogue knows, or ''. Raises Refused 'sector-unknown'."""
    if code and code not in table("sector"):
        raise Refused("sector-unknown", field="sector")
    return code


def sectors(language: str) -> dict[str, str]:
    """Return the names of all sectors in `language`, by code."""
    word = "en" if language.startswith("en") else "zh"
    return {code: str(entry[word]) for code, entry in table("sector").items()}


def days_asked_after() -> tuple[int, ...]:
    """Return after how many days an asker is asked whether they got an answer, in their order."""
    numbers = table("question")
    return (int(numbers["first_days"]), int(numbers["second_days"]))
