"""The course of a service as data: its ladder of posts with their limits, its table of cases, its links."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import roles
from xianfeng.matters import clocks
from xianfeng.matters.clocks import Span


@dataclass(frozen=True)
class Step:
    """One rung of the ladder: the post that is asked, how long it has, and the rung above ('': the last)."""

    code: str
    role: str
    to: str
    limit: str
    urgent: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """Return what the rung is called."""
        return self.names["en" if language.startswith("en") else "zh"]


@dataclass(frozen=True)
class Case:
    """What holds for matters of one category: rung, sector, limits, and when it may be filed and closed."""

    category: str
    step: str
    sector: str
    limit: str
    urgent: str
    conditions: Mapping[str, str]

    def condition(self, of: str, language: str) -> str:
        """Return the condition for 'filing' or 'closing', in words."""
        return self.conditions[f"{'en' if language.startswith('en') else 'zh'}_{of}"]


@dataclass(frozen=True)
class Course:
    """The course of one version of a service, as its definition says it."""

    data: Mapping[str, Any]

    @cached_property
    def ladder(self) -> dict[str, Step]:
        """Return the rungs by code, in the order they are written."""
        return {
            one["code"]: Step(
                one["code"], one["role"], one.get("to", ""), one.get("limit", ""), one.get("urgent", ""),
                {"zh": one["zh"], "en": one["en"]},
            )
            for one in self.data["ladder"]
        }  # fmt: skip

    @cached_property
    def cases(self) -> dict[str, Case]:
        """Return the table of cases by category."""
        return {
            one["category"]: Case(
                one["category"], one.get("step", ""), one.get("sector", ""), one.get("limit", ""),
                one.get("urgent", ""), {key: str(value) for key, value in one.items()},
            )
            for one in self.data.get("cases", [])
        }  # fmt: skip

    def link(self, name: str) -> bool:
        """Tell whether an optional link (check, evaluate) is on."""
        return bool(self.data.get(name, True))

    def number(self, name: str) -> int:
        """Return a plain number of the course: check_metres, pauses."""
        return int(self.data[name])

    def span(self, name: str) -> Span:
        """Return a limit of the course: filed_limit, check_limit, extend."""
        return clocks.read(self.data[name])

    def first(self, category: str) -> Step:
        """Return the rung at which matters of a category begin."""
        case = self.cases.get(category)
        return self.ladder[(case.step if case else "") or self.data["first"]]

    def sector(self, category: str) -> str:
        """Return whose business a category is, for rungs that are a sector's."""
        case = self.cases.get(category)
        return case.sector if case else ""

    def step(self, code: str) -> Step:
        """Return a rung. Raises Refused 'step-unknown'."""
        if code not in self.ladder:
            raise Refused("step-unknown", field="step")
        return self.ladder[code]

    def above(self, code: str) -> Step | None:
        """Return the rung above one; None at the top, and for a rung that this version does not know."""
        here = self.ladder.get(code)
        return self.ladder[here.to] if here and here.to else None

    def limit(self, step: Step, category: str, *, urgent: bool) -> Span:
        """Return how long a rung has for a category: its own limit, else that of the case."""
        case = self.cases.get(category)
        plain = step.limit or (case.limit if case else "") or self.data["limit"]
        hurried = step.urgent or (case.urgent if case and not step.limit else "") or plain
        return clocks.read(hurried if urgent else plain)


def faults(
    course: Mapping[str, Any], known: Mapping[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what is wrong with a course: where (keys below it) and why. `known` are the roles there are."""
    rungs = {one["code"]: one for one in course["ladder"]}
    if len(rungs) < len(course["ladder"]):
        yield ("ladder",), "two rungs have one code"
    if course["first"] not in rungs:
        yield ("first",), f"{course['first']} is no rung of the ladder"
    for turn, one in enumerate(course["ladder"]):
        yield from _rung(turn, one, rungs, known)
    for turn, case in enumerate(course.get("cases", [])):
        if case.get("step") and case["step"] not in rungs:
            yield ("cases", turn, "step"), f"{case['step']} is no rung of the ladder"
        yield from _spans(("cases", turn), case, ("limit", "urgent"))
    yield from _spans((), course, ("limit", "filed_limit", "check_limit", "extend"))


def _rung(
    turn: int, one: Mapping[str, Any], rungs: Mapping[str, Any], known: Mapping[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if one["role"] not in known:
        yield ("ladder", turn, "role"), f"{one['role']} is no role"
    yield from _spans(("ladder", turn), one, ("limit", "urgent"))
    seen, at = {one["code"]}, one.get("to", "")
    while at:
        if at not in rungs:
            yield ("ladder", turn, "to"), f"{at} is no rung of the ladder"
            return
        if at in seen:
            yield ("ladder", turn, "to"), f"the ladder goes round in a circle at {at}"
            return
        seen.add(at)
        at = rungs[at].get("to", "")


def _spans(
    way: tuple[str | int, ...], table: Mapping[str, Any], names: tuple[str, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name in names:
        if table.get(name):
            try:
                clocks.read(table[name])
            except ValueError as fault:
                yield (*way, name), str(fault)


def sectors(course: Course) -> list[str]:
    """Return the sectors that the cases name, in order."""
    return sorted({case.sector for case in course.cases.values() if case.sector})


def name_of(role: str, language: str) -> str:
    """Return what the post of a role is called."""
    return roles.name(role, language)
