"""The form by which an organisation sets up an award round: every rule is one line to tick and fill."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.places import tree
from xianfeng.recognition.honours import titles
from xianfeng.recognition.honours.planning import CriterionGiven, Plan, QuotaGiven, RuleGiven

QUOTAS, CRITERIA = 10, 5


def plan(given: QueryDict, reach: Reach) -> Plan:
    """Return the round a form describes; reviewers are known by their numbers. Raises Refused naming the field."""
    organisation = _organisation(given.get("organisation", ""), reach)
    reviewers = [people.enter_person(number, by=reach.person).pk for number in _numbers(given)]
    return Plan(
        title=given.get("title", ""), level=given.get("level", ""), name=given.get("name", ""),
        organisation_id=organisation, since=_day(given, "since"), until=_day(given, "until"),
        opens_at=_start(_day(given, "opens")), closes_at=_start(_day(given, "closes"), after=True),
        review_until=_start(_day(given, "review"), after=True),
        notice_days=_whole(given.get("notice_days", ""), "notice_days"),
        rules=list(_rules(given)), quotas=list(_quotas(given)), criteria=list(_criteria(given)),
        reviewer_ids=reviewers, chair_id=reviewers[0] if reviewers else None,
    )  # fmt: skip


def _organisation(text: str, reach: Reach) -> int | None:
    if text == "city" and reach.city:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Refused("field-invalid", field="organisation", detail=text[:20])
    return int(text)


def _numbers(given: QueryDict) -> list[str]:
    return [line.strip() for line in given.get("reviewers", "").splitlines() if line.strip()]


def _day(given: QueryDict, name: str) -> date:
    try:
        found = parse_date(given.get(name, ""))
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        raise Refused("date-unread", field=name)
    return found


def _start(day: date, *, after: bool = False) -> datetime:
    """Return when a day begins in the city, or (`after`) the one that follows it: a last day counts whole."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=after), time()))


def _whole(text: str, name: str) -> int:
    if not text.strip().isascii() or not text.strip().isdigit() or len(text.strip()) > 6:
        raise Refused("number-unread", field=name)
    return int(text)


def _decimal(text: str, name: str) -> float:
    try:
        found = float(text)
    except ValueError:
        raise Refused("number-unread", field=name) from None
    if not -1e6 < found < 1e6:
        raise Refused("number-unread", field=name)
    return found


def _rules(given: QueryDict) -> Iterator[RuleGiven]:
    for kind, entry in titles.rule_kinds().items():
        if given.get(f"rule-{kind}") != "1":
            continue
        numbers = {name: given.get(f"rule-{kind}-{name}", "") for name in entry["takes"]}
        yield RuleGiven(
            kind, n=_decimal(numbers["n"], "rules") if "n" in numbers else None,
            months=_whole(numbers["months"], "rules") if "months" in numbers else None,
            years=_whole(numbers["years"], "rules") if "years" in numbers else None,
            area_id=_area(given.get(f"rule-{kind}-area", ""), "rules") if entry["area"] else None,
        )  # fmt: skip


def _quotas(given: QueryDict) -> Iterator[QuotaGiven]:
    for at in range(QUOTAS):
        places = given.get(f"quota-{at}-places", "").strip()
        if not places:
            continue
        organisation, area = given.get(f"quota-{at}-organisation", ""), given.get(f"quota-{at}-area", "")
        yield QuotaGiven(
            _whole(places, "quotas"), organisation_id=_whole(organisation, "quotas") if organisation else None,
            area_id=_area(area, "quotas") if area else None,
        )  # fmt: skip


def _criteria(given: QueryDict) -> Iterator[CriterionGiven]:
    index = given.get("weight-index", "").strip()
    if index and index != "0":
        yield CriterionGiven("index", "先锋指数", _whole(index, "criteria"))
    for at in range(CRITERIA):
        label, weight = given.get(f"criterion-{at}", "").strip(), given.get(f"weight-{at}", "").strip()
        if label or weight:
            yield CriterionGiven("review", label, _whole(weight, "criteria"))


def _area(code: str, name: str) -> int:
    area = tree.current().by_code.get(code)
    if area is None:
        raise Refused("rule-refers-to-nothing", field=name)
    return area.pk
