"""The kinds of meetings and of teams as data (catalogue/meetings.toml)."""

from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused


def numbers(table: str) -> dict[str, Any]:
    """Return the numbers of a table: meeting, proposal, team, limits_minutes."""
    found: dict[str, Any] = catalogue.load("meetings")[table]
    return found


def meeting(code: str) -> dict[str, Any]:
    """Return what is said of a kind of meeting. Raises Refused 'meeting-kind-unknown'."""
    return _found("kind", code, "meeting-kind-unknown")


def team(code: str) -> dict[str, Any]:
    """Return what is said of a kind of team. Raises Refused 'team-kind-unknown'."""
    return _found("team_kind", code, "team-kind-unknown")


def _found(table: str, code: str, refusal: str) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = catalogue.load("meetings")[table]
    if code not in known:
        raise Refused(refusal, field="kind")
    return known[code]


def every(table: str) -> dict[str, dict[str, Any]]:
    """Return all kinds of a table ('kind', 'team_kind') by code."""
    known: dict[str, dict[str, Any]] = catalogue.load("meetings")[table]
    return known


def named(table: str, language: str) -> dict[str, str]:
    """Return the names of all kinds of a table ('kind', 'team_kind') in `language`."""
    word = "en" if language.startswith("en") else "zh"
    return {code: str(entry[word]) for code, entry in every(table).items()}
