"""An award round as the tests play it: its plan, who reviews, and how far it is played."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import time_machine

from tests.cast import Cast, closed, recognised, somebody
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.recognition.honours.models import Candidacy, Round
from xianfeng.recognition.honours.operations import declaring, reviewing, rounds
from xianfeng.recognition.honours.planning import CriterionGiven, Plan, QuotaGiven, RuleGiven

START = datetime.fromisoformat("2026-12-20T09:00:00+08:00")
CLOSE = START + timedelta(days=7)
REVIEWED = START + timedelta(days=10)


def plan(cast: Cast, **more: Any) -> Plan:
    """Return a round of the organisation here: one place, one service, half the index, half the reviewers."""
    reviewers = [somebody(n, f"评委{n}").pk for n in (201, 202, 203)]
    given = Plan(
        title="red-banner", level="county", name="三八红旗手评选", organisation_id=cast.organisation.pk,
        since=date(2026, 1, 1), until=date(2026, 12, 31), opens_at=START, closes_at=CLOSE, review_until=REVIEWED,
        notice_days=5, rules=[RuleGiven("services", n=1, months=12)], quotas=[QuotaGiven(1)],
        criteria=[CriterionGiven("index", "先锋指数", 50), CriterionGiven("review", "事迹", 50)],
        reviewer_ids=reviewers, chair_id=reviewers[0],
    )  # fmt: skip
    return replace(given, **more)


def reviewers(about: Round) -> list[Person]:
    """Return who reviews, in order."""
    return [one.person for one in about.reviewers.select_related("person").order_by("id")]


def rival(cast: Cast, number: int = 60, name: str = "先锋丙", **more: Any) -> Pioneer:
    """Return another pioneer of the organisation here."""
    return recognised(name, somebody(number, name), cast.organisation, cast.city_staff, **more)


def opened(cast: Cast, **more: Any) -> Round:
    """Return a round that takes declarations now; the clock stands at START."""
    return rounds.open_round(rounds.draft(plan(cast, **more), by=cast.staff).pk, by=cast.staff)


def in_review(
    cast: Cast, moment: time_machine.Traveller, pioneers: Sequence[Pioneer], **more: Any
) -> tuple[Round, list[Candidacy]]:
    """Return a round in review with a candidacy of each of `pioneers`; the clock stands an hour after the close."""
    about = opened(cast, **more)
    rows = [declaring.declare(about.pk, one.pk, by=one.spokesperson) for one in pioneers]
    moment.move_to(CLOSE + timedelta(hours=1))
    about = reviewing.close(about.pk, by=cast.staff)
    for row in rows:
        row.refresh_from_db()
    return about, rows


def score_all(about: Round, rows: Sequence[Candidacy], points: Sequence[int]) -> None:
    """Let every reviewer give each candidacy its points."""
    for person in reviewers(about):
        for row, given in zip(rows, points, strict=True):
            reviewing.score(row.pk, {1: given}, by=person)


def ranked(
    cast: Cast,
    moment: time_machine.Traveller,
    pioneers: Sequence[Pioneer],
    points: Sequence[int],
    **more: Any,
) -> tuple[Round, list[Candidacy]]:
    """Return a ranked round."""
    about, rows = in_review(cast, moment, pioneers, **more)
    score_all(about, rows, points)
    about = reviewing.rank(about.pk, by=cast.staff)
    for row in rows:
        row.refresh_from_db()
    return about, rows


def helped(cast: Cast, *pioneers: Pioneer) -> None:
    """Let each have done a service."""
    for one in pioneers:
        closed(cast, one)


def now() -> datetime:
    """Return what the clock says."""
    return clock.now()
