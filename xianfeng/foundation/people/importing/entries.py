"""Lines of a list become entries: one recognition each, its pioneer, who speaks for it and who belongs to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.tables.faults import Reason, Rejected, Unfit
from xianfeng.foundation.kernel.tables.whole import Table
from xianfeng.foundation.people.importing import cells, places
from xianfeng.foundation.people.importing.cells import Member
from xianfeng.foundation.people.importing.places import Organisations
from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.places.models import Area

NEEDED = ("number", "name", "mobile")


@dataclass(frozen=True)
class Entry:
    """One recognition as a list has it. None (or no members) where the list says nothing: what stands is kept."""

    line: int
    organisation: Organisation
    number: str
    kind: str
    name: str
    speaker: str
    mobile: str
    area: Area | None = None
    point: tuple[float, float] | None = None
    skills: tuple[str, ...] | None = None
    title: str | None = None
    level: str | None = None
    since: datetime | None = None
    motto: str | None = None
    deed: str | None = None
    members: tuple[Member, ...] = ()

    @property
    def key(self) -> tuple[int, str]:
        """What an entry is known again by: its organisation and number."""
        return self.organisation.pk, self.number


@dataclass
class Read:
    """The entries of a list; the lines that are none, with the reason; and what the office should know."""

    entries: list[Entry] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[Rejected] = field(default_factory=list)
    last: Entry | None = None  # what lines without a number of their own belong to


def words() -> dict[str, list[str]]:
    """Return the names each column goes by."""
    columns: dict[str, list[str]] = catalogue.load("people-import")["columns"]
    return columns


def read(table: Table, organisations: Organisations, now: datetime) -> Read:
    """Return the entries of a table, collectives over several lines put together."""
    found = Read(rejected=list(table.broken))
    places_ = {column: at for at, column in table.columns.items()}
    seen: dict[tuple[int, str], int] = {}
    for line, fields in table.rows:
        given = {column: fields[at] if at < len(fields) else "" for column, at in places_.items()}
        try:
            if reason := _passed_over(fields, given):
                found.notes.append(Rejected(line, "", reason))
                continue
            found.last = _entry(line, given, organisations, now, found)
            _take(found.last, seen, found)
        except Unfit as unfit:
            found.last = None
            found.rejected.append(Rejected(line, unfit.column, unfit.reason))
    return found


def _passed_over(fields: Sequence[str], given: dict[str, str]) -> str:
    if given.get("number") and given.get("name"):
        return ""
    first = next((one for one in fields if one), "")
    for word in catalogue.load("people-import")["passed_over"]["words"]:
        if re.match(rf"{re.escape(word)}\s*([:：(（]|$)", cells.plain(first).lower()):
            return Reason("passed-over", text=first[:30])
    return ""


def _take(entry: Entry, seen: dict[tuple[int, str], int], found: Read) -> None:
    """Add an entry, or the members of another line of the same collective to it. Raises Unfit for a number twice."""
    at = seen.get(entry.key)
    if at is None:
        seen[entry.key] = len(found.entries)
        found.entries.append(entry)
        return
    before = found.entries[at]
    if (before.kind, entry.kind) != ("collective", "collective") or before.name != entry.name:
        raise Unfit("number", Reason("number-before", number=entry.number, line=before.line))
    together = tuple(dict.fromkeys((*before.members, *entry.members)))
    found.entries[at] = replace(before, members=together)


def _entry(
    line: int, given: dict[str, str], organisations: Organisations, now: datetime, found: Read
) -> Entry:
    rules, last = catalogue.load("people")["recognition"], found.last
    if _only_members(given):  # merged cells, saved as CSV
        if last is None or last.kind != "collective":
            raise Unfit("number", Reason("no-collective-above"))
        return replace(last, line=line, members=_members(line, given, found))
    organisation = organisations.find(given.get("organisation", ""))
    kind = _one_of("kinds", given.get("kind", ""), "kind") or _kind_of(given)
    number = cells.plain(cells.line(given.get("number", ""), "number", _limits()["number_length"]))
    alone = kind == "individual"
    name = cells.name(given.get("name", ""), "name", rules["name_length"], one=alone)
    return Entry(
        line=line, organisation=organisation, number=number, kind=kind, name=name,
        speaker=name if alone else _speaker(given), mobile=cells.mobile(given.get("mobile", ""), "mobile"),
        members=() if alone else _members(line, given, found), **_card(given, organisation, now, rules),
    )  # fmt: skip


def _card(
    given: dict[str, str], organisation: Organisation, now: datetime, rules: dict[str, Any]
) -> dict[str, Any]:
    area = given.get("area", "")
    return {
        "area": places.area_of(area, organisation.area) if area else None,
        "point": cells.degrees(given.get("lat", ""), given.get("lon", "")),
        "skills": _skills(given.get("skills", "")),
        "title": cells.line(given.get("title", ""), "title", rules["title_length"], required=False) or None,
        "level": _one_of("levels", given.get("level", ""), "level") or None,
        "since": cells.day(given.get("since", ""), "since", now),
        "motto": cells.line(given.get("motto", ""), "motto", rules["motto_length"], required=False) or None,
        "deed": cells.words(given.get("deed", ""), "deed", rules["deed_length"]) or None,
    }


def _only_members(given: dict[str, str]) -> bool:
    told = {column for column, text in given.items() if text}
    return "members" in told and told <= {"members", "member_mobiles", "organisation"}


def _limits() -> dict[str, int]:
    limits: dict[str, int] = catalogue.load("people-import")["limits"]
    return limits


def _kind_of(given: dict[str, str]) -> str:
    """Return what a line without a kind is: with members it is a collective."""
    return "collective" if given.get("members") else "individual"


def _speaker(given: dict[str, str]) -> str:
    limit = catalogue.load("people")["name"]["length"]
    text = given.get("spokesperson", "")
    return cells.name(text, "spokesperson", limit, one=True) if text else ""


def _members(line: int, given: dict[str, str], found: Read) -> tuple[Member, ...]:
    told = cells.members(given.get("members", ""), given.get("member_mobiles", ""))
    if len(told) > _limits()["members"]:
        raise Unfit("members", Reason("too-many-members", n=len(told), limit=_limits()["members"]))
    if nameless := [one.name for one in told if not one.mobile]:
        names = "、".join(nameless[:5]) + (" …" if len(nameless) > 5 else "")
        found.notes.append(Rejected(line, "members", Reason("without-mobile", n=len(nameless), names=names)))
    return tuple(one for one in told if one.mobile)


def _one_of(table: str, text: str, column: str) -> str:
    """Return the code a cell means, '' for a blank one. Raises Unfit."""
    wanted = cells.plain(text).lower()
    if not wanted:
        return ""
    choices = catalogue.load("people-import")[table]
    for code, called in choices.items():
        if wanted in called:
            return str(code)
    known = ", ".join(all_[0] for all_ in choices.values())
    raise Unfit(column, Reason("none-of", text=text[:30], choices=known))


def _skills(text: str) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(_skill(one) for one in cells.several(text))) or None


def _skill(named: str) -> str:
    """Return the code of a skill called by code, by name in either language, by part of one, or by a word for it."""
    known, wanted = catalogue.load("skills"), named.lower()
    for code, entry in known.items():
        if wanted in {code, entry["zh"], entry["en"].lower()}:
            return str(code)
    part = [code for code, entry in known.items() if len(named) > 1 and named in entry["zh"]]
    part = part or [code for code, entry in known.items() if wanted in entry["words"]]
    if len(part) == 1:
        return str(part[0])
    choices = "、".join(str(entry["zh"]) for entry in known.values())
    raise Unfit("skills", Reason("none-of", text=named[:30], choices=choices))
