"""A round as staff write it down: checked whole, every fault by its field, before anything is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from xianfeng.foundation.kernel import texts
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.places.models import Area
from xianfeng.recognition.honours import titles


@dataclass(frozen=True)
class RuleGiven:
    """A rule: its kind and the numbers it takes."""

    kind: str
    n: float | None = None
    months: int | None = None
    years: int | None = None
    area_id: int | None = None


@dataclass(frozen=True)
class QuotaGiven:
    """Places, for whom."""

    places: int
    organisation_id: int | None = None
    area_id: int | None = None


@dataclass(frozen=True)
class CriterionGiven:
    """What is judged: source 'index' or 'review', its weight in hundredths."""

    source: str
    label: str
    weight: int


@dataclass(frozen=True)
class Plan:
    """A round. `organisation_id` None: the city's own. Days are the city's; times are instants."""

    title: str
    level: str
    name: str
    organisation_id: int | None
    since: date
    until: date
    opens_at: datetime
    closes_at: datetime
    review_until: datetime
    notice_days: int
    rules: Sequence[RuleGiven] = ()
    quotas: Sequence[QuotaGiven] = ()
    criteria: Sequence[CriterionGiven] = ()
    reviewer_ids: Sequence[int] = field(default=())
    chair_id: int | None = None


def checked(plan: Plan, organisation: Organisation | None) -> dict[str, Any]:
    """Return the columns of the round. Raises Refused naming the field at fault."""
    numbers = titles.numbers("round")
    given = titles.title(plan.title)
    if organisation is not None and given.organisation != organisation.kind:
        raise Refused("title-not-yours", field="title")
    if plan.level not in given.levels:
        raise Refused("level-not-given", field="level")
    name = texts.clean_line(plan.name, field="name", limit=numbers["name_length"])
    _dates(plan, numbers)
    _rules(plan.rules, numbers)
    _quotas(plan.quotas, numbers)
    _criteria(plan.criteria, numbers)
    _reviewers(plan, numbers)
    return {
        "title": plan.title, "level": plan.level, "name": name, "since": plan.since, "until": plan.until,
        "opens_at": plan.opens_at, "closes_at": plan.closes_at, "review_until": plan.review_until,
        "notice_days": plan.notice_days,
    }  # fmt: skip


def _dates(plan: Plan, numbers: dict[str, Any]) -> None:
    order = (("until", plan.since <= plan.until), ("closes_at", plan.opens_at < plan.closes_at),
             ("review_until", plan.closes_at < plan.review_until))  # fmt: skip
    for name, fine in order:
        if not fine:
            raise Refused("dates-out-of-order", field=name)
    least, most = numbers["notice_days_least"], numbers["notice_days_most"]
    if not least <= plan.notice_days <= most:
        raise Refused("notice-too-short-or-long", field="notice_days", least=least, most=most)


def _rules(given: Sequence[RuleGiven], numbers: dict[str, Any]) -> None:
    _count(given, numbers["rules"], "rules")
    kinds = titles.rule_kinds()
    for place, rule in enumerate(given, 1):
        if rule.kind not in kinds:
            raise Refused("rule-unknown", field="rules", place=place)
        for name in ("n", "months", "years"):
            _number(kinds[rule.kind]["takes"].get(name), getattr(rule, name), name, place)
        if bool(rule.area_id) != kinds[rule.kind]["area"]:
            raise Refused("rule-area", field="rules", place=place)
    _areas([rule.area_id for rule in given], "rules")


def _number(bounds: list[float] | None, value: float | None, name: str, place: int) -> None:
    if bounds is None and value is None:
        return
    if bounds is None or value is None or not bounds[0] <= value <= bounds[1]:
        low, high = bounds or (0, 0)
        raise Refused("rule-number", field="rules", place=place, name=name, low=low, high=high)


def _quotas(given: Sequence[QuotaGiven], numbers: dict[str, Any]) -> None:
    if not given:
        raise Refused("quota-missing", field="quotas")
    _count(given, numbers["quotas"], "quotas")
    if any(one.places < 1 for one in given) or sum(one.places for one in given) > numbers["places_most"]:
        raise Refused("quota-number", field="quotas", most=numbers["places_most"])
    if len({(one.organisation_id, one.area_id) for one in given}) < len(given):
        raise Refused("quota-twice", field="quotas")
    _areas([one.area_id for one in given], "quotas")
    named = {one.organisation_id for one in given if one.organisation_id is not None}
    if Organisation.objects.filter(pk__in=named).count() < len(named):
        raise Refused("rule-refers-to-nothing", field="quotas")


def _criteria(given: Sequence[CriterionGiven], numbers: dict[str, Any]) -> None:
    _count(given, numbers["criteria"], "criteria")
    whole = sum(one.weight for one in given)
    if whole != 100:
        raise Refused("weights-not-100", field="criteria", sum=whole)
    if any(one.weight < 1 or one.source not in {"index", "review"} for one in given):
        raise Refused("weights-not-100", field="criteria", sum=whole)
    if sum(one.source == "index" for one in given) > 1:
        raise Refused("index-twice", field="criteria")
    for one in given:
        texts.clean_line(one.label, field="criteria", limit=numbers["label_length"])


def _reviewers(plan: Plan, numbers: dict[str, Any]) -> None:
    _count(plan.reviewer_ids, numbers["reviewers"], "reviewers")
    least = titles.numbers("review")["reviewers_least"]
    if any(one.source == "review" for one in plan.criteria) and len(set(plan.reviewer_ids)) < least:
        raise Refused("reviewers-too-few", field="reviewers", least=least)
    if plan.chair_id is not None and plan.chair_id not in plan.reviewer_ids:
        raise Refused("chair-no-reviewer", field="reviewers")


def _areas(ids: Sequence[int | None], at_fault: str) -> None:
    named = {one for one in ids if one is not None}
    if Area.objects.filter(pk__in=named, active=True).count() < len(named):
        raise Refused("rule-refers-to-nothing", field=at_fault)


def _count(given: Sequence[object], most: int, at_fault: str) -> None:
    if len(given) > most:
        raise Refused("too-many-given", field=at_fault, most=most)
